"""Reads about appeals and the backlog: what waits for the district, and what a party reads of its own."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind
from bihuan.cases.models import Appeal, AppealState, Case, CaseQuerySet, Party, Report, State
from bihuan.cases.queries.requests import ROWS, Asked, Requests, asks, first_of
from bihuan.core.clock import today


def decides_for_the_district(user: Any) -> bool:
    """Whether somebody dispatches for the whole district: they rule on appeals and review the backlog."""
    return getattr(user, "is_authenticated", False) and any(
        held.kind == DutyKind.DISPATCHER and held.area is not None and held.area.parent_id is None
        for held in user.duties_now()
    )


def sees_the_district(user: Any) -> bool:
    """Whether somebody works for the whole district, whose menu has its appeals and its backlog."""
    return getattr(user, "is_authenticated", False) and any(
        held.kind != DutyKind.ADMINISTRATOR and held.area is not None and held.area.parent_id is None
        for held in user.duties_now()
    )


# -- appeals ------------------------------------------------------------------------------------------------


def appeals_listed_for(user: Any, *, waiting: bool) -> QuerySet[Appeal]:
    """Appeals about cases within this person's duties: those that wait by their limit, or those decided."""
    cases = Case.objects.worked_on_by(user)
    appeals = Appeal.objects.filter(case__in=cases.values("pk"))
    names = appeals.select_related("case__unit", "case__area", "unit", "report").defer(
        "case__search", "case__area__boundary", "case__area__keys"
    )
    return names.filter(state=AppealState.ASKED) if waiting else names.exclude(state=AppealState.ASKED)


def appeals_of(case: Case) -> Iterable[Appeal]:
    """Every appeal about a case, for its page, the first one first."""
    return case.appeals.select_related("unit", "ruled_by").order_by("asked_at", "id")


def appeals_of_report(report: Report) -> Sequence[Appeal]:
    """What the person who reported it appealed against, the latest first."""
    return list(report.appeals.order_by("-id"))


@asks
def appeals_waiting(user: Any) -> Requests:
    """Appeals that the district has to rule on."""
    if not decides_for_the_district(user):
        return Requests(_("Appeals"))
    asked = Appeal.objects.filter(state=AppealState.ASKED).annotate(together=Window(Count("pk")))
    appeals = list(asked.select_related("case").defer("case__search").order_by("due_at", "id")[:ROWS])
    rows = [
        Asked(
            appeal.case.number,
            appeal.case.title,
            reverse("cases:decide_appeal", args=[appeal.case.number]),
            _("The reporter appeals") if appeal.party == Party.REPORTER else _("The unit appeals"),
            appeal.due_at,
        )
        for appeal in appeals
    ]
    return Requests(_("Appeals"), appeals[0].together if appeals else 0, rows)


def rulings_asked(user: Any) -> list[Requests]:
    """What the district has to decide about cases that are at nobody's desk any more: for its desk to say."""
    return [found for found in (appeals_waiting(user), reviews_due(user)) if found.total]


# -- the backlog --------------------------------------------------------------------------------------------


def backlog_for(user: Any) -> CaseQuerySet:
    """Cases on the backlog within this person's duties; paged by the next review."""
    return Case.objects.worked_on_by(user).with_names().filter(state=State.BACKLOG)


@asks
def reviews_due(user: Any) -> Requests:
    """Cases on the backlog whose quarter is over."""
    if not decides_for_the_district(user):
        return Requests(_("Reviews of the backlog"))
    due = Case.objects.filter(state=State.BACKLOG, resume_on__lte=today())
    total, cases = first_of(due.defer("search"))
    rows = [
        Asked(
            case.number,
            case.title,
            reverse("cases:review_backlog", args=[case.number]),
            case.waits_because,
            case.due_at,
        )
        for case in cases
    ]
    return Requests(_("Reviews of the backlog"), total, rows)
