"""Taking the next message for a channel, and noting what became of it.

What goes out when is decided here and nowhere else, one person at a time: quiet hours, the daily digest, and
the digest that a storm of notices becomes.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Min, QuerySet

from bihuan.core.clock import now
from bihuan.notices import rules
from bihuan.notices.channels.base import Message
from bihuan.notices.models import WAITING, Delivery, DeliveryState, Digest
from bihuan.notices.ways import forget_ways, ways_of

if TYPE_CHECKING:
    from bihuan.accounts.models import User
    from bihuan.notices.channels.base import Outcome


@transaction.atomic
def take_message(channel: str) -> Message | None:
    """The channel's next message that is due, for this worker alone until the lease ends.

    The attempt is counted and committed before it is made: a message that kills its worker is not tried for
    ever. Two workers never look at the same person at once, so that a storm is counted by one of them.
    """
    looked_at: set[int] = set()
    while (person := _next_person(channel, except_for=looked_at)) is not None:
        looked_at.add(person)
        if _is_mine(channel, person):
            message = _message_for(person, channel)
            if message is not None:
                return message
    return None


def _due(channel: str) -> QuerySet[Delivery]:
    return Delivery.objects.filter(channel=channel, state__in=WAITING, next_try_at__lte=now())


def _next_person(channel: str, *, except_for: set[int]) -> int | None:
    """Whose message has been due the longest."""
    due = _due(channel).exclude(notice__recipient__in=except_for).order_by("next_try_at", "pk")
    return due.values_list("notice__recipient", flat=True).first()


def _is_mine(channel: str, person: int) -> bool:
    """Hold this person's messages until the transaction ends, unless another worker does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"notices {channel} {person}"]
        )
        return bool(cursor.fetchone()[0])


def _message_for(person: int, channel: str) -> Message | None:
    at = now()
    due = _due(channel).filter(notice__recipient=person).select_related("notice__recipient")
    rows = list(due.select_for_update(of=("self",)).order_by("pk"))
    if not rows:
        return None
    rows = _that_need_not_wait(rows, rows[0].notice.recipient, at)
    frozen = next((row for row in rows if row.digest_id or row.attempts), None)
    if frozen is not None:  # tried before: the same message again, with the same key
        return _lease(_whole(frozen) if frozen.digest_id else [frozen], at)
    if any(row.together for row in rows):
        return _gather(rows[: rules.LONGEST_DIGEST], at)
    if rows and (end := _storm_ends(person, channel, at)):
        _postpone(rows, until=end)
        return None
    return _lease(rows[:1], at) if rows else None


def _that_need_not_wait(rows: list[Delivery], person: User, at: datetime) -> list[Delivery]:
    """Put off what has to wait for the end of quiet hours or for the daily digest; give back the rest."""
    forget_ways(person)
    wishes = ways_of(person).wishes
    quiet, daily = rules.quiet_until(wishes, at), rules.digest_at(wishes, at)
    pressing = [row for row in rows if rules.passes(row, wishes)]
    patient = [row for row in rows if not rules.passes(row, wishes)]
    if quiet is not None:
        _postpone(patient, until=quiet)
        return pressing
    if daily is not None:
        new = [row for row in patient if not (row.together or row.digest_id or row.attempts)]
        _postpone(new, until=daily)
        patient = [row for row in patient if row.together or row.digest_id or row.attempts]
    return sorted([*pressing, *patient], key=lambda row: row.pk)


def _postpone(rows: Sequence[Delivery], *, until: datetime) -> None:
    """Let them wait. What was never tried goes out together with whatever else waits then."""
    new = [row.pk for row in rows if not (row.attempts or row.digest_id)]
    Delivery.objects.filter(pk__in=new).update(next_try_at=until, together=True)
    others = [row.pk for row in rows if row.attempts or row.digest_id]
    Delivery.objects.filter(pk__in=others).update(next_try_at=until)


def _storm_ends(person: int, channel: str, at: datetime) -> datetime | None:
    """When this person may be written to again, if they were written to often enough just now."""
    since = at - rules.WINDOW
    single = Delivery.objects.filter(
        notice__recipient=person, channel=channel, digest=None, begun_at__gt=since
    )
    digests = Digest.objects.filter(recipient=person, channel=channel, created_at__gt=since)
    if single.count() + digests.count() < rules.STORM:
        return None
    first = [
        single.aggregate(first=Min("begun_at"))["first"],
        digests.aggregate(first=Min("created_at"))["first"],
    ]
    return min(moment for moment in first if moment is not None) + rules.WINDOW


def _whole(delivery: Delivery) -> list[Delivery]:
    """Everything that still waits of a digest."""
    parts = Delivery.objects.filter(digest=delivery.digest_id, state__in=WAITING)
    return list(parts.select_related("notice__recipient").select_for_update(of=("self",)).order_by("pk"))


def _gather(rows: list[Delivery], at: datetime) -> Message:
    if len(rows) > 1:
        digest = Digest.objects.create(
            recipient=rows[0].notice.recipient, channel=rows[0].channel, created_at=at
        )
        for row in rows:
            row.digest = digest
    return _lease(rows, at)


def _lease(rows: list[Delivery], at: datetime) -> Message:
    for row in rows:
        row.begun_at = row.begun_at or at
        row.attempts += 1
        row.next_try_at = at + rules.LEASE
    Delivery.objects.bulk_update(rows, ["digest", "begun_at", "attempts", "next_try_at"])
    digest = rows[0].digest_id
    return Message(f"digest-{digest}" if digest else f"notice-{rows[0].pk}", rows)


@transaction.atomic
def note_outcome(deliveries: Sequence[Delivery], outcome: Outcome) -> list[Delivery]:
    """What became of an attempt, or a receipt for it. What was decided in the meantime stays as it is."""
    rows = list(
        Delivery.objects.select_for_update().filter(pk__in=[row.pk for row in deliveries]).order_by("pk")
    )
    at = now()
    chance = random.random()  # noqa: S311  # parts of one digest are tried again together
    changed = [row for row in rows if outcome.state in rules.FLOW.get(row.state, ())]
    for row in changed:
        _note(row, outcome, at, chance)
    Delivery.objects.bulk_update(
        changed, ["state", "error", "next_try_at", "sent_at", "delivered_at", "failed_at"]
    )
    return rows


def _note(delivery: Delivery, outcome: Outcome, at: datetime, chance: float) -> None:
    delivery.state, delivery.error, delivery.next_try_at = outcome.state, outcome.error[:300], None
    if outcome.state == DeliveryState.FAILED_FOR_NOW:
        delivery.next_try_at = rules.next_try(delivery, at=at, wait=outcome.wait, chance=chance)
        if delivery.next_try_at is None:
            delivery.state = DeliveryState.FAILED_FOR_GOOD
    if delivery.state in (DeliveryState.SENT, DeliveryState.DELIVERED):
        delivery.sent_at = delivery.sent_at or at
    if delivery.state == DeliveryState.DELIVERED:
        delivery.delivered_at = at
    if delivery.state == DeliveryState.FAILED_FOR_GOOD:
        delivery.failed_at = at
