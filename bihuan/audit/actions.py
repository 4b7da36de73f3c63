"""Sealing past days, and giving jobs another chance."""

from datetime import date
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.audit import queries, queueing, record, rules
from bihuan.audit.chain import GENESIS, seal_hash
from bihuan.audit.models import Entry, Seal
from bihuan.core import clock

WORKER_SILENCE = 60  # seconds without a heartbeat after which a worker counts as killed


def seal_days() -> list[Seal]:
    """Seal every finished day that is not sealed yet. A day without entries needs no seal."""
    seals = []
    while (seal := _seal_next_day()) is not None:
        seals.append(seal)
    return seals


@transaction.atomic
def _seal_next_day() -> Seal | None:
    with connection.cursor() as cursor:
        # Nobody may add an entry while the day is counted; afterwards the database moves late ones on.
        cursor.execute(f"LOCK TABLE {Entry._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
    last = Seal.objects.order_by("-day").first()
    unsealed = Entry.objects.filter(day__lt=clock.today())
    if last:
        unsealed = unsealed.filter(day__gt=last.day)
    day: date | None = unsealed.order_by("day").values_list("day", flat=True).first()
    if day is None:
        return None
    rows = list(Entry.objects.filter(day=day).order_by("id").values_list("id", "hash"))
    previous = bytes(last.hash) if last else GENESIS
    return Seal.objects.create(
        day=day,
        sealed_at=clock.now(),
        entry_ids=[pk for pk, _hash in rows],
        previous_hash=previous,
        hash=seal_hash(previous=previous, day=day.isoformat(), hashes=[bytes(h) for _pk, h in rows]),
    )


@transaction.atomic
def rescue_jobs() -> int:
    """Queue again the jobs whose worker was killed. Their effects commit once all the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_prune_stalled_workers_v1(%s)", [WORKER_SILENCE])
    orphans = ProcrastinateJob.objects.filter(status="doing", worker__isnull=True)
    rescued = 0
    for job in orphans.select_for_update(skip_locked=True).order_by("pk"):
        if queries.twin_waits(job):
            queueing.drop(job)  # a periodic job whose next turn is queued already
        else:
            queueing.queue_again(job)
            rescued += 1
    return rescued


@transaction.atomic
def run_again(job: ProcrastinateJob, *, by: Any) -> None:
    """Give a dead reaction another attempt."""
    job = ProcrastinateJob.objects.select_for_update().get(pk=job.pk)
    verdict = rules.may_run_again(job, by, twin_waits=queries.twin_waits(job)).enforce()

    queueing.queue_again(job)

    record(
        "reaction.run_again", job, by=by, on_behalf_of=verdict.on_behalf_of, task=job.task_name, args=job.args
    )
