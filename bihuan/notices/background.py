"""Sending what waits through the channels that go over a network."""

from contextlib import ExitStack

from bihuan.audit import every
from bihuan.notices import actions, channels
from bihuan.notices.channels import Channel, failed_for_good, failed_for_now
from bihuan.notices.models import Delivery

BATCH = 500


@every("minute")
def send_waiting() -> None:
    """One attempt at everything that is due. Workers share the work; none sends what another holds.

    A fault in one channel's code ends this minute's round for that channel and is raised when the others
    have had theirs. What a channel that is switched off had to send waits for it.
    """
    with ExitStack() as rounds:
        for channel in channels.over_network():
            rounds.callback(send_through, channel)


def send_through(channel: Channel) -> None:
    for _turn in range(BATCH):
        delivery = actions.take_delivery(channel.code)
        if delivery is None:
            return
        attempt(delivery, channel)


def attempt(delivery: Delivery, channel: Channel) -> None:
    """Try once, outside any transaction: the other side may take its time."""
    person = delivery.notice.recipient
    outcome = failed_for_now("a fault in the channel; see the log of the worker")
    try:
        if person.is_active and channel.reaches(person):
            outcome = channel.deliver(delivery, person)
        else:
            outcome = failed_for_good("no address")
    except OSError as fault:
        outcome = failed_for_now(f"{type(fault).__name__}: {fault}")
    finally:
        actions.note_outcome(delivery, outcome)
