"""Who may do what with a notice, and when a failed delivery is tried again. Decides, never writes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bihuan.core.verdicts import YES, Verdict, no
from bihuan.notices.models import DeliveryState as State

if TYPE_CHECKING:
    from bihuan.accounts.models import User
    from bihuan.notices.models import Delivery, Notice

_TRIED = {State.SENT, State.DELIVERED, State.FAILED_FOR_NOW, State.FAILED_FOR_GOOD}

# What may become of a delivery. A receipt may follow upon "sent"; delivered and failed for good are the end.
FLOW: dict[str, set[State]] = {
    State.CREATED: _TRIED,
    State.FAILED_FOR_NOW: _TRIED,
    State.SENT: {State.DELIVERED, State.FAILED_FOR_GOOD},
}

# After each failed attempt; when the list is used up, the delivery has failed for good.
PAUSES = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
]
MAX_ATTEMPTS = len(PAUSES) + 1

# How long a worker may hold a delivery it has taken. If it is killed, another takes it after this time.
LEASE = timedelta(minutes=10)


def may(verb: str, notice: Notice, by: User) -> Verdict:
    """`read` is the only verb: a notice is its recipient's own business."""
    if notice.recipient_id != by.pk:
        return no("notice.not_yours", _("This notice was sent to somebody else."))
    return YES


def next_try(delivery: Delivery, *, at: datetime, wait: timedelta | None = None) -> datetime | None:
    """When to try again after `delivery.attempts` attempts; None when it is enough."""
    if delivery.attempts >= MAX_ATTEMPTS:
        return None
    pause = PAUSES[max(delivery.attempts, 1) - 1]
    return at + (max(wait, pause) if wait else pause)
