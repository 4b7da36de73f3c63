"""Reading one's own notices, where one is told, and the messages that failed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from bihuan.notices import channels, kinds, rules
from bihuan.notices.channels.webhook import gateway
from bihuan.notices.models import Address, Delivery, DeliveryState, Notice, NoticeQuerySet, Wishes
from bihuan.notices.ways import ways_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bihuan.accounts.models import User
    from bihuan.core.verdicts import Verdict

COUNTED = 100


def notices_of(user: User, *, unread_only: bool = False) -> NoticeQuerySet:
    """What this person was told; unordered, for paging."""
    found = Notice.objects.of(user)
    return found.unread() if unread_only else found


def unread_count(user: User) -> int:
    """How many notices this person has not opened; counting stops at a hundred."""
    return Notice.objects.of(user).unread().order_by()[:COUNTED].count()


def count_label(count: int) -> str:
    """The count as a badge prints it: nothing for none, "99+" where counting stopped."""
    return "" if not count else str(count) if count < COUNTED else f"{COUNTED - 1}+"


def wishes_of(user: User) -> Wishes:
    """How this person wants to be told; what nobody has chosen is everything, at once."""
    return ways_of(user).wishes


def address_of(user: User, channel: str) -> Address | None:
    """Where this person is reached through a channel, confirmed or not."""
    return ways_of(user).addresses.get(channel)


@dataclass(frozen=True)
class GroupOfKinds:
    """One group of the preferences, with its kinds."""

    code: str
    label: Any
    kinds: list[kinds.NoticeKind]


def kinds_for(user: User) -> list[GroupOfKinds]:
    """What somebody may choose among: whoever holds no duty is told of their own reports only."""
    works = bool(user.duties_now())
    return [
        GroupOfKinds(group, kinds.GROUPS[group], found)
        for group, found in kinds.by_group().items()
        if works or group == kinds.REPORTS
    ]


def _heads() -> QuerySet[Delivery]:
    """Deliveries that failed for good; of a digest the first, for all of them."""
    failed = Delivery.objects.filter(state=DeliveryState.FAILED_FOR_GOOD)
    earlier = failed.filter(digest=OuterRef("digest"), pk__lt=OuterRef("pk"))
    return failed.filter(Q(digest=None) | ~Exists(earlier))


def own_failed(user: User) -> QuerySet[Delivery]:
    """This person's own messages that failed; unordered, for paging."""
    return _heads().filter(notice__recipient=user).select_related("notice__recipient")


def all_failed(user: User) -> QuerySet[Delivery]:
    """Everybody's messages that failed, for administrators; nothing for anybody else."""
    if not rules.may_see_failed(user):
        return Delivery.objects.none()
    return _heads().select_related("notice__recipient")


def failed_for(user: User) -> QuerySet[Delivery]:
    """The failed messages that somebody may have sent again."""
    return own_failed(user) | all_failed(user) if rules.may_see_failed(user) else own_failed(user)


def failed_by_channel(failed: QuerySet[Delivery]) -> list[tuple[str, Any, int]]:
    """Code and label of each channel with failed messages, and how many."""
    counts = dict(failed.order_by().values_list("channel").annotate(many=Count("pk")))
    found = []
    for code, many in sorted(counts.items()):
        channel = channels.get(code)
        found.append((code, channel.label if channel else code, many))
    return found


@dataclass(frozen=True)
class FailedRow:
    """One line of the pages of failed messages. It says what kind of notice it was, never about what."""

    delivery: Delivery
    channel: Any
    kind: str
    notices: int
    verdict: Verdict


def failed_rows(user: User, deliveries: Iterable[Delivery]) -> list[FailedRow]:
    """Failed messages for a page, in one query besides their own."""
    deliveries = list(deliveries)
    digests = [delivery.digest_id for delivery in deliveries if delivery.digest_id]
    parts = Delivery.objects.filter(digest__in=digests, state=DeliveryState.FAILED_FOR_GOOD)
    many = dict(parts.order_by().values_list("digest").annotate(many=Count("pk")))
    rows = []
    for delivery in deliveries:
        channel = channels.get(delivery.channel)
        rows.append(
            FailedRow(
                delivery=delivery,
                channel=channel.label if channel else delivery.channel,
                kind=kinds.get(delivery.notice.kind).label,
                notices=many.get(delivery.digest_id, 1),
                verdict=rules.may("send_again", delivery, user),
            )
        )
    return rows


def may_name_webhook() -> bool:
    """Whether this installation lets people name a webhook address of their own."""
    return bool(settings.WEBHOOKS_ARE_ON)


def has_gateway() -> bool:
    """Whether notices of work are posted to the district's own receiver."""
    return bool(gateway())


def takes_addresses(channel: str) -> bool:
    """Whether people may name an address for this channel here."""
    return {channels.Email.code: channels.Email().is_on(), channels.Webhook.code: may_name_webhook()}.get(
        channel, False
    )
