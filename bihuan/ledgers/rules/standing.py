"""What somebody is in a campaign: their posts, those of people they stand in for, and their duties there."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bihuan.accounts.models import DutyKind, Held, User
from bihuan.accounts.rules import held as held_by
from bihuan.ledgers.definition import Step
from bihuan.ledgers.definition.model import RESPONSIBLE, ROLE, TEAM, TEAM_LEADER
from bihuan.ledgers.models import LEADER, MEMBER, Campaign, Item, Post, Visibility
from bihuan.territory.models import Area

KEEPERS = (DutyKind.CLERK, DutyKind.DISPATCHER, DutyKind.ADMINISTRATOR)
ANYBODY_OF_THE_TEAM = (RESPONSIBLE, TEAM)  # who takes a step of which the ledger does not say
WHOLE_FORCE = "force/"  # by what every item of a campaign is seen


@dataclass(frozen=True)
class Part:
    """A post that somebody may act by today: their own, or that of a person they stand in for."""

    post: Post
    on_behalf_of: User | None = None


@dataclass(frozen=True)
class Person:
    """A right that rests on who somebody is, not on a duty or post."""

    on_behalf_of: User | None = None


Right = Part | Person | Held


def people_for(user: Any) -> dict[int, User | None]:
    """Who this person may act as today: themselves, and whoever they stand in for."""
    return user.acts_for() if isinstance(user, User) else {}


def parts_of(campaign: Campaign, user: Any) -> list[Part]:
    """The posts by which this person may act in a campaign, own ones first; read once for each campaign."""
    people = people_for(user)
    if not people:
        return []
    known: dict[int, list[Part]] = campaign.__dict__.setdefault("_parts", {})
    if user.pk not in known:
        posts = Post.objects.current().filter(campaign=campaign, person__in=people).order_by("pk")
        parts = [Part(post, people[post.person_id]) for post in posts]
        known[user.pk] = sorted(parts, key=lambda part: part.on_behalf_of is not None)
    return known[user.pk]


def learn_parts(campaigns: Collection[Campaign], user: Any) -> None:
    """Read somebody's posts in several campaigns at once, so that a list asks no more for each."""
    people = people_for(user)
    found: dict[int, list[Part]] = {campaign.pk: [] for campaign in campaigns}
    if not people or not found:
        return
    for post in Post.objects.current().filter(campaign__in=found, person__in=people).order_by("pk"):
        found[post.campaign_id].append(Part(post, people[post.person_id]))
    for campaign in campaigns:
        parts = sorted(found[campaign.pk], key=lambda part: part.on_behalf_of is not None)
        campaign.__dict__.setdefault("_parts", {})[user.pk] = parts


def keeps_ledgers(user: Any, area: Area) -> Held | None:
    """The duty by which somebody keeps ledgers and makes campaigns in an area."""
    found = (held_by(user, kind, area=area) for kind in KEEPERS)
    return next((one for one in found if one), None)


def leads(campaign: Campaign, user: Any) -> Part | None:
    """Whether somebody leads the task force as a whole."""
    parts = parts_of(campaign, user)
    return next((one for one in parts if one.post.role == LEADER and one.post.team_id is None), None)


def areas_of_keeping(user: Any) -> list[Area]:
    """The areas in which somebody keeps ledgers by a duty of their own or one that they stand in for."""
    if not isinstance(user, User):
        return []
    found = {held.area.pk: held.area for held in user.duties_now() if held.kind in KEEPERS and held.area}
    return list(found.values())


def keeps_some(user: Any) -> bool:
    """Whether somebody keeps ledgers of any area at all."""
    return bool(areas_of_keeping(user))


def works_with_ledgers(user: Any) -> bool:
    """Whether campaigns are something for this person: for staff, and whoever is on a task force."""
    if not isinstance(user, User):
        return False
    if user.duties_now():
        return True
    return Post.objects.current().filter(person__in=people_for(user)).exists()


def runs(campaign: Campaign, user: Any) -> Right | None:
    """By what somebody runs a campaign: the task force's leader, or whoever keeps ledgers there."""
    return leads(campaign, user) or keeps_ledgers(user, campaign.area)


def leads_item(item: Item, user: Any) -> Right | None:
    """By what somebody decides about an item: running its campaign, or leading its team."""
    return runs(item.campaign, user) or _by_post(item, user, _is_leader)


def belongs_to(item: Item, user: Any) -> Right | None:
    """By what somebody works on an item: responsible for it, of its team, or over all teams."""
    return _responsible(item, user) or _by_post(item, user, _reaches)


