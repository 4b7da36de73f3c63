"""Drawing by lot what somebody else looks at."""

import secrets

from bihuan.audit import on
from bihuan.audit.models import Entry
from bihuan.cases import actions
from bihuan.cases.background.telling import case_of

SPOT_CHECKS_IN_100 = 10  # at least 5 of what is handled on the spot is looked at by somebody else


@on("case.self_handled")
def draw_spot_check(entry: Entry) -> None:
    """Draw by lot, after the fact and from the machine's own randomness: nobody can foresee it."""
    if secrets.randbelow(100) >= SPOT_CHECKS_IN_100:
        actions.close_undrawn_case(case_of(entry))
