"""Through which channel somebody reports on the web page, and how often a visitor may."""

from typing import Any

from bihuan.accounts.models import DutyKind
from bihuan.accounts.rules import held
from bihuan.cases.models import Channel
from bihuan.core.visitors import Limit

# Many neighbours can share one address of a mobile network; a flood is more than they write.
VISITORS = Limit("web_report", times=30, seconds=600)


def is_grid_worker(user: Any) -> bool:
    return bool(held(user, DutyKind.GRID_WORKER))


def channel_of(user: Any) -> str:
    """A grid worker's report is one of the rounds; everybody else's is a resident's."""
    return Channel.GRID if is_grid_worker(user) else Channel.WEB
