"""Who is told of what happens to a case: the unit, the desk, the reporters."""

from collections.abc import Collection, Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind, Unit, User
from bihuan.accounts.queries import holders
from bihuan.audit import on
from bihuan.audit.models import Entry
from bihuan.cases.models import Case, Report, Urgency
from bihuan.cases.models.case import FINISHED, WITH_UNIT
from bihuan.cases.rules import has_consenting_reporter
from bihuan.notices.actions import tell
from bihuan.notices.kinds import register

register("case.to_verify", title=_("Please verify: %(title)s"), body=_("Case %(number)s, %(place)s"))
register(
    "case.to_acknowledge", title=_("New case for your unit: %(title)s"), body=_("Case %(number)s, %(place)s")
)
register(
    "case.returned", title=_("Returned, to be assigned anew: %(title)s"), body=_("Case %(number)s, %(place)s")
)
register(
    "case.extension_asked", title=_("More time asked for: %(title)s"), body=_("Case %(number)s, %(place)s")
)
register(
    "case.extension_granted", title=_("More time granted: %(title)s"), body=_("Case %(number)s, %(place)s")
)
register("case.extension_refused", title=_("No more time: %(title)s"), body=_("Case %(number)s, %(place)s"))
register("case.suspended", title=_("Suspended: %(title)s"), body=_("Case %(number)s, %(place)s"))
register("case.resumed", title=_("Goes on: %(title)s"), body=_("Case %(number)s, %(place)s"))
register("case.to_rework", title=_("To be done again: %(title)s"), body=_("Case %(number)s, %(place)s"))
register(
    "case.taken_away", title=_("No longer with your unit: %(title)s"), body=_("Case %(number)s, %(place)s")
)
register("case.reopened", title=_("“Not solved”, goes on: %(title)s"), body=_("Case %(number)s, %(place)s"))
register("report.accepted", title=_("Your report was accepted: %(title)s"), body=_("Number %(number)s"))
register("report.declined", title=_("Your report was not accepted: %(title)s"), body=_("Number %(number)s"))
register("report.waits", title=_("Your report must wait: %(title)s"), body=_("Number %(number)s"))
register("report.closed", title=_("Your report is settled: %(title)s"), body=_("Number %(number)s"))

NEW_WORK = ("case.to_acknowledge", "case.to_assist")


def params_of(case: Case) -> dict[str, Any]:
    return {"title": case.title, "number": case.number, "place": case.address or case.area}


def tell_staff(entry: Entry, people: Iterable[User], kind: str, *, urgent: bool = False) -> None:
    """Tell colleagues of a case. `urgent`, and new work on what threatens lives, may pass quiet hours."""
    case = case_of(entry)
    tell(
        people,
        kind,
        subject=case,
        entry=entry,
        url=reverse("cases:show", args=[case.number]),
        params=params_of(case),
        urgent=urgent or (kind in NEW_WORK and case.urgency == Urgency.CRITICAL),
    )


def tell_reporters(entry: Entry, kind: str, *, except_for: Collection[int] = ()) -> None:
    """Tell the reporters who have an account; the others read it on their tracking page."""
    reports = case_of(entry).reports.exclude(pk__in=except_for)
    tell_each(entry, reports.select_related("reporter", "first_case", "case"), kind)


def tell_each(entry: Entry, reports: Iterable[Report], kind: str) -> None:
    """Tell each in the words of their own report: should these be erased, the notice loses them as well."""
    for report in reports:
        if report.reporter is not None:
            own = report.own_case
            url = reverse("cases:track", args=[report.tracking_code])
            tell([report.reporter], kind, subject=own, entry=entry, url=url, params=params_of(own))


def case_of(entry: Entry) -> Case:
    case: Case = entry.subject()
    return case


@on("case.sent_to_verify")
def ask_grid_workers(entry: Entry) -> None:
    tell_staff(entry, holders(DutyKind.GRID_WORKER, area=case_of(entry).area), "case.to_verify")


@on("case.assigned")
def tell_unit(entry: Entry) -> None:
    tell_staff(entry, handlers_of(case_of(entry)), "case.to_acknowledge")


@on("case.returned", "case.extension_asked")
def tell_dispatchers(entry: Entry) -> None:
    tell_staff(entry, holders(DutyKind.DISPATCHER, area=case_of(entry).desk), entry.verb)


@on("case.extension_decided")
def tell_unit_of_decision(entry: Entry) -> None:
    kind = "case.extension_granted" if entry.data["granted"] else "case.extension_refused"
    tell_staff(entry, handlers_of(case_of(entry)), kind)


@on("case.suspended", "case.resumed")
def tell_unit_of_pause(entry: Entry) -> None:
    tell_staff(entry, handlers_of(case_of(entry)), entry.verb)


@on("case.reworked")
def tell_unit_to_rework(entry: Entry) -> None:
    case = case_of(entry)
    if entry.data["state"] == "filed":
        tell_staff(entry, holders(DutyKind.DISPATCHER, area=case.desk), "case.returned")
    else:
        tell_staff(entry, handlers_of(case), "case.to_rework")


@on("case.reworked", "case.whistle_ruled")
def tell_unit_that_leads_no_more(entry: Entry) -> None:
    """It no longer sees the case, unless it has a part in it: the notice says all there is to say."""
    unit = Unit.objects.filter(pk=entry.data.get("taken_from")).first()
    if unit is not None:
        tell_staff(entry, holders(DutyKind.HANDLER, unit=unit), "case.taken_away")


@on("case.answered", "case.appeal_decided")
def tell_the_other_reporters(entry: Entry) -> None:
    """What one of them brought about: it is worked on again, though all had read that it was over.

    Whoever said “not solved”, or whose appeal was decided, reads that anyway.
    """
    data = entry.data
    if data["was"] in FINISHED and data["state"] not in FINISHED:
        knowing = data.get("reports") or [data["report"]]
        tell_reporters(entry, "report.taken_up_again", except_for=knowing)


@on("case.called_back", "case.answered")
def tell_unit_of_answer(entry: Entry) -> None:
    if entry.data["state"] == "handling":
        tell_staff(entry, handlers_of(case_of(entry)), "case.reopened")
    elif entry.data["state"] == "closed" and entry.data["was"] != "closed":
        tell_reporters(entry, "report.closed")


@on("case.filed")
def tell_reporters_accepted(entry: Entry) -> None:
    tell_reporters(entry, "report.accepted")


@on("case.declined")
def tell_reporters_declined(entry: Entry) -> None:
    tell_reporters(entry, "report.declined")


@on("case.suspended")
def tell_reporters_waiting(entry: Entry) -> None:
    tell_reporters(entry, "report.waits")


@on("case.closed", "case.spot_checked")
def tell_reporters_closed(entry: Entry) -> None:
    if entry.data["state"] == "closed":
        tell_reporters(entry, "report.closed")


def handlers_of(case: Case) -> Iterable[User]:
    return holders(DutyKind.HANDLER, unit=case.unit) if case.unit else ()


def holders_of(case: Case) -> Iterable[User]:
    from bihuan.cases.queries.page import WAITS_FOR

    if case.unit is not None and case.state in WITH_UNIT:
        return handlers_of(case)
    duty = WAITS_FOR.get(case.state)  # type: ignore[call-overload]
    if duty is None:
        return ()
    if case.state == "inspected" and not has_consenting_reporter(case):
        duty = DutyKind.INSPECTOR  # nobody to call: the inspector closes it
    return holders(duty, area=case.area if duty == DutyKind.GRID_WORKER else case.desk)
