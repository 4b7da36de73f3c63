"""From a reported result to a closed case: 核查, 返工, 回访, 结案, and the reporter's own answer."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bihuan.cases import clocks, limits, rules
from bihuan.cases.actions import issuing
from bihuan.cases.actions.doubting import settle_doubts
from bihuan.cases.actions.loop import hold, keep
from bihuan.cases.actions.reopening import reopen
from bihuan.cases.models import Case, Extension, Report, Satisfaction, State
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.core.verdicts import Refusal
from bihuan.territory.queries import district

LEAST_FOR_REWORK = 0.2  # of the limit: what a unit has at least to put it right


@transaction.atomic
def inspect_case(case: Case, *, by: Any, reply: str, note: str = "", doubt_note: str = "") -> Case:
    """Confirm on the spot that it is done, and write what the reporter will read.

    Where photos were doubted, `doubt_note` says what the inspector thinks of that.
    """
    case, verdict = hold("inspect", case, by)
    rules.answered_doubts(case, clean(doubt_note)).enforce()
    was, at = case.state, now()
    settle_doubts(case, by=by, passed=True, note=doubt_note)
    case.state = State.INSPECTED
    case.inspected_at = at
    case.reply = clean(reply)
    clocks.start_stage(case, at, limits.CALL_BACK)
    return keep(
        case,
        "inspect",
        ["inspected_at", "reply"],
        by=by,
        verdict=verdict,
        was=was,
        note=note,
        reply=reply,
        doubt_note=clean(doubt_note),
        to_call=rules.has_consenting_reporter(case) or None,
    )


@transaction.atomic
def rework_case(case: Case, *, by: Any, reason: str) -> Case:
    """Send it back to the unit. The second time it comes under supervision, the third to the district."""
    case, verdict = hold("rework", case, by)
    was, at = case.state, now()
    settle_doubts(case, by=by, passed=False, note=reason)
    case.reworks += 1
    promise = limits.Promise.read(case.promise)
    fields, taken_from = ["reworks", *issuing.FIELDS], None
    if case.reworks >= 3:
        taken_from = case.unit_id
        case.state = State.FILED
        case.desk = district()
        case.unit = None
        fields += ["desk", "unit"]
        clocks.start_stage(case, at, promise.assign, promise.clock)
    else:
        case.state = State.HANDLING
        granted = case.extension_asked if case.extension == Extension.GRANTED else 0
        left = promise.resolve + granted - case.handling_used
        clocks.start_stage(case, at, max(left, round(promise.resolve * LEAST_FOR_REWORK)), promise.clock)
    if case.reworks == 2:
        issuing.issue_for_rework(case, at)
    return keep(
        case,
        "rework",
        fields,
        by=by,
        verdict=verdict,
        was=was,
        reason=reason,
        reworks=case.reworks,
        supervision=case.supervision,
        taken_from=taken_from,
    )


@transaction.atomic
def call_back_case(
    case: Case,
    *,
    by: Any,
    answered: bool,
    report: Report | None = None,
    solved: bool | None = None,
    satisfaction: str = "",
    note: str = "",
) -> Case:
    """Ask a reporter who agreed to it: `report`, or the first of them.

    Where several reported it, one who answers is enough; the others may say their word on their own pages.
    Unanswered twice, the case closes as not rated.
    """
    case, verdict = hold("call_back", case, by)
    was, at = case.state, now()
    called = _consenting(case, report)
    case.called_at = at
    case.call_attempts += 1
    fields = ["called_at", "call_attempts"]
    heard: dict[str, Any] = {}
    if answered:
        called.satisfaction = satisfaction
        called.solved, called.heard_at = bool(solved), at
        called.save(update_fields=["solved", "satisfaction", "heard_at"])
        heard = _together(case) | {"solved": solved, "satisfaction": satisfaction}
        fields += _settle(case, at, solved=bool(solved))
    elif case.call_attempts >= rules.CALL_ATTEMPTS:
        fields += _close(case, at, Satisfaction.UNRATED)
    return keep(
        case,
        "call_back",
        fields,
        by=by,
        verdict=verdict,
        was=was,
        report=called.pk,
        answered=answered,
        note=note,
        **heard,
    )


def _consenting(case: Case, report: Report | None) -> Report:
    """The report of who is called; the rules have made sure that there is one."""
    reports = case.reports.filter(may_call=True, phone_index__isnull=False).order_by("pk")
    found = reports.filter(pk=report.pk).first() if report else reports.first()
    if found is None:
        raise Refusal("case.not_to_be_called", _("This reporter did not agree to be called back."))
    return found


@transaction.atomic
def close_case(case: Case, *, by: Any, reply: str = "") -> Case:
    """End an inspected case that nobody is to be called about. Its reporters read the reply."""
    case, verdict = hold("close", case, by)
    was, at = case.state, now()
    case.reply = clean(reply) or case.reply
    fields = ["reply", *_close(case, at, Satisfaction.UNRATED)]
    return keep(case, "close", fields, by=by, verdict=verdict, was=was, reply=case.reply)


@transaction.atomic
def spot_check_case(case: Case, *, by: Any, passed: bool, note: str = "", doubt_note: str = "") -> Case:
    """Look at something a grid worker settled on the spot. What does not hold goes to the desk."""
    case, verdict = hold("spot_check", case, by)
    if passed:
        rules.answered_doubts(case, clean(doubt_note)).enforce()
    was, at = case.state, now()
    settle_doubts(case, by=by, passed=passed, note=doubt_note or note)
    if passed:
        case.reply = case.reply or case.resolution
        fields = ["reply", *_close(case, at, Satisfaction.UNRATED)]
    else:
        case.state = State.REPORTED
        clocks.start_stage(case, at, limits.ACCEPT)
        fields = []
    return keep(
        case,
        "spot_check",
        fields,
        by=by,
        verdict=verdict,
        was=was,
        passed=passed,
        note=note,
        doubt_note=clean(doubt_note),
    )


@transaction.atomic
def answer_report(
    report: Report, *, by: Any, solved: bool, satisfaction: str = "", comment: str = ""
) -> Case:
    """Hear the reporter themselves. “Not solved” re-opens the case once, whoever of them says it."""
    case = Case.objects.locked(report.case_id)  # the case before the report, as everywhere
    # Pressed twice at once, the second press must see the first one's answer.
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.case_id != case.pk:
        raise rules.ChangedMeanwhile
    case, verdict = hold("answer", case, by, report=report)
    was, at = case.state, now()
    report.solved = solved
    report.satisfaction = satisfaction or (report.satisfaction if report.heard_at else "")
    report.comment = clean(comment)
    report.answered_at = report.heard_at = at
    report.save(update_fields=["solved", "satisfaction", "comment", "answered_at", "heard_at"])
    together = _together(case)
    fields = _settle(case, at, solved=solved)
    return keep(
        case,
        "answer",
        fields,
        by=by,
        verdict=verdict,
        was=was,
        report=report.pk,
        solved=solved,
        satisfaction=satisfaction,
        **together,
    )


def _together(case: Case) -> dict[str, Any]:
    """What all who were heard in this round say together, for figures that count cases."""
    return {"case_solved": rules.is_solved(case), "case_satisfaction": str(rules.satisfaction_of(case))}


def _settle(case: Case, at: Any, *, solved: bool) -> list[str]:
    """What an answer leads to: closed, or once more in hand; where no unit had it, back at the desk."""
    case.satisfaction = rules.satisfaction_of(case)
    if not solved and rules.may_reopen(case):
        return ["satisfaction", *reopen(case, at)]
    if case.state == State.CLOSED:
        return ["satisfaction"]
    return _close(case, at, case.satisfaction)


def _close(case: Case, at: Any, satisfaction: str) -> list[str]:
    case.state = State.CLOSED
    case.closed_at = at
    case.satisfaction = satisfaction
    clocks.stop(case, at)
    return ["closed_at", "satisfaction"]
