"""What every verb of the loop does the same way: hold the case and ask; save and record."""

from collections.abc import Sequence
from typing import Any

from bihuan.audit import record
from bihuan.cases import climbing, clocks, rules
from bihuan.cases.actions.parts import follow, reckon_units
from bihuan.cases.models import Case, Report, State
from bihuan.core.clock import now
from bihuan.core.verdicts import Verdict
from bihuan.files.actions import attach_files
from bihuan.files.models import StoredFile

KEPT = ("state", "desk", "climb_at", "on_site_due", "changed_at")


def hold(verb: str, case: Case, by: Any, *, report: Report | None = None) -> tuple[Case, Verdict]:
    """Lock the case, let the time that has passed take its effect, and ask the rules.

    Raises a Refusal when they say no.
    """
    from bihuan.cases.actions.ticking import catch_up  # which itself needs what verbs do

    case = Case.objects.locked(case.pk)
    catch_up(case, now())
    return case, rules.may(verb, case, by, report=report).enforce()


def keep(
    case: Case, verb: str, fields: list[str], *, by: Any, verdict: Verdict, was: str, **data: Any
) -> Case:
    """Save the named fields with the clock's, and record the verb with what it led to.

    `data` goes into the audit trail for good: no phone numbers, no reporter's words. A case shows itself to a
    new lead, and the parts of other units stand, run on or end with it.
    """
    case.changed_at = at = now()
    climbing.settle(case, was, at, moved="desk" in fields)
    if case.state != State.HANDLING:
        case.on_site_due = None  # whoever is done, or may wait, need not arrive any more
    if "unit" in fields:
        fields = [*fields, *reckon_units(case)]
    fields = [*fields, *follow(case, was, at, by=by, verdict=verdict)]
    case.save(update_fields=[*fields, *clocks.CLOCK_FIELDS, *KEPT])
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
