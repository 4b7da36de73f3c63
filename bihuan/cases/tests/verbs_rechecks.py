"""The verb of re-checks, once."""

from typing import Any

from bihuan.cases import actions
from bihuan.cases.models import Case, RecheckReason
from bihuan.cases.tests.verb import Verb


def drawn(case: Case, _cast: Any = None) -> Case:
    """The case, drawn for a re-check."""
    actions.draw_recheck(case, why=RecheckReason.LOT)
    case.refresh_from_db()
    return case


VERBS = {
    "recheck": Verb(
        "closed",
        "district_inspector",
        "closed",
        lambda case, by, cast, photos: actions.recheck_case(case, by=by, held=True, note="", photos=photos),
        before=drawn,
    ),
}
