"""Writing an entry, and queueing what follows from it, in the transaction of the change itself."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from bihuan.audit.chain import GENESIS, entry_hash
from bihuan.audit.models import Entry
from bihuan.audit.queueing import queue_jobs
from bihuan.audit.reactions import REACT, reaction, reactions_to, running_at_once
from bihuan.core import clock
from bihuan.core.postgresql import prepared_cursor
from bihuan.core.rows import insert, insert_all

HEAD = (
    "SELECT seq, hash FROM audit_entry WHERE subject_type = %s AND subject_id = %s ORDER BY seq DESC LIMIT 1"
)


class OutsideTransaction(RuntimeError):
    """record() was called outside a transaction, where the change and its entry could part."""


def record(
    verb: str,
    subject: models.Model,
    *,
    by: Any = None,
    area: Any = None,
    on_behalf_of: Any = None,
    is_first: Any = False,
    **data: Any,
) -> Entry:
    """Say that something happened, for good.

    `verb` is "noun.past" ("case.closed"); `by` None means the system or somebody without an account;
    `area` is an Area or its id, by default the subject's own; `data` must be JSON. The caller holds the
    subject's row lock, so that its chain grows one by one; `is_first` says that it has just made the subject,
    whose chain need not be looked for.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(verb)
    subject_type = subject._meta.label_lower
    seq, previous = (1, GENESIS) if is_first else _head(subject_type, subject.pk)
    area_id = getattr(area, "pk", area)
    if area_id is None:
        area_id = getattr(subject, "area_id", None)
    if by is not None and not by.is_authenticated:
        by = None
    at = clock.now()
    fields = {
        "at": at,
        "verb": verb,
        "subject_type": subject_type,
        "subject_id": subject.pk,
        "seq": seq,
        "area_id": area_id,
        "by_id": getattr(by, "pk", None),
        "on_behalf_of_id": getattr(on_behalf_of, "pk", None),
        "data": data,
    }
    entry = Entry(
        **fields,
        day=clock.local(at).date(),
        previous_hash=previous,
        hash=entry_hash(previous=previous, **fields),
    )
    entry.__dict__["_subject"] = subject
    insert(entry)
    _queue_reactions(entry)
    return entry


def record_first(
    verb: str, subjects: Sequence[tuple[models.Model, Any, dict[str, Any]]], *, by: Any = None
) -> None:
    """The first entry of many subjects just made: each with the person for whom it was done, and its data.

    The same entries as `record(…, is_first=True)` writes one by one.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(verb)
    if reactions_to(verb):  # a reaction is told which entry it answers
        for subject, on_behalf_of, data in subjects:
            record(verb, subject, by=by, on_behalf_of=on_behalf_of, is_first=True, **data)
        return
    if by is not None and not by.is_authenticated:
        by = None
    at = clock.now()
    day = clock.local(at).date()
    entries = []
    for subject, on_behalf_of, data in subjects:
        fields = {
            "at": at,
            "verb": verb,
            "subject_type": subject._meta.label_lower,
            "subject_id": subject.pk,
            "seq": 1,
            "area_id": getattr(subject, "area_id", None),
            "by_id": getattr(by, "pk", None),
            "on_behalf_of_id": getattr(on_behalf_of, "pk", None),
            "data": data,
        }
        hashed = entry_hash(previous=GENESIS, **fields)
        entries.append(Entry(**fields, day=day, previous_hash=GENESIS, hash=hashed))
    insert_all(entries)


def _head(subject_type: str, subject_id: int) -> tuple[int, bytes]:
    """The next place in a subject's chain, and the hash it follows. Asked by every action there is."""
    with prepared_cursor() as cursor:
        cursor.execute(HEAD, [subject_type, subject_id])
        last = cursor.fetchone()
    return (last[0] + 1, bytes(last[1])) if last else (1, GENESIS)


def _queue_reactions(entry: Entry) -> None:
    names = reactions_to(entry.verb)
    if not names:
        return
    wanted = running_at_once()
    if wanted is not None:
        for name in filter(wanted, names):
            reaction(name)(entry)  # in the entry's own transaction, so it needs no mark
    else:
        queue_jobs(REACT, [{"entry_id": entry.pk, "reaction": name} for name in names], queue="reactions")
