"""Issuing a supervision notice 督办单, always as a part of what gives the reason for it."""

from datetime import datetime
from typing import Any

from bihuan.cases import climbing
from bihuan.cases.models import Case, Supervision, SupervisionNotice, Why
from bihuan.cases.models.case import WITH_UNIT
from bihuan.core.clock import today
from bihuan.core.text import clean

LEVELS: tuple[str, ...] = tuple(Supervision.values)  # from none to red
FIELDS = ["supervision", "agenda_on"]


def issue(
    case: Case,
    level: str,
    *,
    why: str,
    at: datetime,
    step: int | None = None,
    by: Any = None,
    words: str = "",
) -> SupervisionNotice | None:
    """Write a notice about a held case and raise its level, which never falls. The caller saves `FIELDS`.

    None when this step of this stage has its notice already: more time had lifted the flag in between.
    """
    issued = SupervisionNotice.objects.filter(case=case)
    if step is not None and issued.filter(stage_started_at=case.stage_started_at, step=step).exists():
        return None
    case.supervision = max(case.supervision, level, key=LEVELS.index)
    is_red = level == Supervision.RED
    if is_red:
        # A worker that comes late must not put it on an agenda that has been read out already.
        case.agenda_on = climbing.next_assignment_day(today())
    has_unit = case.unit is not None and case.state in WITH_UNIT
    return SupervisionNotice.objects.create(
        case=case,
        number=f"{case.number}-{issued.count() + 1:02}",
        level=level,
        why=why,
        stage_started_at=case.stage_started_at,
        step=step,
        unit=case.unit if has_unit else None,
        desk=None if has_unit else case.desk,
        agenda_on=case.agenda_on if is_red else None,
        words=clean(words),
        issued_at=at,
        issued_by=by,
    )


def issue_for_rework(case: Case, at: datetime) -> None:
    """What was sent back a second time is supervised from now on."""
    issue(case, Supervision.ORDINARY, why=Why.REWORK, at=at)
