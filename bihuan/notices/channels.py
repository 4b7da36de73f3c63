"""The ways to a person. A channel is small: it takes one notice and says how that went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bihuan.notices.models import DeliveryState

if TYPE_CHECKING:
    from datetime import timedelta

    from bihuan.accounts.models import User
    from bihuan.notices.models import Delivery


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


class Channel(Protocol):
    """What a channel must be. `over_network` channels are used by the worker only, after the commit."""

    code: str
    over_network: bool

    def reaches(self, person: User) -> bool:
        """Whether this person has an address here; asked without a query."""

    def deliver(self, delivery: Delivery, to: User) -> Outcome:
        """One attempt. It may happen twice when a worker is killed in between: `delivery.pk` tells.

        What the network says (OSError and its kind) may be raised and counts as a failure for now.
        """


class InApp:
    """The inbox: a notice is there as soon as it is told."""

    code = "in_app"
    over_network = False

    def reaches(self, person: User) -> bool:
        return True

    def deliver(self, delivery: Delivery, to: User) -> Outcome:
        return delivered()


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> None:
    _channels[channel.code] = channel


def unregister(code: str) -> None:
    _channels.pop(code, None)


def over_network() -> list[Channel]:
    """The channels that the worker sends through."""
    return [channel for channel in _channels.values() if channel.over_network]


def reaching(person: User) -> list[Channel]:
    """The channels by which a person is told."""
    return [channel for channel in _channels.values() if channel.reaches(person)]


register(InApp())
