"""Sending what waits through the channels that go over a network, and trying new addresses out."""

from contextlib import ExitStack

from django.utils.translation import override

from bihuan.accounts.models import User
from bihuan.audit import every, on
from bihuan.audit.models import Entry
from bihuan.core.clock import now
from bihuan.notices import actions, channels, kinds, rules
from bihuan.notices.channels import Channel, Email, Message, failed_for_good, failed_for_now
from bihuan.notices.channels import email as letters_out
from bihuan.notices.channels import webhook as posts_out
from bihuan.notices.letters import code_letter
from bihuan.notices.models import Address, DeliveryState
from bihuan.notices.ways import forget_ways

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
        message = actions.take_message(channel.code)
        if message is None:
            return
        attempt(message, channel)


def attempt(message: Message, channel: Channel) -> None:
    """Try once, outside any transaction: the other side may take its time."""
    person = message.recipient
    forget_ways(person)
    outcome = failed_for_now("a fault in the channel; see the log of the worker")
    try:
        if person.is_active and channel.takes(person, kinds.get(message.notices[0].kind)):
            outcome = channel.deliver(message, person)
        else:
            outcome = failed_for_good("no address")
    except OSError as fault:
        outcome = failed_for_now(f"{type(fault).__name__}: {fault}")
    finally:
        actions.note_outcome(message.deliveries, outcome)


class NotSentYet(Exception):
    """The letter or the trial did not go through; the queue tries again with growing pauses."""


@on("person.address_named")
def try_address(entry: Entry) -> None:
    """Send an e-mail address its code, post a webhook a trial; the owner reads what became of it."""
    address = Address.objects.filter(person=entry.subject_id, channel=entry.data["channel"]).first()
    if address is None:
        return
    if address.channel == Email.code:
        if not address.code or address.code_made_at is None or not channels.Email().is_on():
            return
        if now() > address.code_made_at + rules.CODE_LASTS:
            return
        language = address.person.language
        with override(language):
            letter = code_letter(address.code)
        outcome = letters_out.post(letter, address.value, key=f"code-{entry.pk}", language=language)
    else:
        key = f"trial-{entry.pk}"
        try:
            outcome = posts_out.post(
                posts_out.trial_content(key), address.value, secret=address.secret, key=key
            )
        except OSError as fault:
            outcome = failed_for_now(f"{type(fault).__name__}: {fault}")
    if outcome.state == DeliveryState.FAILED_FOR_NOW and address.channel == Email.code:
        raise NotSentYet(outcome.error)
    actions.note_trial(address, outcome)


@on("person.erased")
def forget_erased(entry: Entry) -> None:
    actions.forget_person(User.objects.get(pk=entry.subject_id))
