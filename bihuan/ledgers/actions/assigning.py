"""Who an item belongs to, what it is called, and its parts: 分派, 改名, 分户."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import User
from bihuan.audit import record
from bihuan.cases import clocks
from bihuan.core.text import clean
from bihuan.core.verdicts import no
from bihuan.ledgers import rules
from bihuan.ledgers.actions.intake import check_responsible, is_at_work, new_pks, write_items
from bihuan.ledgers.actions.loop import Held, hold, index_words, keep
from bihuan.ledgers.models import Campaign, Item, Passage, Team


@transaction.atomic
def assign_item(item: Item, *, by: Any, team: Team | None = None, responsible: User | None = None) -> Item:
    """Give an item to a team and to the one person who answers for it 包保责任. None takes either away.

    The leader of a team gives its items to its own people; only who runs the campaign gives them elsewhere.
    """
    held = hold("assign", item, by)
    item = held.item
    _check_team(held, team)
    if responsible is not None and (responsible.pk, team) != (item.responsible_id, item.team):
        check_responsible(item.campaign_id, team, responsible)
    changed = {"team": team, "responsible": responsible}
    taken = item.responsible_id if item.responsible_id != getattr(responsible, "pk", None) else None
    item.team, item.responsible = team, responsible
    return keep(
        held,
        "assign",
        list(changed),
        team=team.pk if team else None,
        responsible=responsible.pk if responsible else None,
        taken_from=taken,
    )


def _check_team(held: Held, team: Team | None) -> None:
    item = held.item
    if team is not None and not is_at_work(team, item.campaign_id):
        no("item.other_campaigns_team", _("This team is dissolved, or another campaign's.")).enforce()
    if getattr(team, "pk", None) != item.team_id and rules.runs(item.campaign, held.by) is None:
        no("item.other_team", _("Only who runs the campaign gives items to another team.")).enforce()


@transaction.atomic
def rename_item(item: Item, *, by: Any, title: str) -> Item:
    """Correct what an item is called."""
    held = hold("rename", item, by)
    title = clean(title)[:120]
    if not title:
        no("item.title_missing", _("An item needs a heading.")).enforce()
    held.item.title = title
    index_words(held.item)
    return keep(held, "rename", ["title"])


@transaction.atomic
def split_item(item: Item, *, by: Any, titles: Sequence[str]) -> list[Item]:
    """Split an item 分户: it goes on itself, and each part begins at its step with its answers and past.

    Figures can be had with the parts and without.
    """
    campaign = Campaign.objects.numbering(item.campaign_id)  # before the item: numbers are given out
    held = hold("split", item, by)
    item = held.item
    headings = [clean(title)[:120] for title in titles]
    if not headings or not all(headings):
        no("item.title_missing", _("An item needs a heading.")).enforce()
    if len(headings) > rules.MOST_PARTS:
        no(
            "item.too_many_parts",
            _("An item can be split into at most %(most)s parts at once.") % {"most": rules.MOST_PARTS},
        ).enforce()
    pks = new_pks(len(headings))
    parts = [_part(held, campaign, pk, heading) for pk, heading in zip(pks, headings, strict=True)]
    write_items(parts, at=held.at, by=by)
    campaign.save(update_fields=["items"])
    _inherit(item, parts)
    for part in parts:
        record(
            "item.added",
            part,
            by=by,
            on_behalf_of=held.verdict.on_behalf_of,
            is_first=True,
            campaign=campaign.pk,
            number=part.number,
            step=part.step_code,
            split_from=item.pk,
        )
    keep(held, "split", [], parts=[part.pk for part in parts])
    return parts


def _part(held: Held, campaign: Campaign, pk: int, title: str) -> Item:
    item = held.item
    campaign.items += 1
    part = Item(
        pk=pk,
        campaign=item.campaign,
        edition=item.edition,
        number=campaign.items,
        title=title,
        area=item.area,
        place=item.place,
        lon=item.lon,
        lat=item.lat,
        team=item.team,
        responsible_id=item.responsible_id,
        parent=item,
        path=list(item.path),
        answers=dict(item.answers),
        remind_percent=item.remind_percent,
        step_code=item.step_code,
        blocked_at=item.blocked_at if item.blocked_by_rule else None,
        blocked_why=item.blocked_why if item.blocked_by_rule else "",
        blocked_by_rule=item.blocked_by_rule,
        made_at=held.at,
        changed_at=held.at,
    )
    for name in clocks.CLOCK_FIELDS:  # a split wins nobody time
        setattr(part, name, getattr(item, name))
    return part


def _inherit(item: Item, parts: Sequence[Item]) -> None:
    """What was done before the split was done for each part as well: four eyes go on seeing it."""
    past = list(Passage.objects.filter(item=item, left_at__isnull=False).order_by("pk"))
    for part in parts:
        here = Passage.objects.get(item=part, left_at=None)
        here.delete()
        rows = [*past, here]
        for row in rows:
            row.pk, row.item, row._state.adding = None, part, True
            row.inherited = row.left_at is not None
        Passage.objects.bulk_create(rows)
