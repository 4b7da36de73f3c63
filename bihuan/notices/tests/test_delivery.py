"""Channels over a network: tried again, given up, never sent twice at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from bihuan.accounts.models import User
from bihuan.accounts.tests.factories import make_person
from bihuan.core.clock import now, travel
from bihuan.notices import actions, channels, rules
from bihuan.notices.background import send_waiting
from bihuan.notices.channels import Message, Outcome, delivered, failed_for_good, failed_for_now, sent
from bihuan.notices.kinds import NoticeKind
from bihuan.notices.models import Delivery, DeliveryState
from bihuan.notices.tests.factories import told

pytestmark = pytest.mark.django_db


class Telegraph:
    """A channel for tests that answers as it is told to."""

    code = "telegraph"
    label = "Telegraph"
    over_network = True

    def __init__(self) -> None:
        self.answer: Callable[[], Outcome] = delivered
        self.tried: list[int] = []
        self.has_address = True

    def is_on(self) -> bool:
        return True

    def takes(self, person: User, kind: NoticeKind) -> bool:
        return self.has_address

    def deliver(self, message: Message, to: User) -> Outcome:
        (delivery,) = message.deliveries
        assert delivery.notice.title and to == message.recipient and message.key == f"notice-{delivery.pk}"
        self.tried.append(delivery.pk)
        return self.answer()


def take(channel: str = "telegraph") -> Delivery:
    """Take the channel's next message, which is a single one."""
    message = actions.take_message(channel)
    assert message is not None
    (delivery,) = message.deliveries
    return delivery


def note(delivery: Delivery, outcome: Outcome) -> Delivery:
    return actions.note_outcome([delivery], outcome)[0]


@pytest.fixture
def telegraph() -> Iterator[Telegraph]:
    channel = Telegraph()
    channels.register(channel)
    yield channel
    channels.unregister("telegraph")


def sending(person: User) -> Delivery:
    return told(person).deliveries.get(channel="telegraph")


def raising(fault: Exception) -> Callable[[], Outcome]:
    def answer() -> Outcome:
        raise fault

    return answer


def test_nothing_goes_over_the_network_while_telling(reader: User, telegraph: Telegraph) -> None:
    delivery = sending(reader)
    assert telegraph.tried == []
    assert (delivery.state, delivery.attempts) == (DeliveryState.CREATED, 0)
    assert delivery.notice.deliveries.get(channel="in_app").state == DeliveryState.DELIVERED


@pytest.mark.parametrize(("answer", "state"), [(delivered, "delivered"), (sent, "sent")])
def test_a_waiting_delivery_is_sent(
    answer: Callable[[], Outcome], state: str, reader: User, telegraph: Telegraph
) -> None:
    delivery = sending(reader)
    telegraph.answer = answer
    send_waiting()
    send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, telegraph.tried) == (state, 1, [delivery.pk])
    assert delivery.sent_at and bool(delivery.delivered_at) == (state == "delivered")


def test_a_failure_for_now_is_tried_again_with_growing_pauses_until_it_works(
    reader: User, telegraph: Telegraph
) -> None:
    delivery = sending(reader)
    telegraph.answer = lambda: failed_for_now("busy")
    moment = now()
    for attempt, pause in enumerate(rules.PAUSES[:3], start=1):
        with travel(moment):
            send_waiting()
            delivery.refresh_from_db()
            assert (delivery.state, delivery.attempts, delivery.error) == ("failed_for_now", attempt, "busy")
            assert moment + pause <= delivery.next_try_at <= moment + pause * (1 + rules.JITTER)
        with travel(delivery.next_try_at - timedelta(seconds=1)):
            send_waiting()
        assert len(telegraph.tried) == attempt
        moment = delivery.next_try_at
    telegraph.answer = delivered
    with travel(moment):
        send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == ("delivered", 4, "")


def test_what_never_works_has_failed_for_good_in_the_end(reader: User, telegraph: Telegraph) -> None:
    delivery = sending(reader)
    telegraph.answer = lambda: failed_for_now("busy")
    for day in range(30):
        with travel(now() + timedelta(days=day)):
            send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.FAILED_FOR_GOOD, rules.MAX_ATTEMPTS)
    assert delivery.error == "busy" and delivery.failed_at and not delivery.next_try_at


def test_a_failure_for_good_is_not_tried_again(reader: User, telegraph: Telegraph) -> None:
    delivery = sending(reader)
    telegraph.answer = lambda: failed_for_good("no such address")
    for day in range(3):
        with travel(now() + timedelta(days=day)):
            send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error, len(telegraph.tried)) == ("failed_for_good", "no such address", 1)


def test_the_other_side_may_name_the_pause(reader: User, telegraph: Telegraph) -> None:
    delivery = sending(reader)
    telegraph.answer = lambda: failed_for_now("slow down", wait=timedelta(hours=2))
    moment = now()
    with travel(moment):
        send_waiting()
    delivery.refresh_from_db()
    assert delivery.next_try_at == moment + timedelta(hours=2)


