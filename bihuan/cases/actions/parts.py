"""Who works on a case, and what follows from it: whom it shows itself to, and clocks that go with its own.

Steps of the actions, on a case that is held: parts and calls are written only while their case is.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind, Unit
from bihuan.accounts.queries import holders
from bihuan.audit import record
from bihuan.cases import clocks, limits
from bihuan.cases.models import Assistance, Call, Case, Extension, PartState, State, Task
from bihuan.cases.models.case import FINISHED, STANDING
from bihuan.cases.rules.joint import open_whistle_of
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.core.verdicts import YES, Verdict, no

LEAST_FOR_A_PART = 0.2  # of the limit: what a unit has at least that is asked when the lead is late already


def reckon_units(case: Case) -> list[str]:
    """Set whom a case shows itself to and how many parts are open; returns the names of these columns."""
    parts = list(case.assistances.exclude(state=PartState.WITHDRAWN).values_list("unit__path", "state"))
    calls = Call.objects.filter(whistle__case=case, whistle__called_off_at=None)
    paths = {path for path, _state in parts} | set(calls.values_list("unit__path", flat=True))
    if case.unit is not None:
        paths.add(case.unit.path)
    case.units = sorted({int(pk) for path in paths for pk in path.split("/") if pk})
    case.parts_open = sum(state in (PartState.ASKED, PartState.IN_HAND) for _path, state in parts)
    return ["units", "parts_open"]


def needs_handlers(unit: Unit) -> None:
    """Refuse a unit for which nobody could do anything."""
    if not holders(DutyKind.HANDLER, unit=unit).exists():
        no(
            "case.unit_without_handlers", _("Nobody handles cases for this unit. Choose another one.")
        ).enforce()


def hand_over(case: Case, unit: Unit, *, by: Any, verdict: Verdict, at: datetime) -> list[str]:
    """Make a unit the lead, whose limit to acknowledge begins; returns the changed columns.

    What another unit had asked for falls with it. Units that assist go on with their parts: their tasks do
    not depend on who leads. Only the new lead's own part ends, for nobody assists themselves.
    """
    needs_handlers(unit)
    promise = limits.Promise.read(case.promise)
    case.unit = unit
    case.assigned_at = at
    case.state = State.ASSIGNED
    if case.extension == Extension.ASKED:
        case.extension = Extension.NONE
    clocks.start_stage(case, at, promise.acknowledge, promise.clock)
    for part in case.assistances.open().filter(unit=unit).select_for_update(of=("self",)):
        end_part(case, part, by=by, verdict=verdict)
    return ["unit", "assigned_at", "extension"]


def add_part(case: Case, task: Task, *, by: Any, at: datetime) -> Assistance:
    """Ask one more unit for its part. It gets no more time than the lead has left."""
    if case.unit_id == task.unit.pk:
        no("case.leads_already", _("The unit that leads the case cannot assist it as well.")).enforce()
    needs_handlers(task.unit)
    if case.assistances.open().filter(unit=task.unit).exists():
        no("case.assists_already", _("This unit already has a part in this case.")).enforce()
    part = Assistance(case=case, unit=task.unit, task=clean(task.words), asked_at=at, asked_by=by)
    clocks.start_stage(part, at, sub_limit(case, task.limit, at), limits.Promise.read(case.promise).clock)
    part.save()
    return part


def add_parts(case: Case, tasks: Iterable[Task], *, by: Any, verdict: Verdict, at: datetime) -> None:
    """Ask several units, each of which is on record and told."""
    for task in tasks:
        part = add_part(case, task, by=by, at=at)
        record(
            "case.assistance_asked",
            case,
            by=by,
            on_behalf_of=verdict.on_behalf_of,
            note=part.task,
            **said_of(part),
        )


def sub_limit(case: Case, wished: int | None, at: datetime) -> int:
    """Seconds of the case's clock for a part: what was wished, never beyond the lead's deadline.

    Before the lead has acknowledged, its own limit is all there can be. When the lead's deadline has passed,
    a unit that is asked only now still gets a fifth of the limit: nobody can do anything in no time.
    """
    promise = limits.Promise.read(case.promise)
    longest = promise.resolve
    if case.state == State.HANDLING:
        left = clocks.left(case, at)
        longest = min(left, longest) if left > 0 else round(longest * LEAST_FOR_A_PART)
    if wished is None:
        return longest
    if not 0 < wished <= longest:
        no(
            "case.sub_limit_too_long",
            _("A part can take at most %(limit)s: the lead's own time.")
            % {"limit": limits.in_words(longest, promise.clock)},
        ).enforce()
    return wished


def said_of(subject: Assistance | Call) -> dict[str, Any]:
    """What every entry about a part or a call says of it."""
    kind = "assistance" if isinstance(subject, Assistance) else "call"
    unit = subject.unit
    return {kind: subject.pk, "unit": unit.pk, "unit_name": unit.name, "unit_name_en": unit.name_en}


def end_part(
    case: Case, part: Assistance, *, because: str = "", by: Any, verdict: Verdict, with_case: bool = False
) -> None:
    """End a part that is no longer needed, on record. Without a reason: its unit leads, or the case ended."""
    part.state = PartState.WITHDRAWN
    part.withdrawn_at = now()
    part.withdrawn_by = None if with_case else by
    part.withdrawn_because = because
    clocks.stop(part, part.withdrawn_at)
    changed = ["state", "withdrawn_at", "withdrawn_by", "withdrawn_because"]
    part.save(update_fields=[*changed, *clocks.CLOCK_FIELDS])
    data = said_of(part) | ({"note": because} if because else {})
    record("case.assistance_withdrawn", case, by=by, on_behalf_of=verdict.on_behalf_of, **data)


# -- what the case does, its parts do ----------------------------------------------------------------------


def follow(case: Case, was: str, at: datetime, *, by: Any = None, verdict: Verdict = YES) -> list[str]:
    """Let parts and whistle stand, run on or end with their case; returns the changed columns.

    Every verb passes here, so that no way of pausing or ending a case can forget its parts.
    """
    if not case.parts_open and case.whistled_at is None:
        return []
    if case.state in FINISHED:
        return _end_with(case, at, by=by, verdict=verdict)
    if case.state in STANDING and was not in STANDING:
        _set_clocks(case, clocks.stop, at)
    elif was in STANDING and case.state not in STANDING:
        _set_clocks(case, clocks.run_on, at)
    return []


def _set_clocks(case: Case, turn: Any, at: datetime) -> None:
    for part in case.assistances.open().select_for_update(of=("self",)):
        turn(part, at)
        part.save(update_fields=clocks.CLOCK_FIELDS)


def _end_with(case: Case, at: datetime, *, by: Any, verdict: Verdict) -> list[str]:
    for part in case.assistances.open().select_related("unit").select_for_update(of=("self",)):
        end_part(case, part, by=by, verdict=verdict, with_case=True)
    whistle = open_whistle_of(case)
    if whistle is not None:
        whistle.called_off_at = at  # by nobody: the case has ended
        whistle.save(update_fields=["called_off_at"])
        stop_calls(whistle, at)
        case.whistled_at = None
    return ["whistled_at", *reckon_units(case)]


def stop_calls(whistle: Any, at: datetime) -> None:
    """Nobody need answer any more."""
    for call in whistle.calls.filter(running_since__isnull=False).select_for_update(of=("self",)):
        clocks.stop(call, at)
        call.save(update_fields=clocks.CLOCK_FIELDS)
