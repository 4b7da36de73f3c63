"""When messages go out: storms become digests, quiet hours are kept, nothing is lost or sent twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta

import pytest
from django.db import connection

from bihuan.accounts.models import User
from bihuan.core.calendar import DEFAULT_ZONE
from bihuan.core.clock import now, travel
from bihuan.notices import actions, channels, kinds, rules
from bihuan.notices.background import send_waiting
from bihuan.notices.channels import Message, Outcome, failed_for_now, sent
from bihuan.notices.kinds import NoticeKind
from bihuan.notices.models import Delivery, Digest, Notice, Wishes
from bihuan.notices.tests.factories import told

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 3, 4, 21, 0, tzinfo=DEFAULT_ZONE)


class Post:
    """A channel that keeps what it was given."""

    code = "post"
    label = "Post"
    over_network = True

    def __init__(self) -> None:
        self.answer: Callable[[], Outcome] = sent
        self.got: list[tuple[str, list[int]]] = []

    def is_on(self) -> bool:
        return True

    def takes(self, person: User, kind: NoticeKind) -> bool:
        return True

    def deliver(self, message: Message, to: User) -> Outcome:
        assert {notice.recipient_id for notice in message.notices} == {to.pk}
        self.got.append((message.key, [notice.pk for notice in message.notices]))
        return self.answer()

    @property
    def sizes(self) -> list[int]:
        return [len(notices) for _key, notices in self.got]


@pytest.fixture
def post() -> Iterator[Post]:
    channel = Post()
    channels.register(channel)
    yield channel
    channels.unregister("post")


@pytest.fixture
def evening() -> Iterator[datetime]:
    with travel(EVENING):
        yield EVENING


def wish(person: User, **fields: object) -> None:
    Wishes.objects.create(person=person, **fields)


def test_a_storm_of_200_becomes_five_messages_and_one_digest(
    reader: User, post: Post, evening: datetime
) -> None:
    expected = {told(reader).pk for _number in range(200)}
    send_waiting()
    assert post.sizes == [1] * rules.STORM
    with travel(EVENING + rules.WINDOW):
        send_waiting()
        send_waiting()
    assert post.sizes == [1] * rules.STORM + [195]
    arrived = Counter(notice for _key, notices in post.got for notice in notices)
    assert set(arrived) == expected and set(arrived.values()) == {1}
    assert Notice.objects.of(reader).unread().count() == 200  # the inbox has them all, one by one


def test_a_storm_that_goes_on_costs_a_digest_every_ten_minutes(
    reader: User, post: Post, evening: datetime
) -> None:
    for minute in range(30):
        with travel(EVENING + timedelta(minutes=minute)):
            for _number in range(10):
                told(reader)
            send_waiting()
    with travel(EVENING + timedelta(hours=1)):
        send_waiting()
    assert sum(post.sizes) == 300
    assert len(post.got) <= 4 * rules.STORM


def test_five_in_ten_minutes_are_no_storm(reader: User, post: Post, evening: datetime) -> None:
    for _number in range(rules.STORM):
        told(reader)
    send_waiting()
    with travel(EVENING + rules.WINDOW):
        told(reader)
        send_waiting()
    assert post.sizes == [1] * 6


def test_storms_are_counted_for_each_person(reader: User, stranger: User, post: Post) -> None:
    for _number in range(8):
        told(reader)
    told(stranger)
    send_waiting()
    assert len(post.got) == rules.STORM + 1


def test_a_digest_that_fails_is_tried_again_as_the_same_message(
    reader: User, post: Post, evening: datetime
) -> None:
    for _number in range(20):
        told(reader)
    send_waiting()
    post.answer = lambda: failed_for_now("busy")
    with travel(EVENING + rules.WINDOW):
        send_waiting()
        first = post.got[-1]
        told(reader)  # does not slip into a digest that was tried already
    post.answer = sent
    with travel(EVENING + rules.WINDOW + timedelta(minutes=5)):
        send_waiting()
    assert first in post.got[rules.STORM + 1 :] and len(first[1]) == 15
    assert Delivery.objects.filter(channel="post").exclude(state="sent").count() == 0
    assert Digest.objects.count() == 1


def test_a_digest_whose_worker_is_killed_is_sent_by_the_next(
    reader: User, post: Post, evening: datetime
) -> None:
    for _number in range(9):
        told(reader)
    send_waiting()
    with travel(EVENING + rules.WINDOW):
        taken = actions.take_message("post")  # and then the worker is killed
        assert taken is not None and len(taken.deliveries) == 4
        send_waiting()
        assert len(post.got) == rules.STORM  # the lease still runs
    with travel(EVENING + rules.WINDOW + rules.LEASE + timedelta(seconds=1)):
        send_waiting()
    assert post.got[-1] == (taken.key, [notice.pk for notice in taken.notices])


def test_a_very_long_digest_is_cut_in_two(
    reader: User, post: Post, evening: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LONGEST_DIGEST", 10)
    for _number in range(rules.STORM + 14):
        told(reader)
    send_waiting()
    with travel(EVENING + rules.WINDOW):
        send_waiting()
    assert post.sizes == [1] * rules.STORM + [10, 4]


@pytest.mark.parametrize(
    ("hour", "ends"),
    [
        ("21:00", None),
        ("22:00", "2026-03-05 07:00"),
        ("23:59", "2026-03-05 07:00"),
        ("06:59", "2026-03-04 07:00"),
        ("07:00", None),
    ],
)
def test_quiet_hours_lie_across_midnight(hour: str, ends: str | None) -> None:
    wishes = Wishes(quiet_from=time(22), quiet_until=time(7))
    moment = datetime.fromisoformat(f"2026-03-04 {hour}").replace(tzinfo=DEFAULT_ZONE)
    expected = datetime.fromisoformat(ends).replace(tzinfo=DEFAULT_ZONE) if ends else None
    assert rules.quiet_until(wishes, moment) == expected


def test_what_comes_in_quiet_hours_comes_when_they_end_as_one_message(reader: User, post: Post) -> None:
    wish(reader, quiet_from=time(22), quiet_until=time(7))
    night = EVENING + timedelta(hours=2)
    with travel(night):
        for _number in range(3):
            told(reader)
        send_waiting()
    with travel(night + timedelta(hours=7, minutes=59)):
        send_waiting()
    assert post.got == []
    with travel(night + timedelta(hours=8)):
        send_waiting()
    assert post.sizes == [3]


def test_a_retry_waits_for_the_end_of_quiet_hours_too(reader: User, post: Post) -> None:
    wish(reader, quiet_from=time(22), quiet_until=time(7))
    post.answer = lambda: failed_for_now("busy")
    with travel(EVENING + timedelta(minutes=59)):
        told(reader)
        send_waiting()
    with travel(EVENING + timedelta(hours=3)):
        send_waiting()
    assert len(post.got) == 1
    with travel(EVENING + timedelta(hours=10)):
        send_waiting()
    assert len(post.got) == 2 and post.got[0] == post.got[1]


@pytest.mark.parametrize("passes", [True, False])
def test_urgent_ones_pass_quiet_hours_only_for_those_who_said_so(
    passes: bool, reader: User, post: Post, subject: User
) -> None:
    kinds.register("test.urgent", title="Red notice", urgent=True)
    wish(reader, quiet_from=time(22), quiet_until=time(7), digest_hour=8, urgent_anyway=passes)
    with travel(EVENING + timedelta(hours=2)):
        actions.tell([reader], "test.urgent", subject=subject, url="/x/")
        actions.tell([reader], "test.told", subject=subject, url="/x/", params=PARAMS, urgent=True)
        told(reader)
        send_waiting()
    assert len(post.got) == (2 if passes else 0)


PARAMS = {"number": "C-1", "place": "p", "words": "w"}


def test_a_daily_digest_comes_once_a_day_at_its_hour(reader: User, post: Post) -> None:
    wish(reader, digest_hour=18)
    for hours in range(48):
        with travel(EVENING + timedelta(hours=hours, minutes=30)):
            told(reader)
            send_waiting()
    assert len(post.got) == 2
    assert post.sizes == [21, 24]


def test_wishes_that_change_count_at_once(reader: User, post: Post) -> None:
    with travel(EVENING + timedelta(hours=2)):
        told(reader)
        wish(reader, quiet_from=time(22), quiet_until=time(7))
        send_waiting()
        assert post.got == []


@pytest.mark.parametrize("off", ["post test.told", "post @work"])
def test_what_is_switched_off_stays_in_the_inbox(off: str, reader: User, post: Post) -> None:
    wish(reader, off=[off])
    notice = told(reader)
    assert [delivery.channel for delivery in notice.deliveries.all()] == ["in_app"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.threads
def test_two_workers_in_a_storm_send_everything_once(reader: User, stranger: User, post: Post) -> None:
    with travel(EVENING):
        expected = {told(person).pk for person in (reader, stranger) for _number in range(100)}
    for moment in (EVENING, EVENING + rules.WINDOW):
        gate = threading.Barrier(4)

        def work(_number: int, moment: datetime = moment, gate: threading.Barrier = gate) -> None:
            try:
                with travel(moment):
                    gate.wait()
                    send_waiting()
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as workers:
            list(workers.map(work, range(4)))
    arrived = Counter(notice for _key, notices in post.got for notice in notices)
    assert set(arrived) == expected and set(arrived.values()) == {1}
    assert sorted(post.sizes) == [1] * 2 * rules.STORM + [95, 95]
    assert now() > EVENING
