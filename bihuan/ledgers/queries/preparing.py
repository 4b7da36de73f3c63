"""What the settings of a campaign show: milestones, editions in use, sweeps that began here."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from bihuan.core.clock import local, now, today
from bihuan.ledgers import spreads
from bihuan.ledgers.definition import Change, Figure, changes
from bihuan.ledgers.models import Campaign, Edition, Item, ItemState, Milestone, Post, Team
from bihuan.ledgers.queries.campaigns import campaigns_for
from bihuan.ledgers.queries.editions import Moved, move_shown
from bihuan.ledgers.queries.items import items_in, sees_all
from bihuan.territory.models import AreaKind, AreaQuerySet
from bihuan.territory.queries import areas_in_tree

MOST = 200  # items that are shown, and moved, at once


@dataclass(frozen=True)
class MilestoneShown:
    """A milestone with its figure and how far it is reached."""

    milestone: Milestone
    figure: Figure | None
    reached: Decimal | None  # None where this person may not know

    @property
    def percent(self) -> int | None:
        amount = self.milestone.amount
        return int(self.reached * 100 // amount) if amount and self.reached is not None else None

    @property
    def is_reached(self) -> bool:
        return self.reached is not None and self.reached >= self.milestone.amount

    @property
    def is_late(self) -> bool:
        return self.reached is not None and not self.is_reached and self.milestone.on < today()


def milestones_shown(user: Any, campaign: Campaign) -> list[MilestoneShown]:
    """The milestones of a campaign with what their figures came to until now, in two queries.

    How far those of a confidential campaign are reached, only who is over all its teams knows.
    """
    rows = list(campaign.milestones.all())
    if campaign.confidential and not sees_all(user, campaign):
        known = {figure.code: figure for figure in campaign.edition.definition.figures}
        return [MilestoneShown(one, known.get(one.figure), None) for one in rows]
    totals = spreads.totals(campaign, {one.figure for one in rows}, today())
    known = {figure.code: figure for figure in campaign.edition.definition.figures}
    return [MilestoneShown(one, known.get(one.figure), totals.get(one.figure, Decimal(0))) for one in rows]


@dataclass(frozen=True)
class EditionUsed:
    """An edition under which items of a campaign still are, and how many at least."""

    edition: Edition
    items: int

    @property
    def is_more(self) -> bool:
        return self.items > MOST


def editions_in_use(user: Any, campaign: Campaign) -> list[EditionUsed]:
    """The other editions under which open items are that somebody sees, newest first; counted no further than
    needed.
    """
    seen = items_in(user, campaign).filter(state=ItemState.OPEN).order_by()
    others = campaign.edition.ledger.editions.exclude(pk=campaign.edition_id)
    found = []
    for edition in others.defer("content").order_by("-number"):
        count = seen.filter(edition=edition)[: MOST + 1].count()
        if count:
            found.append(EditionUsed(edition, count))
    return found


def newer_edition(campaign: Campaign) -> Edition | None:
    """The newest edition of the ledger, where the campaign does not use it."""
    newest = campaign.edition.ledger.editions.order_by("-number").first()
    return newest if newest is not None and newest.pk != campaign.edition_id else None


@dataclass(frozen=True)
class Moving:
    """What moving the open items of one edition to that of the campaign would mean."""

    edition: Edition
    changes: list[Change]
    items: list[tuple[Item, Moved]]
    gone: list[tuple[str, str]]  # steps that the new edition has not and at which items stand: code, name
    is_more: bool

    @property
    def losing(self) -> int:
        return sum(1 for _item, moved in self.items if moved.lost)


def moving(campaign: Campaign, edition: Edition, seen: QuerySet[Item]) -> Moving:
    """The items of an edition that somebody sees, each with what it would lose, and what differs at all."""
    rows = list(
        seen.filter(edition=edition, state=ItemState.OPEN)
        .select_related("edition")
        .order_by("number")[: MOST + 1]
    )
    at = local(now())
    shown = [(item, move_shown(item, campaign.edition, at=at)) for item in rows[:MOST]]
    old = edition.definition
    gone = {item.step_code for item, moved in shown if not moved.step_stays}
    names = [(one.code, str(one.name or one.code)) for one in old.steps if one.code in gone]
    return Moving(edition, changes(old, campaign.edition.definition), shown, names, len(rows) > MOST)


def edition_of(campaign: Campaign, number: int) -> QuerySet[Edition]:
    """An edition of the ledger of a campaign, by its number."""
    return campaign.edition.ledger.editions.filter(number=number)


def sweeps_of(user: Any, campaign: Campaign) -> QuerySet[Campaign]:
    """The look-alike sweeps that began with something found here, as far as somebody may see them."""
    return campaigns_for(user).filter(swept_from_item__campaign=campaign)


def still_open(user: Any, campaign: Campaign) -> int | None:
    """How many items are open still; None where this person may not know."""
    if campaign.confidential and not sees_all(user, campaign):
        return None
    return int(spreads.totals(campaign, ["state:open"], today()).get("state:open", 0))


def missing_before_begin(campaign: Campaign) -> Mapping[str, Any]:
    """What somebody may want to see to before a campaign begins; none of it stops it."""
    roles = campaign.edition.definition.roles
    filled = set(Post.objects.current().filter(campaign=campaign).values_list("role", flat=True))
    return {
        "teams": not campaign.teams.filter(retired_at=None).exists(),
        "roles": [role for role in roles if role not in filled],
        "milestones": not campaign.milestones.exists(),
    }


def areas_for_teams(campaign: Campaign) -> AreaQuerySet:
    """The areas that a team may have: within the campaign's; of a whole district no grids, which are many."""
    areas = areas_in_tree().filter(path__startswith=campaign.area.path).exclude(kind=AreaKind.MICROGRID)
    return areas.exclude(kind=AreaKind.GRID) if campaign.area.kind == AreaKind.DISTRICT else areas


def teams_of(campaign: Campaign) -> QuerySet[Team]:
    """The teams of a campaign, dissolved ones not."""
    return campaign.teams.filter(retired_at=None)


def posts_of(campaign: Campaign) -> QuerySet[Post]:
    """The places in a task force that are taken now."""
    return Post.objects.current().filter(campaign=campaign).select_related("person", "team")
