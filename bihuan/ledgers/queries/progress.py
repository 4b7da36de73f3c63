"""The overview of one campaign: its figures by team, area and day. It costs days × teams, never items."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bihuan.core.clock import local, now, today
from bihuan.ledgers import figures, rules, spreads
from bihuan.ledgers.addresses import table_address
from bihuan.ledgers.definition import Definition, Figure
from bihuan.ledgers.definition.model import BY_STEP, FIELD, STEP
from bihuan.ledgers.models import Campaign, CampaignState, ItemState, Visibility
from bihuan.ledgers.queries.items import MOST_COUNTED, items_in
from bihuan.ledgers.queries.knowing import WHOLE, Scope, Value, amount_for, scope_of, value_for
from bihuan.ledgers.queries.preparing import MilestoneShown, milestones_shown
from bihuan.territory.models import Area
from bihuan.territory.queries import all_areas

OPEN, FINISHED, BLOCKED = "state:open", "state:finished", "state:blocked"
COLUMNS = 4  # figures that the tables of teams and areas show, besides open and blocked items
MOST_DAYS = 100  # in the curve; a longer campaign is shown by weeks
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Line:
    """A number with a name, and the list of what it counts."""

    label: Any
    amount: Decimal | None
    url: str = ""
    is_more: bool = False


@dataclass(frozen=True)
class Card:
    """A figure: what it came to, by its choices, with and without the parts of split items."""

    value: Value
    url: str
    of_all: Decimal | None = None  # what the whole campaign came to, where the value is that of a team
    without_parts: Decimal | None = None
    choices: tuple[Line, ...] = ()

    @property
    def code(self) -> str:
        return self.value.figure.code


@dataclass(frozen=True)
class Row:
    """A team or an area with its numbers, in the order of the columns."""

    label: Any
    cells: tuple[Line, ...]
    url: str = ""


@dataclass(frozen=True)
class Day:
    """A point of the curve: what the figure came to, what that day added, what was to be reached."""

    day: date
    amount: Decimal | None
    added: Decimal | None
    goal: Decimal | None


@dataclass(frozen=True)
class Overview:
    scope: Scope
    states: tuple[Line, ...]
    cards: tuple[Card, ...]
    steps: tuple[Line, ...]
    columns: tuple[Any, ...]
    teams: tuple[Row, ...]
    areas: tuple[Row, ...]
    chosen: Figure | None
    curve: tuple[Day, ...]
    milestones: tuple[MilestoneShown, ...]

    @property
    def has_goals(self) -> bool:
        """Whether the curve has milestones beside it."""
        return any(point.goal is not None for point in self.curve)


def overview_of(user: Any, campaign: Campaign, *, figure: str = "") -> Overview:
    """Everything that the overview shows to this person; as many queries for any campaign."""
    return _Maker(user, campaign).overview(figure)


def public_campaign(number: str) -> QuerySet[Campaign]:
    """The campaign of this number, if its numbers are for everybody; none that is in preparation."""
    rows = Campaign.objects.filter(number=number, visibility=Visibility.PUBLIC, confidential=False)
    return rows.exclude(state=CampaignState.DRAFT).select_related("edition__ledger").defer("edition__content")


def public_overview(campaign: Campaign, *, figure: str = "") -> Overview:
    """What everybody may know of it: its figures and its curve, no teams, no lists, nobody's delay."""
    shown = _Maker(None, campaign).overview(figure)
    return replace(shown, states=shown.states[:2], teams=(), areas=(), steps=())


