"""Which campaigns the demo has, and how a process plays its share of them."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Protocol

from django.db import connection, transaction

from bihuan.audit.reactions import at_once
from bihuan.core.clock import now, real_now
from bihuan.demo.campaigns import charging, counted, farmland, gardens, relocation, renovation, sweeps
from bihuan.demo.campaigns.stage import Script, Stage
from bihuan.ledgers.models import Campaign

INBOXES = timedelta(days=14)


class Chapter(Protocol):
    """A campaign that is ready to be played."""

    script: Script


# By the name of the campaign; the long ones first, since processes take turns.
CHAPTERS: dict[str, Callable[[Stage], Chapter]] = {
    relocation.NAME: relocation.Relocation,
    gardens.RENHE_ROUND.name: partial(gardens.Gardens, told=gardens.RENHE_ROUND),
    charging.NAME: charging.Charging,
    **{one.name: partial(sweeps.Sweeping, told=one) for one in sweeps.ROUNDS},
    counted.VISITS: counted.Visiting,
    gardens.SECOND_LOOK.name: partial(gardens.Gardens, told=gardens.SECOND_LOOK),
    renovation.NAME: renovation.Renovation,
    farmland.NAME: farmland.Farmland,
    counted.HARDSHIP: counted.Hardship,
}


def shares(processes: int) -> list[list[int]]:
    """Which chapters each process plays: relocation is as long as all others, and has one to itself."""
    rest = list(range(1, len(CHAPTERS)))
    if processes == 1:
        return [[0, *rest]]
    return [[0], *(rest[part :: processes - 1] for part in range(processes - 1))]


def play_campaigns(indices: Iterable[int], done: Callable[[int], None]) -> None:
    """Play these chapters, each whole or not at all: one that is there was played to its end."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    indices = list(indices)
    stage = Stage(min(indices, default=0))
    there = set(Campaign.objects.values_list("name", flat=True))
    for index in indices:
        name = list(CHAPTERS)[index]
        if name not in there:
            with transaction.atomic(), at_once(tells_people_now):
                CHAPTERS[name](stage).script.run()
        done(index)


def tells_people_now(reaction: str) -> bool:
    """What people were told long ago would only lie read in their inboxes."""
    return reaction.startswith(("ledgers.", "reports.")) and now() > real_now() - INBOXES
