"""Giving messages that failed for good another chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bihuan.audit import record
from bihuan.core.clock import now
from bihuan.notices import queries, rules
from bihuan.notices.models import Delivery, DeliveryState

if TYPE_CHECKING:
    from bihuan.accounts.models import User

AT_ONCE = 200


@transaction.atomic
def send_again(delivery: Delivery, *, by: User) -> Delivery:
    """Try a failed message once more from the beginning, a digest as a whole."""
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("notice").order_by("pk")
    whole = rows.filter(digest=delivery.digest_id) if delivery.digest_id else rows.filter(pk=delivery.pk)
    parts = list(whole.filter(state=DeliveryState.FAILED_FOR_GOOD)) or [rows.get(pk=delivery.pk)]
    verdict = rules.may("send_again", parts[0], by).enforce()

    at = now()
    for part in parts:
        part.state, part.attempts, part.next_try_at = DeliveryState.CREATED, 0, at
        part.failed_at = part.begun_at = None
        part.together = False
    Delivery.objects.bulk_update(
        parts, ["state", "attempts", "next_try_at", "failed_at", "begun_at", "together"]
    )

    record(
        "delivery.sent_again",
        parts[0],
        by=by,
        on_behalf_of=verdict.on_behalf_of,
        channel=parts[0].channel,
        notices=len(parts),
    )
    return parts[0]


@transaction.atomic
def send_all_again(*, by: User, channel: str, mine: bool) -> int:
    """Try everything of a channel that failed once more, one's own or, for administrators, everybody's.

    As many as fit into one transaction; says how many messages that were.
    """
    failed = queries.own_failed(by) if mine else queries.all_failed(by)
    again = list(failed.filter(channel=channel).order_by("pk")[:AT_ONCE])
    for delivery in again:
        send_again(delivery, by=by)
    return len(again)
