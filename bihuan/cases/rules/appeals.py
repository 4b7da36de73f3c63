"""Who may appeal against what, and who rules on it."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bihuan.audit.queries import entries_about
from bihuan.cases.models import Against, AppealState, Case, Party, Report, State
from bihuan.cases.rules.standing import is_handler_of, may_reopen
from bihuan.core import clock
from bihuan.core.verdicts import Verdict, no

APPEAL_DAYS = 15  # natural days after the decision
NO_APPEAL = _("No appeal waits for a decision.")
# What somebody did to a case whose ruling on it would judge their own work.
JUDGED = ("case.declined", "case.inspected", "case.reworked", "case.spot_checked", "case.closed")


def ground_of(case: Case) -> Against:
    """What its reporter would appeal against, as the case now stands."""
    return Against.DECLINE if case.state == State.DECLINED else Against.CLOSING


def decided_at(case: Case) -> datetime | None:
    """When the decision fell that can be appealed against."""
    if case.state == State.CLOSED:
        return case.closed_at
    entry = entries_about(case).filter(verb="case.declined").last()
    return entry.at if entry else None


def _reopening_used(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if case.state == State.CLOSED and may_reopen(case):
        return no(
            "case.say_not_solved",
            _("Say “not solved” instead: that has it taken up once more, and needs no appeal."),
        )
    return None


def _appeal_in_time(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    decided = decided_at(case)
    if decided is None or clock.now() > decided + timedelta(days=APPEAL_DAYS):
        return no(
            "case.appeal_too_late",
            _("An appeal counts within %(days)s days of the decision.") % {"days": APPEAL_DAYS},
        )
    return None


def _reporter_appeals_once(case: Case, _by: Any, report: Report | None) -> Verdict | None:
    if report is None:
        return None
    earlier = report.appeals.filter(against=ground_of(case))
    if earlier.exclude(state=AppealState.LAPSED).exists():
        return no("case.appealed_already", _("You have appealed already; the ruling is final."))
    return None


def _unit_appeals_once(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if case.appeals.filter(unit=case.unit).exclude(state=AppealState.LAPSED).exists():
        return no("case.appealed_already", _("Your unit has appealed already; the ruling is final."))
    return None


def _has_appeal(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if not case.appeals.filter(state=AppealState.ASKED).exists():
        return no("case.no_appeal", NO_APPEAL)
    return None


def _not_party(case: Case, by: Any, _report: Report | None) -> Verdict | None:
    hats = {by.pk, *(held.on_behalf_of.pk for held in by.duties_now() if held.on_behalf_of)}
    own = Q(by__in=hats) | Q(on_behalf_of__in=hats)
    if is_handler_of(case, by) or entries_about(case).filter(own, verb__in=JUDGED).exists():
        return no(
            "case.own_decision",
            _("Whoever handled, declined or inspected a case does not rule on an appeal about it."),
        )
    return None


def _district_if_upheld(case: Case, by: Any, _report: Report | None) -> Verdict | None:
    """What the district took up after an appeal, only the district may decline once more."""
    upheld = case.appeals.filter(party=Party.REPORTER, against=Against.DECLINE, state=AppealState.UPHELD)
    if not upheld.exists():
        return None
    if any(held.kind == "clerk" and held.area and held.area.kind == "district" for held in by.duties_now()):
        return None
    return no(
        "case.decline_overruled",
        _("An appeal against declining it was upheld. Only the district could decline it again."),
    )


GUARDS = {
    "reopening_used": _reopening_used,
    "appeal_in_time": _appeal_in_time,
    "reporter_appeals_once": _reporter_appeals_once,
    "unit_appeals_once": _unit_appeals_once,
    "has_appeal": _has_appeal,
    "not_party": _not_party,
    "district_if_upheld": _district_if_upheld,
}
