"""The jobs of the audit room: reactions, the daily seal, and the rescue of jobs whose worker was killed."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from bihuan.audit import actions
from bihuan.audit.models import Entry
from bihuan.audit.reactions import REACT, every
from bihuan.audit.running import fresh_connection, take_effect


@app.task(
    name=REACT,
    queue="reactions",
    retry=RetryStrategy(max_attempts=8, exponential_wait=4),  # 4 s, 16 s, … about 18 h at the last
)
def react(entry_id: int, reaction: str) -> None:
    with fresh_connection():
        take_effect(Entry.objects.get(pk=entry_id), reaction)


@every("day")
def seal_days() -> None:
    actions.seal_days()


@every("minute")
def rescue_jobs() -> None:
    actions.rescue_jobs()