def test_a_network_error_is_a_failure_for_now_and_holds_nothing_up(
    reader: User, telegraph: Telegraph
) -> None:
    first, second = sending(reader), sending(reader)
    answers = iter([raising(ConnectionError("line cut")), delivered])
    telegraph.answer = lambda: next(answers)()
    send_waiting()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.error) == ("failed_for_now", "ConnectionError: line cut")
    assert second.state == "delivered"


def test_a_fault_in_one_channel_is_loud_and_does_not_stop_the_others(
    reader: User, telegraph: Telegraph
) -> None:
    pigeon = Telegraph()
    pigeon.code = "pigeon"
    channels.register(pigeon)
    try:
        faulty = sending(reader)
        other = faulty.notice.deliveries.get(channel="pigeon")
        telegraph.answer = raising(KeyError("oops"))
        with pytest.raises(KeyError):
            send_waiting()
    finally:
        channels.unregister("pigeon")
    faulty.refresh_from_db()
    other.refresh_from_db()
    assert other.state == "delivered"
    assert (faulty.state, faulty.attempts) == ("failed_for_now", 1) and "fault" in faulty.error


def test_people_who_left_or_lost_their_address_are_not_written_to(reader: User, telegraph: Telegraph) -> None:
    one = sending(reader)
    telegraph.has_address = False
    send_waiting()
    one.refresh_from_db()
    assert one.state == "failed_for_good" and not telegraph.tried
    assert not told(reader).deliveries.filter(channel="telegraph").exists()

    telegraph.has_address = True
    other = sending(reader)
    User.objects.filter(pk=reader.pk).update(is_active=False)
    send_waiting()
    other.refresh_from_db()
    assert other.state == "failed_for_good" and not telegraph.tried


def test_a_channel_that_is_switched_off_for_a_while_loses_nothing(reader: User, telegraph: Telegraph) -> None:
    delivery = sending(reader)
    channels.unregister("telegraph")
    for day in range(30):
        with travel(now() + timedelta(days=day)):
            send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("created", 0)
    channels.register(telegraph)
    send_waiting()
    delivery.refresh_from_db()
    assert delivery.state == "delivered"


def test_a_killed_worker_leaves_its_delivery_to_the_next(reader: User, telegraph: Telegraph) -> None:
    delivery = sending(reader)
    assert take() == delivery  # and then the worker is killed
    send_waiting()
    assert telegraph.tried == []  # the lease still runs
    with travel(now() + rules.LEASE + timedelta(seconds=1)):
        send_waiting()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("delivered", 2)


def test_an_outcome_that_comes_too_late_changes_nothing(reader: User, telegraph: Telegraph) -> None:
    delivery = sending(reader)
    slow = take()
    with travel(now() + rules.LEASE + timedelta(seconds=1)):
        send_waiting()
    note(slow, failed_for_now("timed out"))
    delivery.refresh_from_db()
    assert delivery.state == "delivered"


def test_a_failure_while_noting_the_outcome_leaves_the_delivery_waiting(
    reader: User, telegraph: Telegraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = sending(reader)
    taken = take()
    with monkeypatch.context() as patch:
        patch.setattr(Delivery.objects, "bulk_update", lambda *_args, **_kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            note(taken, delivered())
    delivery.refresh_from_db()
    assert delivery.state == "created" and delivery.next_try_at is not None


def test_a_receipt_follows_upon_sent_and_nothing_follows_upon_the_end(
    reader: User, telegraph: Telegraph
) -> None:
    delivery = sending(reader)
    telegraph.answer = sent
    send_waiting()
    delivery.refresh_from_db()
    first = delivery.sent_at
    for late in (failed_for_now("lost"), sent()):
        assert note(delivery, late).state == "sent"
    with travel(now() + timedelta(hours=1)):
        delivery = note(delivery, delivered())
    assert delivery.state == "delivered" and delivery.sent_at == first < delivery.delivered_at
    assert note(delivery, failed_for_good("bounced")).state == "delivered"


def test_a_long_error_is_cut(reader: User, telegraph: Telegraph) -> None:
    delivery = sending(reader)
    telegraph.answer = lambda: failed_for_now("x" * 5000)
    send_waiting()
    delivery.refresh_from_db()
    assert len(delivery.error) == 300


@pytest.mark.django_db(transaction=True)
@pytest.mark.threads
def test_four_workers_send_each_delivery_once(reader: User, telegraph: Telegraph) -> None:
    waiting = {sending(make_person(f"读者{number}")).pk for number in range(40)}
    gate = threading.Barrier(4)

    def work(_number: int) -> None:
        try:
            gate.wait()
            send_waiting()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, range(4)))
    assert sorted(telegraph.tried) == sorted(waiting)
    assert Delivery.objects.filter(channel="telegraph", state="delivered").count() == 40


def test_finding_what_waits_uses_its_index(reader: User) -> None:
    done = [told(reader) for _number in range(3)]
    Delivery.objects.bulk_create(
        Delivery(notice=done[0], channel=f"c{n}", state="delivered", delivered_at=now()) for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notices_delivery")
        cursor.execute(
            "EXPLAIN SELECT id FROM notices_delivery WHERE state IN ('created', 'failed_for_now')"
            " AND channel = 'telegraph' AND next_try_at <= now() ORDER BY next_try_at LIMIT 1"
        )
        assert "notices_waiting" in "".join(row[0] for row in cursor.fetchall())
