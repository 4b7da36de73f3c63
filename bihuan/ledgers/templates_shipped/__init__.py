"""The ledgers that come with the product: ready to be kept as they are, or changed first."""

from typing import NamedTuple

from bihuan.ledgers.definition import Definition
from bihuan.ledgers.templates_shipped.charging import CHARGING
from bihuan.ledgers.templates_shipped.counted import HARDSHIP, VISITS
from bihuan.ledgers.templates_shipped.farmland import FARMLAND
from bihuan.ledgers.templates_shipped.gardens import GARDENS
from bihuan.ledgers.templates_shipped.relocation import RELOCATION
from bihuan.ledgers.templates_shipped.renovation import RENOVATION
from bihuan.ledgers.templates_shipped.sweeps import SWEEPS


class Shipped(NamedTuple):
    """One of them, by the code that its ledger gets."""

    code: str
    definition: Definition


def shipped() -> tuple[Shipped, ...]:
    """All of them, in the order in which they are offered."""
    found = (GARDENS, CHARGING, RELOCATION, RENOVATION, *SWEEPS, FARMLAND, HARDSHIP, VISITS)
    return tuple(Shipped(one.settings.code, one) for one in found)


__all__ = ["Shipped", "shipped"]
