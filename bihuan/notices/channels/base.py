"""What a channel is: it takes one message and says how that went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bihuan.notices.models import DeliveryState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from bihuan.accounts.models import User
    from bihuan.notices.kinds import NoticeKind
    from bihuan.notices.models import Delivery, Notice


@dataclass(frozen=True)
class Outcome:
    """How one attempt went. Made by the four functions below."""

    state: DeliveryState
    error: str = ""
    wait: timedelta | None = None


def delivered() -> Outcome:
    """It reached the person."""
    return Outcome(DeliveryState.DELIVERED)


def sent() -> Outcome:
    """It was handed over; a receipt may follow."""
    return Outcome(DeliveryState.SENT)


def failed_for_now(error: str, *, wait: timedelta | None = None) -> Outcome:
    """Try again later: after `wait` if the other side named a time, else after a growing pause."""
    return Outcome(DeliveryState.FAILED_FOR_NOW, error, wait)


def failed_for_good(error: str) -> Outcome:
    """It will never arrive: no such address, refused, withdrawn."""
    return Outcome(DeliveryState.FAILED_FOR_GOOD, error)


@dataclass(frozen=True)
class Message:
    """What goes to one person through one channel at once: a notice, or a digest of several.

    `key` stays the same however often it is tried, so that the receiver can tell a repetition.
    """

    key: str
    deliveries: Sequence[Delivery]

    @property
    def notices(self) -> list[Notice]:
        return [delivery.notice for delivery in self.deliveries]

    @property
    def recipient(self) -> User:
        return self.deliveries[0].notice.recipient


class Channel(Protocol):
    """What a channel must be. `over_network` channels are used by the worker only, after the commit."""

    code: str
    label: Any
    over_network: bool

    def is_on(self) -> bool:
        """Whether this installation has what the channel needs. What waits for one that is off, waits."""

    def takes(self, person: User, kind: NoticeKind) -> bool:
        """Whether this person has an address here for this kind; asked without a query after
        `remember_ways`."""

    def deliver(self, message: Message, to: User) -> Outcome:
        """One attempt. It may happen twice when a worker is killed in between: `message.key` tells.

        What the network says (OSError and its kind) may be raised and counts as a failure for now.
        """


class InApp:
    """The inbox: a notice is there as soon as it is told."""

    code = "in_app"
    label = ""
    over_network = False

    def is_on(self) -> bool:
        return True

    def takes(self, person: User, kind: NoticeKind) -> bool:
        return True

    def deliver(self, message: Message, to: User) -> Outcome:
        return delivered()


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    _channels[channel.code] = channel


def unregister(code: str) -> None:
    _channels.pop(code, None)


def get(code: str) -> Channel | None:
    return _channels.get(code)


def known() -> list[Channel]:
    return list(_channels.values())


def over_network() -> list[Channel]:
    """The channels that the worker sends through now."""
    return [channel for channel in _channels.values() if channel.over_network and channel.is_on()]
