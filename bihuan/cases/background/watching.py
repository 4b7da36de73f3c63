"""What time does to cases, and to what is kept about people."""

from bihuan.audit import every
from bihuan.cases import actions


@every("day")
def forget_contacts() -> None:
    actions.erase_contacts()


@every("minute")
def watch_limits() -> None:
    actions.take_due_steps()
