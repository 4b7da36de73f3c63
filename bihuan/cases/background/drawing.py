"""Drawing by lot what somebody else looks at."""

import secrets

from bihuan.audit import on
from bihuan.audit.models import Entry
from bihuan.cases import actions
from bihuan.cases.background.telling import case_of


@on("case.self_handled")
def draw_spot_check(entry: Entry) -> None:
    """Draw by lot, as often as the matter's share says, from the machine's own randomness.

    A worker process draws once what was done has been committed: note and photos are on record by then, no
    earlier step knows the outcome, and the page answers the grid worker before the lot is drawn, so that
    neither it nor the time it takes can tell. Nobody can foresee a check, or make up for it afterwards.
    """
    case = case_of(entry)
    assert case.matter is not None
    if secrets.randbelow(100) >= case.matter.spot_check_share:
        actions.close_undrawn_case(case)
