"""Keeping the store tidy: what nobody attached goes after two days."""

from bihuan.audit import every
from bihuan.files import actions


@every("day")
def sweep() -> None:
    actions.sweep_unattached()
    actions.sweep_orphans()
