"""Photos in doubt: noted by a reaction, answered by whoever judges the case."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from bihuan.audit import record
from bihuan.cases.models import Case, PhotoDoubt
from bihuan.cases.queries.doubts import Found
from bihuan.core.clock import now
from bihuan.core.text import clean


@transaction.atomic
def doubt_photos(case: Case, *, found: Sequence[Found]) -> Case:
    """Note that photos of a result look like other photos. What was noted before stays as it is.

    Nobody is accused and nothing stops: the inspector sees the pictures side by side.
    """
    case = Case.objects.locked(case.pk)
    known = set(PhotoDoubt.objects.filter(case=case).values_list("photo", "other"))
    at = now()
    new = [
        PhotoDoubt(
            case=case,
            photo_id=one.photo,
            other_id=one.other,
            other_case_id=one.other_case,
            kind=one.kind,
            distance=one.distance,
            found_at=at,
        )
        for one in found
        if (one.photo, one.other) not in known
    ]
    if not new:
        return case
    PhotoDoubt.objects.bulk_create(new)
    case.doubted_at = case.changed_at = at
    case.save(update_fields=["doubted_at", "changed_at"])
    record(
        "case.doubted",
        case,
        was=case.state,
        state=case.state,
        due=case.due_at.isoformat() if case.is_open and case.due_at else None,
        doubts=[{"photo": one.photo_id, "other": one.other_id, "kind": str(one.kind)} for one in new],
    )
    return case


def settle_doubts(case: Case, *, by: Any, passed: bool, note: str) -> None:
    """Close what is open about a held case with the words of whoever judged it."""
    PhotoDoubt.objects.filter(case=case, settled_at=None).update(
        settled_at=now(), settled_by=by, passed=passed, note=clean(note)
    )
