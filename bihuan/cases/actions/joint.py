"""Joint handling 联办: asking a unit for its part, and what that unit says of it."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from bihuan.accounts.models import Unit
from bihuan.audit import record
from bihuan.cases import clocks
from bihuan.cases.actions.loop import add_handler, add_photos, hold, keep
from bihuan.cases.actions.parts import add_part, end_part, reckon_units, said_of, sub_limit
from bihuan.cases.actions.ticking import catch_up as catch_up_case
from bihuan.cases.actions.ticking_joint import PART_VERBS, catch_up
from bihuan.cases.models import Assistance, Case, PartState, Task
from bihuan.cases.rules.joint import PARTS, may_part
from bihuan.core.clock import now
from bihuan.core.text import clean
from bihuan.core.verdicts import Verdict
from bihuan.files.models import StoredFile


@transaction.atomic
def ask_assistance(case: Case, *, by: Any, unit: Unit, task: str, limit: int | None = None) -> Case:
    """Ask one more unit for its part. It sees the case at once, and the lead waits for it."""
    case, verdict = hold("ask_assistance", case, by)
    part = add_part(case, Task(unit, task, limit), by=by, at=now())
    return keep(
        case,
        "ask_assistance",
        reckon_units(case),
        by=by,
        verdict=verdict,
        was=case.state,
        note=part.task,
        **said_of(part),
    )


@transaction.atomic
def acknowledge_assistance(part: Assistance, *, by: Any) -> Assistance:
    """Take the unit's part over. Its limit has run since it was asked."""
    part, verdict = _hold_part("acknowledge_assistance", part, by)
    part.state = PartState.IN_HAND
    part.acknowledged_at, part.acknowledged_by = now(), by
    return _keep_part(
        part, "acknowledge_assistance", ["acknowledged_at", "acknowledged_by"], by=by, verdict=verdict
    )


@transaction.atomic
def finish_assistance(
    part: Assistance, *, by: Any, note: str, photos: Iterable[StoredFile] = ()
) -> Assistance:
    """Say that the unit's part is done. When the last one is, the lead can report the whole."""
    part, verdict = _hold_part("finish_assistance", part, by)
    photos = list(photos)
    at = now()
    late = clocks.left(part, at) < 0
    part.state = PartState.DONE
    part.result = clean(note)
    part.done_at, part.done_by = at, by
    clocks.stop(part, at)
    add_photos(part.case, photos, role="after", by=by)
    return _keep_part(
        part,
        "finish_assistance",
        ["result", "done_at", "done_by"],
        by=by,
        verdict=verdict,
        note=note,
        photos=len(photos),
        late=late,
    )


@transaction.atomic
def redo_assistance(part: Assistance, *, by: Any, reason: str) -> Assistance:
    """Let the lead name a part that is not good enough, after an inspection for instance.

    The unit goes on with its part in the time that the lead itself has left.
    """
    part, verdict = _hold_part("redo_assistance", part, by)
    at = now()
    part.state = PartState.IN_HAND
    part.done_at = part.done_by = None
    clocks.start_stage(part, at, sub_limit(part.case, None, at), part.clock)
    return _keep_part(
        part, "redo_assistance", ["done_at", "done_by"], by=by, verdict=verdict, note=clean(reason)
    )


@transaction.atomic
def withdraw_assistance(part: Assistance, *, by: Any, reason: str) -> Assistance:
    """Spare a unit its part. It no longer sees the case, and nobody waits for it."""
    part, verdict = _hold_part("withdraw_assistance", part, by)
    end_part(part.case, part, because=clean(reason), by=by, verdict=verdict)
    _touch(part.case)
    return part


def follow_unit(unit: Unit) -> None:
    """Let cases show themselves to the units above one that was put elsewhere in the tree.

    In one statement: a unit may have worked on a hundred thousand cases.
    """
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW_UNIT, {"unit": unit.pk})


FOLLOW_UNIT = """
WITH concerned AS (SELECT id, unit_id FROM cases_case WHERE units @> ARRAY[%(unit)s]::bigint[]),
working AS (
    SELECT id AS case_id, unit_id FROM concerned WHERE unit_id IS NOT NULL
    UNION
    SELECT part.case_id, part.unit_id FROM cases_assistance part JOIN concerned ON concerned.id = part.case_id
    WHERE part.state <> 'withdrawn'
    UNION
    SELECT whistle.case_id, call.unit_id FROM cases_whistle whistle
    JOIN concerned ON concerned.id = whistle.case_id JOIN cases_call call ON call.whistle_id = whistle.id
    WHERE whistle.called_off_at IS NULL
),
seeing AS (
    SELECT working.case_id, array_agg(DISTINCT above::bigint) AS units
    FROM working JOIN accounts_unit ON accounts_unit.id = working.unit_id,
        unnest(string_to_array(trim(both '/' from accounts_unit.path), '/')) AS above
    GROUP BY working.case_id
)
UPDATE cases_case SET units = seeing.units FROM seeing
WHERE cases_case.id = seeing.case_id AND cases_case.units <> seeing.units
"""


def _hold_part(verb: str, part: Assistance, by: Any) -> tuple[Assistance, Verdict]:
    """Lock the case, then its part, and ask the rules."""
    case = Case.objects.locked(part.case_id)
    catch_up_case(case, now())  # a case whose pause is over runs on, and its parts with it
    part = Assistance.objects.locked(part.pk)
    part.case = case
    catch_up(part, case, PART_VERBS)
    return part, may_part(verb, part, by).enforce()


def _keep_part(
    part: Assistance, verb: str, fields: list[str], *, by: Any, verdict: Verdict, **data: Any
) -> Assistance:
    """Save a part with its clock, let its case know, and record the verb."""
    case = part.case
    part.save(update_fields=[*fields, *clocks.CLOCK_FIELDS, "state"])
    if PARTS[verb].who == "handler":
        add_handler(case, by, verdict)
    _touch(case)
    record(
        PARTS[verb].event,
        case,
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        **said_of(part),
        **{key: value for key, value in data.items() if value not in (None, "")},
    )
    return part


def _touch(case: Case) -> None:
    case.changed_at = now()
    case.save(update_fields=[*reckon_units(case), "handlers", "changed_at"])
