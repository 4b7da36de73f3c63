"""The room's jobs: answers kept for a day are forgotten."""

from bihuan.api import actions
from bihuan.audit import every


@every("day")
def forget_answers() -> None:
    actions.forget_answers()
