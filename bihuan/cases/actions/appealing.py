"""Appeals 申诉: a reporter or a unit asks the district to look once more, and the district rules."""

from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.cases import clocks, limits, rules
from bihuan.cases.actions.loop import hold, keep
from bihuan.cases.actions.reopening import reopen
from bihuan.cases.models import Appeal, AppealState, Case, Party, Report, State
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.core.verdicts import Refusal, Verdict

REVIEW = "5d"  # working days for the district to rule


@transaction.atomic
def appeal_report(report: Report, *, by: Any, reason: str) -> Case:
    """A reporter does not accept that it was declined, or that it is closed though not solved.

    Their words go to the district, and stay out of the record.
    """
    case = Case.objects.locked(report.case_id)  # the case before the report, as everywhere
    report = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.case_id != case.pk:
        raise rules.ChangedMeanwhile
    case, verdict = hold("appeal", case, by, report=report)
    return _ask(
        case, "appeal", Party.REPORTER, rules.ground_of(case), reason, by=by, verdict=verdict, report=report
    )


@transaction.atomic
def appeal_case(case: Case, *, by: Any, against: str, reason: str) -> Case:
    """A unit does not accept what a closed case counts against it: a rating, a delay, a notice."""
    case, verdict = hold("appeal_as_unit", case, by)
    return _ask(case, "appeal_as_unit", Party.UNIT, against, reason, by=by, verdict=verdict)


def _ask(
    case: Case,
    verb: str,
    party: Party,
    against: str,
    reason: str,
    *,
    by: Any,
    verdict: Verdict,
    report: Report | None = None,
) -> Case:
    at = now()
    appeal = Appeal(
        case=case,
        party=party,
        report=report,
        unit=case.unit if party == Party.UNIT else None,
        against=against,
        reason=clean(reason),
        asked_at=at,
        asked_by=by if getattr(by, "is_authenticated", False) else None,
    )
    clocks.start_stage(appeal, at, limits.seconds_of(REVIEW, limits.WORKING))
    appeal.save(force_insert=True)
    return keep(
        case,
        verb,
        [],
        by=by,
        verdict=verdict,
        was=case.state,
        appeal=appeal.pk,
        party=str(party),
        against=str(against),
        report=report.pk if report else None,
    )


@transaction.atomic
def decide_appeal(case: Case, *, by: Any, appeal: Appeal, upheld: bool, ruling: str) -> Case:
    """Rule on an appeal, for a reason that its party reads.

    A reporter who is right has the case taken up again; one decision answers all reporters who appealed
    against the same. A unit that is right is excused: figures leave the case out of what counts against it.
    """
    case, verdict = hold("decide_appeal", case, by)
    was, at = case.state, now()
    held = case.appeals.filter(pk=appeal.pk, state=AppealState.ASKED).first()
    if held is None:
        raise Refusal("case.no_appeal", rules.NO_APPEAL)
    fields: list[str] = []
    settled = [held]
    takes_up = upheld and held.party == Party.REPORTER
    if takes_up:
        settled = list(case.appeals.filter(party=Party.REPORTER, state=AppealState.ASKED))
    for one in settled:
        _rule(one, at, by=by, upheld=upheld, ruling=ruling)
    if takes_up:  # after the ruling: what is left without one lapses
        fields = _take_up(case, at)
    return keep(
        case,
        "decide_appeal",
        fields,
        by=by,
        verdict=verdict,
        was=was,
        appeal=held.pk,
        party=held.party,
        against=held.against,
        upheld=upheld,
        ruling=clean(ruling),
        reports=[one.report_id for one in settled if one.report_id] or None,
    )


def _take_up(case: Case, at: datetime) -> list[str]:
    """A declined case goes back to its desk, which has to file it; a closed one to its unit."""
    if case.state != State.DECLINED:
        return reopen(case, at)
    case.state = State.REPORTED
    case.decline_reason = case.reply = ""
    clocks.start_stage(case, at, limits.ACCEPT)
    return ["decline_reason", "reply"]


def _rule(appeal: Appeal, at: datetime, *, by: Any, upheld: bool, ruling: str) -> None:
    appeal.state = AppealState.UPHELD if upheld else AppealState.REJECTED
    appeal.ruling = clean(ruling)
    appeal.ruled_at, appeal.ruled_by = at, by
    clocks.stop(appeal, at)
    appeal.save(update_fields=["state", "ruling", "ruled_at", "ruled_by", *clocks.CLOCK_FIELDS])
