"""How a case ends otherwise: merged, on the backlog, or decided upon once more after an appeal."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind, Held
from bihuan.cases.models import Case, Report, Satisfaction
from bihuan.core import clock
from bihuan.core.verdicts import YES, Refusal, Verdict, no, yes

SUSPEND_DAYS = 30  # at most, each time
SUSPENSIONS = 2  # the second only by the district; then it goes onto the backlog or on
UNMERGE_DAYS = 15  # natural days after the other case was finished


class ChangedMeanwhile(Refusal):
    """Somebody was quicker, and what was asked for no longer makes sense."""

    def __init__(self) -> None:
        super().__init__(
            "case.changed_meanwhile", _("This case changed a moment ago. Please look at it again.")
        )


def may_take_in(into: Case, case: Case, by: Any) -> Verdict:
    """Whether a case may be merged into this one."""
    if into.pk == case.pk:
        return no("case.merge_itself", _("A case cannot be merged into itself."))
    if not Case.objects.worked_on_by(by).filter(pk=into.pk).exists():
        return no("case.merge_unseen", _("The other case is not within your duties."))
    if not into.is_open:
        return no("case.merge_finished", _("The other case is finished. Only an open one can take this in."))
    return YES


def satisfaction_of(case: Case) -> Satisfaction:
    """What its reporters together think of a settled case: the worst of what was said counts.

    Whoever says “not solved” without a rating leaves it not rated, whatever the others say: nobody's silence
    makes a case satisfactory.
    """
    heard = heard_of(case)
    said = {report.satisfaction for report in heard}
    if Satisfaction.DISSATISFIED in said:
        return Satisfaction.DISSATISFIED
    if any(report.solved is False and not report.satisfaction for report in heard):
        return Satisfaction.UNRATED
    for rating in (Satisfaction.FAIRLY, Satisfaction.SATISFIED):
        if rating in said:
            return rating
    return Satisfaction.UNRATED


def is_solved(case: Case) -> bool | None:
    """Whether its reporters call it solved: one “not solved” is enough; None: nobody was heard."""
    said = [report.solved for report in heard_of(case)]
    return all(said) if said else None


def heard_of(case: Case) -> list[Report]:
    """The reporters who were heard since the case was last reported as done."""
    return list(case.reports.exclude(heard_at=None))


# -- guards -------------------------------------------------------------------------------------------------


def _duty_at(case: Case, by: Any, levels: Iterable[str]) -> Held | None:
    """The dispatcher's duty of one of these levels that reaches the case."""
    return next(
        (
            held
            for held in by.duties_now()
            if held.kind == DutyKind.DISPATCHER
            and held.area is not None
            and held.area.kind in levels
            and held.reaches(area=case.area)
        ),
        None,
    )


def _street_or_district(case: Case, by: Any, _report: Report | None) -> Verdict:
    held = _duty_at(case, by, ("district", "subdistrict"))
    if held is None:
        return no(
            "case.street_or_district", _("Only the subdistrict or the district can suspend and resume.")
        )
    return yes(held)


def _suspensions_left(case: Case, by: Any, _report: Report | None) -> Verdict | None:
    if case.suspensions >= SUSPENSIONS:
        return no(
            "case.suspended_twice", _("It was suspended twice. It goes on now; there is no third time.")
        )
    if case.suspensions:
        held = _duty_at(case, by, ("district",))
        return (
            yes(held)
            if held
            else no("case.district_suspends", _("Only the district can suspend a case a second time."))
        )
    return None


def _district(case: Case, by: Any, _report: Report | None) -> Verdict:
    held = _duty_at(case, by, ("district",))
    return yes(held) if held else no("case.not_your_duty", _("Only the district can decide that."))


def _other_within_reach(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    into = case.merged_into
    assert into is not None
    if not into.is_open and clock.now() > (into.closed_at or into.changed_at) + timedelta(days=UNMERGE_DAYS):
        return no(
            "case.unmerge_too_late",
            _("The case it was merged into was finished more than %(days)s days ago.")
            % {"days": UNMERGE_DAYS},
        )
    return None


def _only_reporter(case: Case, _by: Any, report: Report | None) -> Verdict | None:
    if report is not None and case.reports.exclude(pk=report.pk).exists():
        return no(
            "case.others_reported",
            _("Others have reported the same problem. It is looked after for them as well."),
        )
    return None


GUARDS = {
    "street_or_district": _street_or_district,
    "suspensions_left": _suspensions_left,
    "district": _district,
    "other_within_reach": _other_within_reach,
    "only_reporter": _only_reporter,
}