class _Maker:
    """Puts the overview of a campaign together, for one person or for everybody (None)."""

    def __init__(self, user: Any, campaign: Campaign) -> None:
        self.user, self.campaign = user, campaign
        self.scope = scope_of(user, campaign) if user is not None else WHOLE
        self.definition: Definition = campaign.edition.definition
        self.lists = user is not None and rules.sees_items_of(campaign, user)
        self.shown = self.definition.figures[:COLUMNS]
        self.goals: dict[str, Decimal] = {}

    def overview(self, chosen: str) -> Overview:
        codes = [figure.code for figure in self.definition.figures]
        steps = [f"{STEP}{step.code}" for step in self.definition.steps]
        wanted = [*codes, *(f"{code}{figures.PARTS}" for code in codes), *steps, OPEN, FINISHED, BLOCKED]
        day = today()
        if self.scope.is_outside:
            totals = spreads.totals(self.campaign, wanted, day)
            return Overview(
                self.scope, self._states(totals), self._cards(totals, {}, {}), (), (), (), (), None, (), ()
            )
        spread = spreads.spread(
            self.campaign,
            wanted,
            day,
            split=[*(one.code for one in self.shown), OPEN, BLOCKED],
            keyed=[one.code for one in self.definition.figures if _choices_of(one)],
            teams=self.scope.teams or None,
        )
        of_all = {} if self.scope.whole else spreads.totals(self.campaign, codes, day)
        figure = next((one for one in self.definition.figures if one.code == chosen), None)
        figure = figure or next(iter(self.definition.figures), None)
        milestones = tuple(milestones_shown(self.user, self.campaign)) if self.scope.whole else ()
        for one in milestones:
            code, amount = one.milestone.figure, one.milestone.amount
            self.goals[code] = max(amount, self.goals.get(code, amount))
        return Overview(
            self.scope,
            self._states(spread.total),
            self._cards(spread.total, spread.by_key, of_all),
            self._steps(spread.total),
            tuple(one.name or one.code for one in self.shown),
            self._teams(spread.by_team),
            self._areas(spread.by_area),
            figure,
            self._curve(figure, milestones),
            milestones,
        )

    def _link(self, **narrowed: object) -> str:
        return table_address(self.campaign, **narrowed) if self.lists else ""

    # -- numbers

    def _states(self, totals: Mapping[str, Decimal]) -> tuple[Line, ...]:
        late = self._overdue()
        lines = [
            Line(pgettext("items", "open"), totals.get(OPEN, NOTHING), self._link(state="open")),
            Line(pgettext("items", "finished"), totals.get(FINISHED, NOTHING), self._link(state="finished")),
            Line(pgettext("items", "blocked"), totals.get(BLOCKED, NOTHING), self._link(blocked="on")),
            Line(
                pgettext("items", "overdue"),
                Decimal(min(late, MOST_COUNTED)),
                self._link(late="on"),
                late > MOST_COUNTED,
            ),
        ]
        return tuple(
            Line(
                one.label, amount_for(self.scope, self.campaign, one.amount or NOTHING), one.url, one.is_more
            )
            for one in lines
        )

    def _overdue(self) -> int:
        """How many are overdue, counted to a bound, along the index of the board."""
        own = bool(self.scope.teams)
        items = items_in(self.user, self.campaign) if own else self.campaign.all_items
        late = items.filter(
            state=ItemState.OPEN,
            step_code__in=[step.code for step in self.definition.steps],
            due_at__lte=now(),
            overdue_at__isnull=False,
        )
        return late.order_by()[: MOST_COUNTED + 1].count()

    def _cards(
        self,
        totals: Mapping[str, Decimal],
        by_key: Mapping[tuple[str, str], Decimal],
        of_all: Mapping[str, Decimal],
    ) -> tuple[Card, ...]:
        return tuple(self._card(one, totals, by_key, of_all) for one in self.definition.figures)

    def _card(
        self,
        figure: Figure,
        totals: Mapping[str, Decimal],
        by_key: Mapping[tuple[str, str], Decimal],
        of_all: Mapping[str, Decimal],
    ) -> Card:
        amount = totals.get(figure.code, NOTHING)
        parts = totals.get(f"{figure.code}{figures.PARTS}", NOTHING)
        keys = [(key, part) for (code, key), part in by_key.items() if code == figure.code and key.strip("|")]
        # Where nobody asks for it, nothing is told of the others in a confidential campaign.
        others = of_all.get(figure.code, NOTHING) - amount if of_all else NOTHING
        whole = figures.leaves(self.campaign, amount + others) if of_all else None
        if figures.leaves(self.campaign, others) is None or not figures.is_count_of_items(figure):
            whole = None
        return Card(
            value_for(self.scope, self.campaign, figure, amount, goal=self.goals.get(figure.code)),
            self._link(figure=figure.code),
            whole,
            amount - parts if parts and not self.scope.is_outside else None,
            tuple(
                Line(self._key_name(figure, key), part, self._link(figure=figure.code, key=key))
                for key, part in sorted(keys, key=lambda pair: -pair[1])
            ),
        )

    def _key_name(self, figure: Figure, key: str) -> str:
        """The choices that a figure is split by, in words."""
        words = []
        for dimension, code in zip(_choices_of(figure), key.split("|"), strict=False):
            if dimension == BY_STEP:
                step = self.definition.step(code)
                words.append(str(step.name) if step else code)
            else:
                field = self.definition.find(dimension.removeprefix(FIELD))
                choices = self.definition.list_of(field.list) if field else ()
                words.append(next((str(one.label) for one in choices if one.name == code), code) or code)
        return " · ".join(word or "—" for word in words)

    def _steps(self, totals: Mapping[str, Decimal]) -> tuple[Line, ...]:
        return tuple(
            Line(
                step.name or step.code, totals.get(f"{STEP}{step.code}", NOTHING), self._link(step=step.code)
            )
            for step in self.definition.steps
        )

    # -- tables

    def _cells(self, found: Mapping[tuple[str, int], Decimal], places: list[int], **narrowed: object) -> Any:
        def amount(code: str) -> Decimal:
            return sum((found.get((code, place), NOTHING) for place in places), NOTHING)

        linked = bool(narrowed)
        cells = [
            Line("", amount(one.code), self._link(figure=one.code, **narrowed) if linked else "")
            for one in self.shown
        ]
        cells.append(Line("", amount(OPEN), self._link(state="open", **narrowed) if linked else ""))
        cells.append(Line("", amount(BLOCKED), self._link(blocked="on", **narrowed) if linked else ""))
        return tuple(cells)

    def _teams(self, found: Mapping[tuple[str, int], Decimal]) -> tuple[Row, ...]:
        """Every team, those dissolved where they did something, and what no team has."""
        with_numbers = {team for _code, team in found}
        rows = [
            Row(team.label, self._cells(found, [team.pk], team=team.pk), self._link(team=team.pk))
            for team in self.campaign.teams.order_by("pk")
            if (team.retired_at is None or team.pk in with_numbers) and self._is_mine(team.pk)
        ]
        if 0 in with_numbers:
            rows.append(Row(_("no team"), self._cells(found, [0])))
        return tuple(rows)

    def _is_mine(self, team: int) -> bool:
        return self.scope.whole or team in self.scope.teams

    def _areas(self, found: Mapping[tuple[str, int], Decimal]) -> tuple[Row, ...]:
        """The areas directly in that of the campaign, each with everything below it."""
        known, top = all_areas(), self.campaign.area
        below: dict[int, list[int]] = {}
        for place in {place for _code, place in found}:
            area = known.get(place)
            below.setdefault(_child_of(top, area) if area is not None else top.pk, []).append(place)
        if set(below) <= {top.pk}:
            return ()
        ordered = sorted(below, key=lambda pk: (pk == top.pk, known[pk].code if pk in known else ""))
        return tuple(
            Row(
                known[pk].label,
                self._cells(found, below[pk], **({} if pk == top.pk else {"area": pk})),
                "" if pk == top.pk else self._link(area=pk),
            )
            for pk in ordered
            if pk in known
        )

    # -- curve

    def _curve(self, figure: Figure | None, milestones: tuple[MilestoneShown, ...]) -> tuple[Day, ...]:
        if figure is None:
            return ()
        goals = {
            one.milestone.on: one.milestone.amount
            for one in milestones
            if one.milestone.figure == figure.code
        }
        course = spreads.course(self.campaign, figure.code, today(), teams=self.scope.teams or None)
        return curve(self.campaign, course, goals)


