"""Who is told of merging, of the backlog and of appeals; and what time does to appeals and re-checks."""

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind, User
from bihuan.accounts.queries import holders
from bihuan.audit import every, on
from bihuan.audit.models import Entry
from bihuan.cases import actions
from bihuan.cases.background.telling import (
    case_of,
    handlers_of,
    tell_each,
    tell_reporters,
    tell_staff,
)
from bihuan.cases.models import Report
from bihuan.notices.kinds import DEADLINES, register
from bihuan.territory.queries import district

register(
    "report.merged",
    title=_("Handled together with an earlier report: %(title)s"),
    body=_("Number %(number)s"),
)
register("report.unmerged", title=_("Handled by itself again: %(title)s"), body=_("Number %(number)s"))
register("report.appeal_decided", title=_("Your appeal was decided: %(title)s"), body=_("Number %(number)s"))
register("case.backlogged", title=_("On the backlog: %(title)s"), body=_("Case %(number)s, %(place)s"))
register(
    "case.review_due",
    title=_("Review of the backlog is due: %(title)s"),
    body=_("Case %(number)s, %(place)s"),
    group=DEADLINES,
)
register("case.appealed", title=_("An appeal to decide: %(title)s"), body=_("Case %(number)s, %(place)s"))
register("case.appeal_upheld", title=_("Appeal upheld: %(title)s"), body=_("Case %(number)s, %(place)s"))
register("case.appeal_rejected", title=_("Appeal rejected: %(title)s"), body=_("Case %(number)s, %(place)s"))
register(
    "case.taken_up_again",
    title=_("Taken up again after an appeal: %(title)s"),
    body=_("Case %(number)s, %(place)s"),
)
register(
    "case.appeal_reminded",
    title=_("80 %% of the limit to decide on an appeal is used: %(title)s"),
    body=_("Case %(number)s, %(place)s"),
    group=DEADLINES,
)
register(
    "case.appeal_overdue",
    title=_("The decision on an appeal is overdue: %(title)s"),
    body=_("Case %(number)s, %(place)s"),
    group=DEADLINES,
)


def _district_dispatchers() -> list[User]:
    return list(holders(DutyKind.DISPATCHER, area=district()))


# -- merging ------------------------------------------------------------------------------------------------


@on("case.merged")
def tell_reporters_merged(entry: Entry) -> None:
    reports = case_of(entry).first_reports.select_related("reporter", "first_case", "case")
    tell_each(entry, reports, "report.merged")


@on("case.unmerged")
def tell_reporters_unmerged(entry: Entry) -> None:
    tell_reporters(entry, "report.unmerged")


# -- the backlog --------------------------------------------------------------------------------------------


@on("case.backlogged")
def tell_of_backlog(entry: Entry) -> None:
    tell_staff(entry, handlers_of(case_of(entry)), "case.backlogged")
    tell_reporters(entry, "report.waits")


@on("case.backlog_reviewed")
def tell_of_review(entry: Entry) -> None:
    if entry.data["kept"]:
        tell_reporters(entry, "report.waits")
    else:
        tell_staff(entry, handlers_of(case_of(entry)), "case.resumed")


@on("case.review_due")
def tell_district_of_review(entry: Entry) -> None:
    tell_staff(entry, _district_dispatchers(), "case.review_due")


# -- appeals ------------------------------------------------------------------------------------------------


@on("case.appealed", "case.appeal_reminded", "case.appeal_overdue")
def tell_district_of_appeal(entry: Entry) -> None:
    tell_staff(entry, _district_dispatchers(), entry.verb)


@on("case.appeal_decided")
def tell_party_of_ruling(entry: Entry) -> None:
    """Both sides read the ruling with its reason: whoever appealed, and the unit or desk that it concerns."""
    case = case_of(entry)
    upheld = entry.data["upheld"]
    if entry.data["party"] == "unit":
        kind = "case.appeal_upheld" if upheld else "case.appeal_rejected"
        tell_staff(entry, handlers_of(case), kind)
        return
    reports = Report.objects.filter(pk__in=entry.data.get("reports", []))
    tell_each(entry, reports.select_related("reporter", "first_case", "case"), "report.appeal_decided")
    concerned = handlers_of(case) if case.unit else holders(DutyKind.CLERK, area=case.desk)
    tell_staff(entry, concerned, "case.taken_up_again" if upheld else "case.appeal_rejected")


@every("minute")
def watch_reviews() -> None:
    actions.take_due_review_steps()
