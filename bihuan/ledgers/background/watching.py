"""What time does to items."""

from bihuan.audit import every
from bihuan.ledgers import actions


@every("minute")
def watch_items() -> None:
    actions.take_due_item_steps()
