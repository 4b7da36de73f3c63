"""What must hold besides duty and state before a verb may be used; FLOW names them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind
from bihuan.accounts.queries import holders
from bihuan.accounts.rules import held as held_by
from bihuan.cases import clocks
from bihuan.cases.models import Case, Extension, Report, State
from bihuan.cases.rules import appeals, endings, joint, rechecks, supervision
from bihuan.cases.rules.standing import has_consenting_reporter, is_handler_of
from bihuan.core import clock
from bihuan.core.verdicts import Verdict, no, yes

ANSWER_DAYS = 15  # natural days after closing in which a reporter may still answer

# None: nothing against it. A yes: this finer duty is the one that the verb rests on.
Guard = Callable[[Case, Any, Report | None], Verdict | None]


def _not_handler(case: Case, by: Any, _report: Report | None) -> Verdict | None:
    if is_handler_of(case, by):
        return no(
            "case.own_work", _("Whoever handled a case can neither inspect it nor call its reporter back.")
        )
    return None


def _has_grid_worker(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if case.is_outside:
        return no("case.no_grid", _("The place lies outside the district: no grid worker can go there."))
    if not holders(DutyKind.GRID_WORKER, area=case.area).exists():
        return no(
            "case.no_grid_worker", _("No grid worker looks after this place. Please decide without one.")
        )
    return None


def _district_if_disputed(case: Case, by: Any, _report: Report | None) -> Verdict | None:
    if case.desk.kind != "district":
        return None
    held = held_by(by, DutyKind.DISPATCHER, area=case.desk)
    return yes(held) if held else no("case.district_decides", _("The district decides who takes this case."))


def _within_limit(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if clocks.left(case, clock.now()) < 0:
        return no(
            "case.return_too_late", _("A case can be returned only within the limit to acknowledge it.")
        )
    return None


def _not_ruled(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if case.returns >= 2:
        return no("case.district_ruled", _("The district has decided that your unit takes this case."))
    return None


def _before_reminder(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if clocks.used(case, clock.now()) >= clocks.STEPS[0].share * case.stage_limit:
        return no(
            "case.extension_too_late", _("More time can be asked for only before 80 % of the limit is used.")
        )
    return None


def _first_extension(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if case.extension != Extension.NONE:
        return no("case.extension_once", _("More time can be asked for once."))
    return None


def _asked(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if case.extension != Extension.ASKED:
        return no("case.no_extension_asked", _("The unit has not asked for more time."))
    return None


def _somebody_to_call(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if not has_consenting_reporter(case):
        return no(
            "case.nobody_to_call", _("No reporter agreed to be called back: the inspector closes the case.")
        )
    return None


def _not_called_today(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if case.called_at and clock.local(case.called_at).date() == clock.today():
        return no("case.called_today", _("Nobody answered today. Call again on another day."))
    return None


def _nobody_to_call(case: Case, _by: Any, _report: Report | None) -> Verdict | None:
    if has_consenting_reporter(case):
        return no("case.call_back_first", _("The reporter agreed to be called back: that comes first."))
    return None


def _answer_in_time(case: Case, _by: Any, report: Report | None) -> Verdict | None:
    if case.state == State.CLOSED:
        assert case.closed_at is not None
        if clock.now() > case.closed_at + timedelta(days=ANSWER_DAYS):
            return no(
                "case.answer_too_late",
                _("An answer counts within %(days)s days of closing. Not solved by now? Report it anew.")
                % {"days": ANSWER_DAYS},
            )
        if report is not None and report.answered_at and report.answered_at >= case.closed_at:
            return no("case.answered_already", _("You have answered already. Thank you."))
    return None


GUARDS: dict[str, Guard] = {
    "not_handler": _not_handler,
    "has_grid_worker": _has_grid_worker,
    "district_if_disputed": _district_if_disputed,
    "within_limit": _within_limit,
    "not_ruled": _not_ruled,
    "before_reminder": _before_reminder,
    "first_extension": _first_extension,
    "asked": _asked,
    "somebody_to_call": _somebody_to_call,
    "not_called_today": _not_called_today,
    "nobody_to_call": _nobody_to_call,
    "answer_in_time": _answer_in_time,
    **endings.GUARDS,
    **appeals.GUARDS,
    **rechecks.GUARDS,
    **supervision.GUARDS,
    **joint.JOINT_GUARDS,
}
