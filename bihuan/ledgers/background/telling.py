"""Who is told of what happens to an item: who answers for it, and who leads its team."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import User
from bihuan.accounts.queries import with_stand_ins
from bihuan.audit import on
from bihuan.audit.models import Entry
from bihuan.ledgers.addresses import campaign_address, item_address
from bihuan.ledgers.models import LEADER, Campaign, Item, Post
from bihuan.notices.actions import tell
from bihuan.notices.kinds import DEADLINES, register

ITEM = _("%(campaign)s, no. %(number)s")

register("item.assigned", title=_("You answer for: %(title)s"), body=ITEM)
register("item.sent_back", title=_("Sent back: %(title)s"), body=ITEM)
register("item.reminded", title=_("The limit is nearly used: %(title)s"), body=ITEM, group=DEADLINES)
register("item.became_overdue", title=_("Overdue: %(title)s"), body=ITEM, group=DEADLINES)
register("item.grace_ended", title=_("The grace period is over: %(title)s"), body=ITEM, group=DEADLINES)
register("item.blocked", title=_("Reported as blocked: %(title)s"), body=ITEM)
register(
    "item.case_ended", title=_("The case is closed, but the step still needs something: %(title)s"), body=ITEM
)
register("item.case_dropped", title=_("Its case ended without being dealt with: %(title)s"), body=ITEM)
register("campaign.joined", title=_("You are in the task force: %(title)s"))


def tell_of(entry: Entry, people: Iterable[User], kind: str) -> None:
    """Of a confidential item only its number is told: notices go out by e-mail as well."""
    item: Item = entry.subject()
    number = f"#{item.number}"
    tell(
        people,
        kind,
        subject=item,
        entry=entry,
        url=item_address(item),
        params={
            "title": number if item.campaign.confidential else item.title,
            "campaign": _named(item.campaign),
            "number": item.number,
        },
    )


def _named(campaign: Campaign) -> dict[str, str]:
    """What a campaign is called, in the language of whoever reads it."""
    return {"zh": campaign.name, "en": campaign.name_en or campaign.name}


def responsible_for(item: Item) -> list[User]:
    """Who answers for an item, and who stands in for them."""
    if item.responsible_id is None:
        return []
    return list(with_stand_ins(User.objects.filter(pk=item.responsible_id).values("pk")))


def leaders_of(item: Item) -> list[User]:
    """Who leads the item's team; where it has none, or the team no leader, who leads the task force."""
    posts = Post.objects.current().filter(campaign=item.campaign_id, role=LEADER)
    own = posts.filter(team=item.team_id) if item.team_id is not None else posts.none()
    chosen = own if own.exists() else posts.filter(team=None)
    return list(with_stand_ins(chosen.values("person")))


def together(*groups: Iterable[User]) -> list[User]:
    return list({person.pk: person for group in groups for person in group}.values())


@on("item.reminded", "item.became_overdue", "item.grace_ended", "item.case_ended", "item.case_dropped")
def tell_responsible_and_leader(entry: Entry) -> None:
    item: Item = entry.subject()
    tell_of(entry, together(responsible_for(item), leaders_of(item)), entry.verb)


@on("item.assigned")
def tell_who_answers_now(entry: Entry) -> None:
    item: Item = entry.subject()
    if entry.data.get("responsible") not in (None, entry.by_id):
        tell_of(entry, responsible_for(item), entry.verb)


@on("item.sent_back")
def tell_who_does_it_again(entry: Entry) -> None:
    item: Item = entry.subject()
    people = together(responsible_for(item), leaders_of(item))
    tell_of(entry, [person for person in people if person.pk != entry.by_id], entry.verb)


@on("item.blocked")
def tell_leader_of_block(entry: Entry) -> None:
    item: Item = entry.subject()
    tell_of(entry, [person for person in leaders_of(item) if person.pk != entry.by_id], entry.verb)


@on("campaign.joined")
def tell_new_member(entry: Entry) -> None:
    campaign: Campaign = entry.subject()
    person: Any = User.objects.filter(pk=entry.data["person"]).first()
    if person is not None and person.pk != entry.by_id:
        tell(
            [person],
            entry.verb,
            subject=campaign,
            entry=entry,
            url=campaign_address(campaign),
            params={"title": _named(campaign)},
        )
