"""The job queue through Django's own connection, so that a job belongs to the transaction at hand.

Inside a worker `procrastinate`'s app has a connection pool of its own, and a job queued through it would be
there before the entry it answers, or without it.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from bihuan.core import clock


def _manager() -> JobManager:
    return JobManager(DjangoConnector())


def queue_jobs(task: str, arguments: Iterable[dict[str, Any]], *, queue: str) -> None:
    """Queue one job of a task for each set of arguments."""
    configure_task(name=task, job_manager=_manager(), queue=queue).batch_defer(*arguments)


def queue_again(job: ProcrastinateJob) -> None:
    """Put a job that a killed worker held, or that failed for good, back into the queue, to run at once."""
    _manager().retry_job_by_id(job.pk, retry_at=clock.real_now())


def drop(job: ProcrastinateJob) -> None:
    """End a job for good without running it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'aborted', true)", [job.pk])
