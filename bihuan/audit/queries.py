"""Reading the record: timelines, dead reactions, and whether the chains still hold."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import models
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from bihuan.audit import rules
from bihuan.audit.chain import GENESIS, entry_hash, seal_hash
from bihuan.audit.models import Entry, EntryQuerySet, Seal
from bihuan.core.verdicts import Verdict


def entries_about(subject: models.Model) -> EntryQuerySet:
    """A subject's entries, oldest first."""
    return Entry.objects.about(subject)


def dead_jobs() -> models.QuerySet[ProcrastinateJob]:
    """Reactions and periodic jobs that used up their attempts, newest first."""
    return ProcrastinateJob.objects.filter(status="failed").order_by("-id")


def twin_waits(job: ProcrastinateJob) -> bool:
    """Whether a job that must not be queued twice is queued already."""
    if not job.queueing_lock:
        return False
    return ProcrastinateJob.objects.filter(status="todo", queueing_lock=job.queueing_lock).exists()


@dataclass(frozen=True)
class Fault:
    """One row that is not what was written: `kind` is changed, missing or inserted."""

    kind: str
    where: str
    detail: str


def faults() -> Iterator[Fault]:
    """Check every chain and every seal; yields nothing when all is as it was written."""
    yield from _chain_faults()
    yield from _seal_faults()


def _chain_faults() -> Iterator[Fault]:
    rows = Entry.objects.order_by("subject_type", "subject_id", "seq").iterator(chunk_size=5_000)
    for (subject_type, subject_id), entries in groupby(rows, key=lambda e: (e.subject_type, e.subject_id)):
        previous, expected = GENESIS, 1
        for entry in entries:
            where = f"{subject_type}/{subject_id}#{entry.seq} (id {entry.pk})"
            while expected < entry.seq:
                yield Fault("missing", f"{subject_type}/{subject_id}#{expected}", "gap in the chain")
                expected += 1
                previous = bytes(entry.previous_hash)
            if bytes(entry.previous_hash) != previous:
                yield Fault("inserted", where, "does not follow the entry before it")
            elif bytes(entry.hash) != _hash_of(entry):
                yield Fault("changed", where, f"{entry.verb} is not what was written")
            previous, expected = bytes(entry.hash), entry.seq + 1


def _hash_of(entry: Entry) -> bytes:
    return entry_hash(
        previous=bytes(entry.previous_hash),
        at=entry.at,
        verb=entry.verb,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        seq=entry.seq,
        area_id=entry.area_id,
        by_id=entry.by_id,
        on_behalf_of_id=entry.on_behalf_of_id,
        data=entry.data,
    )


def _seal_faults() -> Iterator[Fault]:
    previous = GENESIS
    for seal in Seal.objects.order_by("day").iterator(chunk_size=50):
        if bytes(seal.previous_hash) != previous:
            yield Fault("missing", f"seal before {seal.day}", "the chain of seals is broken")
        rows = dict(Entry.objects.filter(day=seal.day).order_by("id").values_list("id", "hash"))
        sealed = set(seal.entry_ids)
        for pk in sorted(sealed - rows.keys()):
            yield Fault("missing", f"entry id {pk} of {seal.day}", "sealed, but no longer there")
        for pk in sorted(rows.keys() - sealed):
            yield Fault("inserted", f"entry id {pk} of {seal.day}", "was not there when the day was sealed")
        if sealed == rows.keys():
            expected = seal_hash(
                previous=bytes(seal.previous_hash),
                day=seal.day.isoformat(),
                hashes=[bytes(rows[pk]) for pk in seal.entry_ids],
            )
            if bytes(seal.hash) != expected:
                yield Fault("changed", f"day {seal.day}", "an entry or the seal is not what was written")
        previous = bytes(seal.hash)


def counts() -> dict[str, int]:
    """How much there is to check."""
    return {"entries": Entry.objects.count(), "seals": Seal.objects.count()}


@dataclass(frozen=True)
class DeadRow:
    """One line of the page of failed reactions."""

    job: ProcrastinateJob
    reaction: str
    at: datetime | None
    entry: Entry | None
    subject: Any
    verdict: Verdict


def dead_rows(user: Any, jobs: Sequence[ProcrastinateJob]) -> list[DeadRow]:
    """Dead jobs with what they belong to, for the page: a query for each kind of subject, and two."""
    entries = Entry.objects.in_bulk([job.args["entry_id"] for job in jobs if "entry_id" in job.args])
    subjects = _subjects_of(entries.values())
    failed = ProcrastinateEvent.objects.filter(job__in=jobs, type="failed").values_list("job_id")
    moments = dict(failed.annotate(last=models.Max("at")))
    rows = []
    for job in jobs:
        entry = entries.get(job.args.get("entry_id", 0))
        rows.append(
            DeadRow(
                job=job,
                reaction=job.args.get("reaction", job.task_name),
                at=moments.get(job.pk),
                entry=entry,
                subject=subjects.get((entry.subject_type, entry.subject_id)) if entry else None,
                verdict=rules.may_run_again(job, user),
            )
        )
    return rows


def _subjects_of(entries: Iterable[Entry]) -> dict[tuple[str, int], Any]:
    wanted = defaultdict(set)
    for entry in entries:
        wanted[entry.subject_type].add(entry.subject_id)
    return {
        (kind, pk): subject
        for kind, ids in wanted.items()
        for pk, subject in apps.get_model(kind)._base_manager.in_bulk(ids).items()
    }
