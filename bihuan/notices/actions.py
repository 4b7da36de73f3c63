"""Telling people something, and noting what became of it.

Nothing here is recorded in the audit: who has read what and when is no one's business but the reader's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.http import url_has_allowed_host_and_scheme

from bihuan.core.clock import now
from bihuan.notices import channels, kinds, rules
from bihuan.notices.models import WAITING, Delivery, DeliveryState, Notice
from bihuan.notices.wording import freeze

if TYPE_CHECKING:
    from bihuan.accounts.models import User
    from bihuan.audit.models import Entry
    from bihuan.notices.channels import Outcome


@transaction.atomic
def tell(
    people: Iterable[User],
    kind: str,
    *,
    subject: models.Model,
    entry: Entry | None = None,
    url: str,
    params: Mapping[str, Any] | None = None,
) -> None:
    """Tell people something, once for each person, kind and entry however often this runs.

    A step of a reaction: nobody asks for it, so it takes no `by`. The number of queries does not depend on
    the number of people. `params` may hold text, numbers, `{"zh": …, "en": …}`, lazily translated texts,
    dates and times, areas and units.
    """
    known = kinds.known(kind)
    frozen = {key: freeze(value) for key, value in (params or {}).items()}
    known.check(frozen)
    if not url.startswith("/") or not url_has_allowed_host_and_scheme(url, allowed_hosts=None):
        raise ValueError(f"a notice leads to a page of this site, not to {url!r}")
    recipients = {person.pk: person for person in people if person.is_active}
    if not recipients:
        return
    at = now()
    notices = [
        Notice(
            recipient=person,
            kind=kind,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            entry_id=entry.pk if entry is not None else None,
            url=url,
            params=frozen,
            created_at=at,
        )
        for person in recipients.values()
    ]
    if entry is None:
        Notice.objects.bulk_create(notices)
    else:
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        notices = list(Notice.objects.filter(kind=kind, entry_id=entry.pk, recipient__in=recipients))
    Delivery.objects.bulk_create(
        [
            _delivery(notice, channel, recipients[notice.recipient_id])
            for notice in notices
            for channel in channels.reaching(recipients[notice.recipient_id])
        ],
        ignore_conflicts=True,
    )


def _delivery(notice: Notice, channel: channels.Channel, to: User) -> Delivery:
    delivery = Delivery(
        notice=notice, channel=channel.code, created_at=notice.created_at, next_try_at=notice.created_at
    )
    if not channel.over_network:
        delivery.attempts = 1
        _note(delivery, channel.deliver(delivery, to))
    return delivery


@transaction.atomic
def mark_read(notice: Notice, *, by: User) -> Notice:
    """The recipient has opened it. Opening it again keeps the first moment."""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    rules.may("read", notice, by).enforce()

    if notice.read_at is None:
        notice.read_at = now()
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def mark_all_read(*, by: User, up_to: int) -> int:
    """The person has seen the page whose newest notice was `up_to`; what arrived since stays unread."""
    newest = Notice.objects.of(by).filter(pk=up_to).values("created_at")
    return Notice.objects.of(by).unread().filter(created_at__lte=newest).update(read_at=now())


@transaction.atomic
def take_delivery(channel: str) -> Delivery | None:
    """The channel's next delivery that is due, for this worker alone until the lease ends.

    The attempt is counted and committed before it is made: a delivery that kills its worker is not tried
    for ever.
    """
    waiting = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).filter(state__in=WAITING)
    due = waiting.filter(channel=channel, next_try_at__lte=now()).select_related("notice__recipient")
    delivery = due.order_by("next_try_at").first()
    if delivery is None:
        return None
    delivery.attempts += 1
    delivery.next_try_at = now() + rules.LEASE
    delivery.save(update_fields=["attempts", "next_try_at"])
    return delivery


@transaction.atomic
def note_outcome(delivery: Delivery, outcome: Outcome) -> Delivery:
    """What became of an attempt, or a receipt for it. What was decided in the meantime stays as it is."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if outcome.state in rules.FLOW.get(delivery.state, ()):
        _note(delivery, outcome)
        delivery.save(update_fields=["state", "error", "next_try_at", "sent_at", "delivered_at", "failed_at"])
    return delivery


def _note(delivery: Delivery, outcome: Outcome) -> None:
    at = now()
    delivery.state, delivery.error, delivery.next_try_at = outcome.state, outcome.error[:300], None
    if outcome.state == DeliveryState.FAILED_FOR_NOW:
        delivery.next_try_at = rules.next_try(delivery, at=at, wait=outcome.wait)
        if delivery.next_try_at is None:
            delivery.state = DeliveryState.FAILED_FOR_GOOD
    if delivery.state in (DeliveryState.SENT, DeliveryState.DELIVERED):
        delivery.sent_at = delivery.sent_at or at
    if delivery.state == DeliveryState.DELIVERED:
        delivery.delivered_at = at
    if delivery.state == DeliveryState.FAILED_FOR_GOOD:
        delivery.failed_at = at
