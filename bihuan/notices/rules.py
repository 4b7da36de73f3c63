"""Who may do what with notices and addresses, when messages wait, and when a failed one is tried again.
Decides, never writes."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.rules import administers
from bihuan.core import clock
from bihuan.core.verdicts import YES, Verdict, no, yes
from bihuan.notices.models import DeliveryState as State

if TYPE_CHECKING:
    from bihuan.accounts.models import User
    from bihuan.notices.models import Address, Delivery, Notice, Wishes

_TRIED = {State.SENT, State.DELIVERED, State.FAILED_FOR_NOW, State.FAILED_FOR_GOOD}

# What may become of a delivery. A receipt may follow upon "sent"; delivered is the end, and so is failed for
# good until somebody has it sent again.
FLOW: dict[str, set[State]] = {
    State.CREATED: _TRIED,
    State.FAILED_FOR_NOW: _TRIED,
    State.SENT: {State.DELIVERED, State.FAILED_FOR_GOOD},
}

# After each failed attempt, and up to a quarter more by chance, so that what failed together does not come
# back together; when the list is used up, after some four days, the delivery has failed for good.
PAUSES = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=48),
]
MAX_ATTEMPTS = len(PAUSES) + 1
JITTER = 0.25

# How long a worker may hold a delivery it has taken. If it is killed, another takes it after this time.
LEASE = timedelta(minutes=10)

# So many messages to one person through one channel in so much time; the rest comes as one digest.
STORM = 5
WINDOW = timedelta(minutes=10)
LONGEST_DIGEST = 500

CODE_LASTS = timedelta(minutes=30)
CODE_TRIES = 5
CODE_PAUSE = timedelta(minutes=1)


def may(verb: str, subject: Any, by: User) -> Verdict:
    """Whether `by` may do `verb` to a notice, a failed delivery or an address as they now are."""
    return RULES[verb](subject, by)


def _read(notice: Notice, by: User) -> Verdict:
    if notice.recipient_id != by.pk:
        return no("notice.not_yours", _("This notice was sent to somebody else."))
    return YES


def _own(person: User, by: User) -> Verdict:
    if person.pk != by.pk:
        return no("notice.not_yours", _("Everybody decides for themselves where and when they are told."))
    if not person.is_active:
        return no("person.inactive", _("This account has been closed."))
    return YES


def _send_again(delivery: Delivery, by: User) -> Verdict:
    held = administers(by)
    if delivery.notice.recipient_id != by.pk and not held:
        return no("notice.not_yours", _("Only its recipient or the district's administrator can do that."))
    if delivery.state != State.FAILED_FOR_GOOD:
        return no("notice.not_failed", _("This message no longer waits for help."))
    return yes(held) if held else YES


def _confirm(address: Address | None, by: User) -> Verdict:
    if address is None or address.person_id != by.pk or not address.code or address.code_made_at is None:
        return no("address.nothing_to_confirm", _("There is no address that waits for a code."))
    if clock.now() > address.code_made_at + CODE_LASTS:
        return no("address.code_too_old", _("This code is too old. Have a new one sent."))
    if address.code_tries >= CODE_TRIES:
        return no("address.too_many_tries", _("Too many wrong codes. Have a new one sent."))
    return YES


def _new_code(address: Address | None, by: User) -> Verdict:
    """Nobody may have letters sent to others faster than this."""
    if address is not None and address.code_made_at and clock.now() < address.code_made_at + CODE_PAUSE:
        return no("address.too_soon", _("A code was sent just now. Please wait a minute."))
    return YES


RULES: dict[str, Callable[[Any, Any], Verdict]] = {
    "read": _read,
    "set_wishes": _own,
    "name_address": _own,
    "new_code": _new_code,
    "confirm_address": _confirm,
    "remove_address": _own,
    "send_again": _send_again,
}


def may_see_failed(by: Any) -> Verdict:
    """The page of all failed messages is for whoever runs the installation."""
    held = administers(by)
    return yes(held) if held else no("notices.not_your_duty", _("Only administrators see this."))


def next_try(
    delivery: Delivery, *, at: datetime, wait: timedelta | None = None, chance: float | None = None
) -> datetime | None:
    """When to try again after `delivery.attempts` attempts; None when it is enough."""
    if delivery.attempts >= MAX_ATTEMPTS:
        return None
    pause = PAUSES[max(delivery.attempts, 1) - 1]
    pause *= 1 + JITTER * (random.random() if chance is None else chance)  # noqa: S311  # no secret
    return at + (max(wait, pause) if wait else pause)


def passes(delivery: Delivery, wishes: Wishes) -> bool:
    """Whether it goes out even in quiet hours and outside the daily digest."""
    return delivery.urgent and wishes.urgent_anyway


def quiet_until(wishes: Wishes, at: datetime) -> datetime | None:
    """When this person's quiet hours end, if it is quiet now; they may lie across midnight."""
    start, end = wishes.quiet_from, wishes.quiet_until
    if start is None or end is None or start == end:
        return None
    here = clock.local(at)
    now = here.time()
    quiet = start <= now < end if start < end else now >= start or now < end
    return _next(here, end) if quiet else None


def digest_at(wishes: Wishes, at: datetime) -> datetime | None:
    """When the daily digest goes out next, for those who want one."""
    return None if wishes.digest_hour is None else _next(clock.local(at), time(wishes.digest_hour))


def _next(here: datetime, hour: time) -> datetime:
    """The next moment at which the district's clocks show this time."""
    moment = here.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
    return moment if moment > here else moment + timedelta(days=1)
