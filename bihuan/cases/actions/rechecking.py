"""Re-checks 抽查复核: drawing closed cases by lot, and looking at them once more."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.audit import record
from bihuan.cases import clocks, rules
from bihuan.cases.actions import issuing
from bihuan.cases.actions.loop import add_photos, hold, keep
from bihuan.cases.actions.reopening import reopen
from bihuan.cases.models import Case, Recheck, RecheckReason, State, Supervision, Why
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.files.models import StoredFile

LIMIT = "5d"  # working days


@transaction.atomic
def draw_recheck(case: Case, *, why: str) -> Recheck | None:
    """Have somebody else look once more at a closed case. None when it is open again.

    One that was drawn before, re-opened by its reporter and closed again is looked at once, from now.
    """
    case = Case.objects.locked(case.pk)
    if case.state != State.CLOSED:
        return None
    at = now()
    recheck = rules.open_recheck(case) or Recheck(case=case, why=why)
    recheck.desk, recheck.drawn_at = rules.recheck_desk(case), at
    clocks.start_stage(recheck, at, LIMIT)
    recheck.save()
    case.changed_at = at
    case.save(update_fields=["changed_at"])
    record(
        "case.recheck_drawn",
        case,
        was=case.state,
        state=case.state,
        due=None,
        why=str(why),
        recheck=recheck.pk,
        recheck_due=recheck.due_at.isoformat() if recheck.due_at else None,
    )
    return recheck


@transaction.atomic
def recheck_case(
    case: Case, *, by: Any, held: bool, note: str = "", photos: Iterable[StoredFile] = ()
) -> Case:
    """Say whether the result of a closed case holds on the spot.

    When it does not, the unit takes it up again with its whole limit, under supervision; what no unit had
    goes back to the desk. That a reporter may still say “not solved” once is another matter and stays so.
    """
    case, verdict = hold("recheck", case, by)
    was, at = case.state, now()
    recheck = Recheck.objects.select_for_update().get(case=case, done_at=None)
    recheck.done_at, recheck.done_by, recheck.held, recheck.note = at, by, held, clean(note)
    clocks.stop(recheck, at)
    recheck.save(update_fields=[*clocks.CLOCK_FIELDS, "done_at", "done_by", "held", "note"])
    photos = list(photos)
    add_photos(case, photos, role="evidence", by=by)
    fields = [] if held else _reopen(case, at)
    return keep(
        case,
        "recheck",
        fields,
        by=by,
        verdict=verdict,
        was=was,
        held=held,
        why=str(RecheckReason(recheck.why)),
        note=note,
        photos=len(photos),
        supervision=case.supervision,
    )


def _reopen(case: Case, at: datetime) -> list[str]:
    reopened = case.reopened  # the reporter's own re-opening is not used up by this one
    fields = reopen(case, at)
    case.reopened = reopened
    issuing.issue(case, Supervision.ORDINARY, why=Why.RECHECK, at=at)
    return [*fields, *issuing.FIELDS]
