"""The same problem reported more than once: 合并, and taking that back when it was another one after all."""

from typing import Any

from django.db import transaction

from bihuan.audit import record
from bihuan.cases import clocks, rules
from bihuan.cases.actions.loop import keep
from bihuan.cases.actions.ticking import catch_up
from bihuan.cases.models import Case, Report, State
from bihuan.core.clock import now
from bihuan.core.verdicts import Verdict


@transaction.atomic
def merge_case(case: Case, *, by: Any, into: Case, note: str = "") -> Case:
    """Say that it is the same problem as an open case: its reporters follow that one from now on.

    Each keeps their tracking code, is told what the other case's reporters are told, and answers for
    themselves. What was merged into this case before moves along, so that a merged case always lies
    directly in the one that is worked on.
    """
    held = _hold_in_order(case.pk, into.pk, *case.merged.values_list("pk", flat=True))
    case, into = held[case.pk], held[into.pk]
    verdict = rules.may("merge", case, by).enforce()
    rules.may_take_in(into, case, by).enforce()
    along = list(case.merged.all())
    if any(other.pk not in held for other in along):
        raise rules.ChangedMeanwhile

    was = case.state
    case.state = State.MERGED
    case.merged_into = into
    clocks.stop(case, now())
    case.reports.filter(first_case=None).update(first_case=case)
    reports = case.reports.update(case=into)
    for other in along:
        other.merged_into = into
        other.save(update_fields=["merged_into"])
    case = keep(
        case,
        "merge",
        ["merged_into"],
        by=by,
        verdict=verdict,
        was=was,
        into=into.pk,
        into_number=into.number,
        along=[other.number for other in along] or None,
        note=note,
    )
    _note(into, "case.took_in", of=case, by=by, verdict=verdict, reports=reports)
    return case


@transaction.atomic
def unmerge_case(case: Case, *, by: Any, reason: str = "") -> Case:
    """Say that it was another problem after all: it waits for the desk again, with what its clock had left.

    Its reporters follow their own case again. What they said about the other one does not count for it.
    """
    held = _hold_in_order(case.pk, *filter(None, [case.merged_into_id]))
    case = held[case.pk]
    verdict = rules.may("unmerge", case, by).enforce()
    into = held.get(case.merged_into_id or 0)
    if into is None:  # what it lay in was itself merged a moment ago
        raise rules.ChangedMeanwhile
    was = case.state
    case.state = State.REPORTED
    case.merged_into = None
    clocks.run_on(case, now())
    reports = Report.objects.filter(case=into, first_case=case).update(
        case=case, first_case=None, solved=None, satisfaction="", answered_at=None, heard_at=None
    )
    case = keep(
        case,
        "unmerge",
        ["merged_into"],
        by=by,
        verdict=verdict,
        was=was,
        into=into.pk,
        into_number=into.number,
        note=reason,
    )
    if into.state == State.CLOSED:
        into.satisfaction = rules.satisfaction_of(into)
        into.save(update_fields=["satisfaction"])
    _note(into, "case.gave_back", of=case, by=by, verdict=verdict, reports=reports)
    return case


def _hold_in_order(*keys: int) -> dict[int, Case]:
    """Lock cases, always the lower key first: two people who merge them crosswise wait, and never block.

    As with every verb, the time that has passed takes its effect before anything else does.
    """
    held = {key: Case.objects.locked(key) for key in sorted(set(keys))}
    for case in held.values():
        catch_up(case, now())
    return held


def _note(into: Case, event: str, *, of: Case, by: Any, verdict: Verdict, reports: int) -> None:
    """Tell the other case's timeline, and let its page renew itself."""
    into.changed_at = now()
    into.save(update_fields=["changed_at"])
    record(
        event,
        into,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        was=into.state,
        state=into.state,
        due=into.due_at.isoformat() if into.is_open and into.due_at else None,
        of=of.pk,
        of_number=of.number,
        reports=reports,
    )
