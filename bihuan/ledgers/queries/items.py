"""Items that somebody may see: lists with filters, today's work, the search; and the files beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Q, QuerySet
from django.db.models.fields.json import KeyTransform

from bihuan.accounts.models import User
from bihuan.core.clock import local, now
from bihuan.core.paging import Page, page_of
from bihuan.core.text import segment
from bihuan.files.models import Attachment
from bihuan.ledgers import rules
from bihuan.ledgers.models import (
    Campaign,
    CampaignState,
    Item,
    ItemQuerySet,
    ItemState,
    Post,
    Visibility,
)
from bihuan.territory.models import Area
from bihuan.territory.queries import ids_within

MOST_COUNTED = 1_000  # where no figure knows how many there are; beyond them pages say "more than"
ORDERS = {
    "newest": ("-id",),
    "number": ("number",),
    "due": ("due_at", "id"),
    "changed": ("-changed_at", "-id"),
}


def items_visible_to(user: Any) -> ItemQuerySet:
    """Every item this person may see, with the names that pages print; as `rules.sees_item` has it."""
    return Item.objects.filter(_visible(user)).with_names()


def _visible(user: Any) -> Q:
    people = rules.people_for(user)
    if not people:
        return Q(pk__in=())
    posts = Post.objects.current().filter(person__in=people).values_list("campaign", "team")
    campaigns: set[int] = set()
    teams: set[int] = set()
    over_all: set[int] = set()
    for campaign, team in posts:
        campaigns.add(campaign)
        if team is None:
            over_all.add(campaign)
        else:
            teams.add(team)
    own = Q(campaign__in=campaigns, responsible__in=people) | Q(team__in=teams) | Q(campaign__in=over_all)
    seen = own | Q(campaign__in=campaigns, campaign__confidential=False)
    reached = _areas_of(user)
    if reached == set():
        return seen
    open_ones = Q(campaign__confidential=False) & ~Q(campaign__visibility=Visibility.TASK_FORCE)
    return seen | (open_ones if reached is None else open_ones & Q(area__in=reached))


def items_in(user: Any, campaign: Campaign) -> ItemQuerySet:
    """The items of a campaign that this person may see; who sees all of them pays for no condition."""
    rows: ItemQuerySet = campaign.all_items.beside_campaign()
    return rows if sees_all(user, campaign) else rows.filter(_visible(user))


def sees_all(user: Any, campaign: Campaign) -> bool:
    """Whether somebody sees every item of a campaign, so that its figures are theirs as well."""
    parts = rules.parts_of(campaign, user)
    if campaign.confidential:
        return any(one.post.team_id is None for one in parts)
    if parts:
        return True
    return campaign.visibility != Visibility.TASK_FORCE and bool(rules.is_staff(campaign.area, user))


def _areas_of(user: User) -> set[int] | None:
    """The areas in which somebody works; None when these are all of them."""
    found: set[int] = set()
    for held in user.duties_now():
        area = held.area if held.unit is None else held.unit.area
        if area is None or held.kind == "administrator":
            continue
        if area.parent_id is None:
            return None
        found.update(ids_within(area))
    return found


@dataclass(frozen=True)
class ItemFilters:
    """What a list of items is narrowed to; an empty value narrows nothing."""

    text: str = ""
    step: str = ""
    state: str = ""
    team: int | None = None
    area: Area | None = None
    responsible: int | None = None
    place: int | None = None
    late: bool = False
    blocked: bool = False
    parts: bool | None = None
    answers: Mapping[str, Any] | None = None  # field → the value it must have
    figure: str = ""  # a figure's code, or step:… and state:…: the items that add to it
    key: str | None = None  # and, where it is split by a choice, to this part of it

    def narrow(self, items: ItemQuerySet) -> ItemQuerySet:
        exact = {
            "step_code": self.step,
            "state": self.state,
            "team": self.team,
            "responsible": self.responsible,
            "place": self.place,
        }
        items = items.filter(**{name: value for name, value in exact.items() if value not in (None, "")})
        if self.step and not self.state:
            items = items.open()
        if self.area is not None:
            items = items.filter(area__in=ids_within(self.area))
        if self.late:
            items = items.open().filter(overdue_at__isnull=False)
        if self.blocked:
            items = items.open().filter(blocked_at__isnull=False)
        if self.parts is not None:
            items = items.filter(parent__isnull=not self.parts)
        for name, value in (self.answers or {}).items():
            items = items.filter(answers__contains={name: value})
        if self.figure:
            items = items.filter(counts__figures__has_key=self.figure)
            if self.key is not None:
                items = items.alias(_adds=_adds_to(self.figure, self.key)).filter(_adds__isnull=False)
        return items.filter(_finds(self.text)) if self.text.strip() else items


def _adds_to(figure: str, key: str) -> KeyTransform:
    """What an item adds to a part of a figure now, as it is kept with the item; null where it adds none."""
    return KeyTransform(key, KeyTransform(figure, KeyTransform("figures", "counts")))


def _finds(text: str) -> Q:
    """By its number (#12 by nothing else), or by words of its heading, place and answers."""
    typed = text.strip().lstrip("#")
    is_number = typed.isdecimal() and len(typed) < 10
    if is_number and typed != text.strip():
        return Q(number=int(typed))
    words = segment(text)
    found = Q(search=SearchQuery(" & ".join(words.split()), search_type="raw", config="simple"))
    if not words:
        found = Q(title__icontains=text.strip())
    if is_number:
        found |= Q(number=int(typed))
    return found


def items_of(
    user: Any,
    campaign: Campaign,
    query: Mapping[str, str],
    *,
    filters: ItemFilters | None = None,
    order: str = "newest",
    size: int = 30,
) -> Page[Item]:
    """One page of a campaign's items that this person may see; costs the same wherever it is.

    In the order of what is due are only those that are due at all.
    """
    items = _found(user, campaign, filters, order)
    return page_of(items, query, key=ORDERS.get(order, ORDERS["newest"]), size=size)


@dataclass(frozen=True)
class Hits:
    """How many items all pages of a list have together, counted to a bound."""

    count: int
    is_more: bool


def hits_of(
    user: Any, campaign: Campaign, *, filters: ItemFilters | None = None, order: str = "newest"
) -> Hits:
    """How many items `items_of` finds with the same filters."""
    count = _found(user, campaign, filters, order).order_by().values("pk")[: MOST_COUNTED + 1].count()
    return Hits(min(count, MOST_COUNTED), count > MOST_COUNTED)


def _found(user: Any, campaign: Campaign, filters: ItemFilters | None, order: str) -> ItemQuerySet:
    items = items_in(user, campaign)
    if filters is not None:
        items = filters.narrow(items)
    return items.open().filter(due_at__isnull=False) if order == "due" else items


@dataclass(frozen=True)
class Today:
    """What somebody has to do: what is late, what is due by tonight, what is theirs besides."""

    late: list[Item]
    due: list[Item]
    others: list[Item]


TODAY_ROWS = 50


def my_items(user: Any, *, rows: int = TODAY_ROWS) -> Today:
    """Today's list: the items that this person answers for, or those they stand in for, most urgent first."""
    mine = (
        items_visible_to(user)
        .open()
        .filter(responsible__in=rules.people_for(user), campaign__state=CampaignState.RUNNING)
        .order_by(F("due_at").asc(nulls_last=True), "pk")[:rows]
    )
    rules.learn_parts([item.campaign for item in mine], user)
    here = local(now())
    tonight = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    late, due, others = [], [], []
    for item in mine:
        if item.overdue_at is not None or (item.due_at is not None and item.due_at < here):
            late.append(item)
        elif item.due_at is not None and item.due_at < tonight:
            due.append(item)
        else:
            others.append(item)
    return Today(late, due, others)


def team_items(user: Any) -> ItemQuerySet:
    """Open items of the teams this person is in, for which nobody answers yet."""
    posts = Post.objects.current().filter(person__in=rules.people_for(user), team__isnull=False)
    # Read apart: of a subquery the planner cannot know that it is empty, and looks at every open item.
    teams = set(posts.values_list("team", flat=True))
    running = {"campaign__state": CampaignState.RUNNING}
    return items_visible_to(user).open().filter(team__in=teams, responsible=None, **running)


def item_numbered(user: Any, campaign: str, number: int) -> QuerySet[Item]:
    """The item with this number in the campaign with that one, if this person may see it."""
    return items_visible_to(user).filter(campaign__number=campaign, number=number)


def item_by_own_code(code: str) -> QuerySet[Item]:
    """The file that a household opens with its own code; of what was dropped there is none."""
    rows = Item.objects.filter(own_code=code.strip().upper()).exclude(state=ItemState.DROPPED)
    return rows.with_names()


def sees_item_file(user: Any, attachment: Attachment) -> bool:
    """Whether somebody may see a file beside an item: whoever sees the item."""
    return Item.objects.filter(_visible(user), pk=attachment.subject_id).exists()
