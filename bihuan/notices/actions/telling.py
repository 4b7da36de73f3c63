"""Telling people something.

Nothing here is recorded in the audit: who was told what follows from the entry that it is told of.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.http import url_has_allowed_host_and_scheme

from bihuan.core.clock import now
from bihuan.notices import channels, kinds
from bihuan.notices.models import Delivery, DeliveryState, Notice
from bihuan.notices.ways import remember_ways, ways_of
from bihuan.notices.wording import freeze

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bihuan.accounts.models import User
    from bihuan.audit.models import Entry


@transaction.atomic
def tell(
    people: Iterable[User],
    kind: str,
    *,
    subject: models.Model,
    entry: Entry | None = None,
    url: str,
    params: Mapping[str, Any] | None = None,
    urgent: bool = False,
) -> None:
    """Tell people something, once for each person, kind and entry however often this runs.

    A step of a reaction: nobody asks for it, so it takes no `by`. The number of queries does not depend on
    the number of people. It is in the inbox at once; through other channels it goes as each person wishes,
    and `urgent` (or an urgent kind) passes quiet hours where they want that. `params` may hold text,
    numbers, `{"zh": …, "en": …}`, lazily translated texts, dates and times, areas and units.
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
    beyond, urgent = channels.over_network(), urgent or known.urgent
    if beyond:
        remember_ways(recipients.values())
    Delivery.objects.bulk_create(
        [
            delivery
            for notice in notices
            for delivery in _deliveries(
                notice, recipients[notice.recipient_id], beyond, urgent or known.urgent
            )
        ],
        ignore_conflicts=True,
    )


def _deliveries(notice: Notice, to: User, beyond: list[channels.Channel], urgent: bool) -> Iterator[Delivery]:
    """One for the inbox, where it has arrived, and one for each channel by which this person wants it."""
    at: datetime = notice.created_at
    yield Delivery(
        notice=notice,
        channel=channels.InApp.code,
        state=DeliveryState.DELIVERED,
        attempts=1,
        created_at=at,
        begun_at=at,
        sent_at=at,
        delivered_at=at,
    )
    kind = kinds.get(notice.kind)
    for channel in beyond:
        if channel.takes(to, kind) and ways_of(to).wishes.takes(channel.code, kind):
            yield Delivery(notice=notice, channel=channel.code, urgent=urgent, created_at=at, next_try_at=at)


@transaction.atomic
def retitle(subject: models.Model, *, title: str, place: Any = None) -> int:
    """Take a person's words out of what was told about something: a step of their erasure."""
    told = Notice.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    changed = []
    for notice in told.select_for_update().iterator():
        blank = {"title": title} | ({"place": freeze(place)} if place is not None else {})
        params = {**notice.params, **{key: text for key, text in blank.items() if key in notice.params}}
        if params != notice.params:
            notice.params = params
            changed.append(notice)
    Notice.objects.bulk_update(changed, ["params"], batch_size=500)
    return len(changed)
