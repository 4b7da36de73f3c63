"""What ledgers have to do with a case: items linked to it, sweeps that it began, and how to begin one."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.cases.models import Case
from bihuan.cases.neighbours import Neighbour
from bihuan.ledgers import rules
from bihuan.ledgers.models import Item
from bihuan.ledgers.queries.campaigns import campaigns_for
from bihuan.ledgers.queries.items import items_visible_to


def beside_case(user: Any, case: Case) -> Iterator[Neighbour]:
    """Only what this person may see: that a confidential item is linked is nobody else's to know."""
    linked = items_visible_to(user).filter(case_links__case=case).order_by("campaign", "number")
    for item in linked:
        yield Neighbour(
            f"#{item.number} {item.title}",
            reverse("ledgers:item", args=[item.campaign.number, item.number]),
            f"{item.campaign.label} · {_standing(item)}",
            "clipboard-list",
        )
    for campaign in campaigns_for(user).filter(swept_from_case=case):
        yield Neighbour(
            campaign.label,
            reverse("ledgers:campaign", args=[campaign.number]),
            _("look-alike sweep"),
            "repeat",
        )
    if rules.keeps_some(user):
        address = reverse("ledgers:sweep_case", args=[case.number])
        yield Neighbour(_("Look for the same elsewhere"), address, icon="repeat", is_act=True)


def _standing(item: Item) -> str:
    step = item.edition.definition.step(item.step_code) if item.is_open else None
    return str(step.name) if step is not None else item.get_state_display()
