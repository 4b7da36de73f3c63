"""Keeping figures in step, building them anew, closing periods, weighing indicators."""

from bihuan.insight.actions.closing import close_periods
from bihuan.insight.actions.counting import count_case, count_missed, count_open
from bihuan.insight.actions.rebuilding import rebuild_figures, rebuild_sums
from bihuan.insight.actions.weighting import set_weights

__all__ = [
    "close_periods",
    "count_case",
    "count_missed",
    "count_open",
    "rebuild_figures",
    "rebuild_sums",
    "set_weights",
]
