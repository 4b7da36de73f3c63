"""What waits for somebody's decision besides their desk: each kind of request is a source on a list."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind
from bihuan.cases import limits
from bihuan.cases.models import Case, CaseQuerySet, Extension, State

ROWS = 10  # of each kind; the others are counted


@dataclass(frozen=True)
class Asked:
    """One request: about which case, what is asked, where it is decided."""

    number: str
    title: str
    url: str
    detail: Any = ""
    due: datetime | None = None


@dataclass(frozen=True)
class Requests:
    """The requests of one kind, the most urgent first."""

    label: Any
    total: int = 0
    rows: list[Asked] = field(default_factory=list)


Source = Callable[[Any], Requests]
_sources: list[Source] = []


def asks(source: Source) -> Source:
    """Add a kind of request: the function gives those that wait for a person, in few queries always."""
    _sources.append(source)
    return source


def requests_waiting_for(user: Any) -> list[Requests]:
    """Everything that waits for this person's decision, kind by kind; kinds without any are left out."""
    return [found for source in _sources if (found := source(user)).total]


def first_of(cases: CaseQuerySet) -> tuple[int, list[Any]]:
    """How many there are, and the first of them by their limit, in one query."""
    rows = list(cases.annotate(together=Window(Count("pk"))).order_by("due_at", "id")[:ROWS])
    return (rows[0].together if rows else 0), rows


def dispatched_by(user: Any) -> Q:
    """The condition for cases at the desks of which this person is the dispatcher."""
    desks = [held.area for held in user.duties_now() if held.kind == DutyKind.DISPATCHER and held.area]
    return Q(desk__in=[area.pk for area in desks])


@asks
def extensions_asked(user: Any) -> Requests:
    """More time that units ask for at this person's desks."""
    asking = Case.objects.filter(dispatched_by(user), state=State.HANDLING, extension=Extension.ASKED)
    total, cases = first_of(asking.select_related("unit").defer("search"))
    rows = [
        Asked(
            case.number,
            case.title,
            reverse("cases:decide_extension", args=[case.number]),
            _("%(unit)s asks for %(time)s more")
            % {"unit": case.unit.label, "time": limits.in_words(case.extension_asked, case.clock)},
            case.due_at,
        )
        for case in cases
    ]
    return Requests(_("More time"), total, rows)


@asks
def returns_disputed(user: Any) -> Requests:
    """Cases that no unit wants: returned twice, the district says whose they are."""
    disputed = Case.objects.filter(dispatched_by(user), state=State.FILED, returns__gte=2)
    total, cases = first_of(disputed.filter(desk__parent=None).defer("search"))
    rows = [
        Asked(
            case.number,
            case.title,
            reverse("cases:assign", args=[case.number]),
            _("Two units say it is not theirs"),
            case.due_at,
        )
        for case in cases
    ]
    return Requests(_("Disputed returns"), total, rows)
