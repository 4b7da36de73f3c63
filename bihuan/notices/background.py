"""Sending what waits through the channels that go over a network."""

import structlog

from bihuan.audit import every
from bihuan.notices import actions, channels
from bihuan.notices.channels import Outcome, failed_for_good, failed_for_now
from bihuan.notices.models import Delivery

log = structlog.get_logger(__name__)

BATCH = 500


@every("minute")
def send_waiting() -> None:
    """One attempt at everything that is due. Workers share the work; none sends what another holds."""
    for _turn in range(BATCH):
        delivery = actions.take_delivery()
        if delivery is None:
            return
        actions.note_outcome(delivery, attempt(delivery))


def attempt(delivery: Delivery) -> Outcome:
    """Try once, outside any transaction: the other side may take its time."""
    channel = channels.get(delivery.channel)
    person = delivery.notice.recipient
    if channel is None:
        return failed_for_now(f"no channel {delivery.channel}")
    if not person.is_active or not channel.reaches(person):
        return failed_for_good("no address")
    try:
        return channel.deliver(delivery, person)
    except Exception as fault:  # a worker loop: one channel's fault must not stop the others
        log.exception("notice not delivered", delivery=delivery.pk, channel=channel.code)
        return failed_for_now(f"{type(fault).__name__}: {fault}")
