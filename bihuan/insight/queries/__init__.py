"""Reads of figures; the user is the first argument wherever rights matter.

For the API: `view_for(user, {"period": "2025-07", "area": "5", …})` says what somebody may look at (None: not
theirs to see), `figures_for(view)` gives every indicator of it, `catalogue.definitions()` what each means.
"""

from bihuan.insight.queries.behind import BOTTOM, KEYS, TOP, Shown, indicator_named, lines_behind, shown_for
from bihuan.insight.queries.figures import (
    SCORE,
    Closing,
    Figure,
    Figures,
    Line,
    closing_of,
    figures_for,
    lines_by_area,
    lines_by_matter,
    lines_by_unit,
    score_of,
    shown_in,
    weightings,
    weights_of,
    weights_on,
)
from bihuan.insight.queries.nights import nights_missing
from bihuan.insight.queries.page import FIRST, NumbersPage, page_for, sheets_of, total_behind
from bihuan.insight.queries.scope import (
    View,
    areas_to_choose,
    matters_to_choose,
    units_to_choose,
    view_for,
)
from bihuan.insight.queries.sums import Sums

__all__ = [
    "BOTTOM",
    "FIRST",
    "KEYS",
    "SCORE",
    "TOP",
    "Closing",
    "Figure",
    "Figures",
    "Line",
    "NumbersPage",
    "Shown",
    "Sums",
    "View",
    "areas_to_choose",
    "closing_of",
    "figures_for",
    "indicator_named",
    "lines_behind",
    "lines_by_area",
    "lines_by_matter",
    "lines_by_unit",
    "matters_to_choose",
    "nights_missing",
    "page_for",
    "score_of",
    "sheets_of",
    "shown_for",
    "shown_in",
    "total_behind",
    "units_to_choose",
    "view_for",
    "weightings",
    "weights_of",
    "weights_on",
]