def _choices_of(figure: Figure) -> list[str]:
    """By what a figure is split besides team, area and day."""
    return [one for one in figure.by if one == BY_STEP or one.startswith(FIELD)]


def _child_of(top: Area, area: Area) -> int:
    """The area directly below `top` in which another lies; `top` itself where it lies in none."""
    ids = area.ids
    if top.pk not in ids:
        return top.pk
    place = ids.index(top.pk) + 1
    return ids[place] if place < len(ids) else top.pk


def curve(
    campaign: Campaign, course: Mapping[date, Decimal], goals: Mapping[date, Decimal]
) -> tuple[Day, ...]:
    """A figure from the first day of a campaign to this one, and its goals beyond; long ones by weeks."""
    first = min([campaign.starts_on, *course])
    last = _last_day(campaign, course)
    length = (last - first).days + 1
    if length < 1:
        last, length = first - timedelta(days=1), 0
    every = 1 if length <= MOST_DAYS else 7
    points: list[Day] = []
    amount, added = NOTHING, NOTHING
    for count in range(length):
        day = first + timedelta(days=count)
        amount, added = amount + course.get(day, NOTHING), added + course.get(day, NOTHING)
        if day == last or day in goals or (length - 1 - count) % every == 0:
            points.append(Day(day, amount, added, goals.get(day)))
            added = NOTHING
    ahead = [Day(day, None, None, goal) for day, goal in sorted(goals.items()) if day > last]
    before = [Day(day, None, None, goal) for day, goal in sorted(goals.items()) if day < first]
    return (*before, *points, *ahead)


def _last_day(campaign: Campaign, course: Mapping[date, Decimal]) -> date:
    """Today; of a finished campaign the day on which it ended."""
    if campaign.state == CampaignState.FINISHED and campaign.finished_at is not None:
        return max([local(campaign.finished_at).date(), *course])
    return today()
