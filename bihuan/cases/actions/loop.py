"""What every verb of the loop does the same way: hold the case and ask; save and record."""

from collections.abc import Sequence
from typing import Any

from bihuan.audit import record
from bihuan.cases import clocks, rules
from bihuan.cases.models import Case, Report
from bihuan.core.clock import now
from bihuan.core.verdicts import Verdict
from bihuan.files.actions import attach_files
from bihuan.files.models import StoredFile


def hold(verb: str, case: Case, by: Any, *, report: Report | None = None) -> tuple[Case, Verdict]:
    """Lock the case and ask the rules; raises a Refusal when they say no."""
    case = Case.objects.locked(case.pk)
    return case, rules.may(verb, case, by, report=report).enforce()


def keep(
    case: Case, verb: str, fields: list[str], *, by: Any, verdict: Verdict, was: str, **data: Any
) -> Case:
    """Save the named fields with the clock's, and record the verb with what it led to.

    `data` goes into the audit trail for good: no phone numbers, no reporter's words.
    """
    case.changed_at = now()
    case.save(update_fields=[*fields, *clocks.CLOCK_FIELDS, "state", "changed_at"])
    record(
        rules.FLOW[verb].event,
        case,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        was=was,
        state=case.state,
        due=case.due_at.isoformat() if case.is_open and case.due_at else None,
        **{key: value for key, value in data.items() if value not in (None, "")},
    )
    return case


def add_photos(case: Case, photos: Sequence[StoredFile], *, role: str, by: Any) -> None:
    """Put photos beside a held case, if there are any."""
    if photos:
        attach_files(photos, case, role=role, by=by)


def add_handler(case: Case, by: Any, verdict: Verdict) -> None:
    """Remember who took part in handling, and for whom: they may not judge it later."""
    for person in (by, verdict.on_behalf_of):
        if person is not None and person.pk not in case.handlers:
            case.handlers = [*case.handlers, person.pk]