def is_staff(area: Area, user: Any) -> Held | None:
    """The duty by which somebody works in this area; running the installation is none."""
    if not isinstance(user, User):
        return None
    for held in _working(user):
        where = held.area if held.unit is None else held.unit.area
        if where is not None and where.covers(area):
            return held
    return None


def sees_item(item: Item, user: Any) -> bool:
    """Whether somebody sees an item; `queries.items_visible_to` finds the same ones."""
    campaign = item.campaign
    parts = parts_of(campaign, user)
    if campaign.confidential:
        mine = item.responsible_id in people_for(user)
        return any(mine or one.post.team_id in (None, item.team_id) for one in parts)
    if parts:
        return True
    return campaign.visibility != Visibility.TASK_FORCE and is_staff(item.area, user) is not None


def sees_items_of(campaign: Campaign, user: Any) -> bool:
    """Whether somebody may see any item of a campaign, so that its lists are pages for them."""
    if parts_of(campaign, user):
        return True
    return campaign.visibility != Visibility.TASK_FORCE and _works_near(campaign.area, user)


def scope_of_items(campaign: Campaign, user: Any) -> list[str]:
    """By what somebody sees items of a campaign today: the task force as a whole, teams of it, areas."""
    parts = parts_of(campaign, user)
    if parts and (not campaign.confidential or any(one.post.team_id is None for one in parts)):
        return [WHOLE_FORCE]
    found = {f"team {one.post.team_id}/" for one in parts}
    if isinstance(user, User) and not campaign.confidential and campaign.visibility != Visibility.TASK_FORCE:
        places = (held.area if held.unit is None else held.unit.area for held in _working(user))
        found.update(f"area {one.path}" for one in places if one is not None)
    return sorted(found)


def _works_near(area: Area, user: Any) -> bool:
    """Whether somebody works in this area, in one that holds it, or in a part of it."""
    if not isinstance(user, User):
        return False
    places = (held.area if held.unit is None else held.unit.area for held in _working(user))
    return any(one.covers(area) or area.covers(one) for one in places if one is not None)


def _working(user: User) -> list[Held]:
    return [held for held in user.duties_now() if held.kind != DutyKind.ADMINISTRATOR]


def may_take(step: Step, item: Item, user: Any) -> Right | None:
    """By what somebody may take this step of an item."""
    return fits(step.who or ANYBODY_OF_THE_TEAM, item, user)


def fits(words: tuple[str, ...], item: Item, user: Any) -> Right | None:
    """By which of these words (duties, team, team_leader, responsible, role:…) somebody may act; own rights
    come before those of an absent person.
    """
    found = [right for word in words if (right := _as(word, item, user)) is not None]
    return min(found, key=lambda right: right.on_behalf_of is not None, default=None)


def _as(word: str, item: Item, user: Any) -> Right | None:
    if word == RESPONSIBLE:
        return _responsible(item, user)
    if word == TEAM:
        return _by_post(item, user, _reaches)
    if word == TEAM_LEADER:
        return _by_post(item, user, _is_leader)
    if word.startswith(ROLE):
        role = word.removeprefix(ROLE)
        return _by_post(item, user, lambda post, _item: post.role == role)
    if word == DutyKind.HANDLER:
        return _as_handler(item, user)
    return held_by(user, word, area=item.area)


def _responsible(item: Item, user: Any) -> Person | None:
    people = people_for(user)
    return Person(people[item.responsible_id]) if item.responsible_id in people else None


def _by_post(item: Item, user: Any, fit: Any) -> Part | None:
    """The post by which somebody may act, in the item's team or over all teams."""
    for part in parts_of(item.campaign, user):
        near = part.post.team_id is None or item.team_id in (None, part.post.team_id)
        if near and fit(part.post, item):
            return part
    return None


def _reaches(post: Post, item: Item) -> bool:
    """A role such as the legal adviser's makes nobody a member of every team."""
    return post.role in (LEADER, MEMBER) or (post.team_id is not None and post.team_id == item.team_id)


def _is_leader(post: Post, _item: Item) -> bool:
    return post.role == LEADER


def _as_handler(item: Item, user: Any) -> Right | None:
    """Handlers belong to units, and a unit to an area or to the whole district: then a post says where."""
    if not isinstance(user, User):
        return None
    for held in user.duties_now():
        if held.unit is None or held.kind != DutyKind.HANDLER:
            continue
        if held.unit.area is not None and held.unit.area.covers(item.area):
            return held
        if parts_of(item.campaign, user):
            return held
    return None
