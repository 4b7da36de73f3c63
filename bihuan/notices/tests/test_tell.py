"""Telling people: once each, in few queries, in their own language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as known_to_django
from django.utils.translation import override

from bihuan.accounts.models import User
from bihuan.accounts.tests.factories import make_person
from bihuan.audit import record
from bihuan.notices import kinds
from bihuan.notices.actions import tell
from bihuan.notices.models import Delivery, DeliveryState, Notice
from bihuan.notices.tests.factories import told
from bihuan.territory.models import Area

pytestmark = pytest.mark.django_db

PARAMS = {"number": "C-1", "place": {"zh": "良苑小区", "en": "Liangyuan"}, "words": "好"}


def test_a_notice_reaches_the_inbox_at_once(reader: User, subject: User) -> None:
    tell([reader], "test.told", subject=subject, url="/cases/1/", params=PARAMS)

    notice = Notice.objects.get(recipient=reader)
    assert (notice.subject_type, notice.subject_id, notice.url) == ("accounts.user", subject.pk, "/cases/1/")
    assert not notice.is_read
    delivery = notice.deliveries.get()
    assert (delivery.channel, delivery.state, delivery.attempts) == ("in_app", DeliveryState.DELIVERED, 1)
    assert delivery.delivered_at and not delivery.next_try_at


def test_telling_again_for_the_same_entry_changes_nothing(
    reader: User, stranger: User, subject: User
) -> None:
    with transaction.atomic():
        entry = record("test.happened", subject)
    for people in ([reader], [reader, stranger], [reader, reader]):
        tell(people, "test.told", subject=subject, entry=entry, url="/x/", params=PARAMS)
    assert Notice.objects.count() == 2 and Delivery.objects.count() == 2

    with transaction.atomic():
        another = record("test.happened", subject)
    tell([reader], "test.told", subject=subject, entry=another, url="/x/", params=PARAMS)
    assert Notice.objects.filter(recipient=reader).count() == 2


def test_somebody_named_twice_is_told_once_and_people_who_left_are_not(reader: User, subject: User) -> None:
    left = make_person("离职者", is_active=False)
    tell([reader, left, reader], "test.told", subject=subject, url="/x/", params=PARAMS)
    assert list(Notice.objects.values_list("recipient", flat=True)) == [reader.pk]


@pytest.mark.parametrize("count", [10, 1000])
@pytest.mark.parametrize("with_entry", [True, False])
def test_the_queries_do_not_grow_with_the_people(
    count: int, with_entry: bool, subject: User, django_assert_max_num_queries: Any
) -> None:
    people = User.objects.bulk_create(User(username=f"many{n}", name="人") for n in range(count))
    with transaction.atomic():
        entry = record("test.happened", subject) if with_entry else None
    with django_assert_max_num_queries(5):  # with the two of the savepoint
        tell(people, "test.told", subject=subject, entry=entry, url="/x/", params=PARAMS)
    assert Delivery.objects.filter(state="delivered").count() == count


def test_telling_nobody_asks_nothing(subject: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):  # the savepoint
        tell([], "test.told", subject=subject, url="/x/", params=PARAMS)


def test_a_failure_half_way_leaves_nothing(
    reader: User, subject: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bihuan.notices.actions.telling._deliveries", fail)
    with pytest.raises(ZeroDivisionError):
        tell([reader], "test.told", subject=subject, url="/x/", params=PARAMS)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "url", ["https://elsewhere.cn/", "//elsewhere.cn/", "javascript:alert(1)", "", "/\\elsewhere"]
)
def test_a_notice_never_leads_off_the_site(url: str, reader: User, subject: User) -> None:
    with pytest.raises(ValueError, match="this site"):
        tell([reader], "test.told", subject=subject, url=url, params=PARAMS)


def test_mistakes_show_where_they_are_made(reader: User, subject: User) -> None:
    with pytest.raises(kinds.UnknownKind):
        tell([reader], "test.unheard", subject=subject, url="/x/")
    with pytest.raises(kinds.MissingParams, match="place, words"):
        tell([reader], "test.told", subject=subject, url="/x/", params={"number": 1})


def test_words_are_chosen_when_they_are_read(reader: User) -> None:
    notice = told(reader)
    with override("en"):
        assert (notice.title, notice.body) == ("Yes", "C-1 Liangyuan: 好")
    with override("zh-hans"):
        assert (notice.title, notice.body) == ("是", "C-1 良苑小区: 好")


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (7, "7", "7"),
        ("50 % done", "50 % done", "50 % done"),
        (known_to_django("No"), "No", "否"),
        (Area(name="人和街道", name_en="Renhe"), "Renhe", "人和街道"),
        (Area(name="人和街道"), "人和街道", "人和街道"),
        ({"zh": "甲", "en": ""}, "甲", "甲"),
    ],
)
def test_values_know_both_languages(value: Any, english: str, chinese: str, reader: User) -> None:
    with override("zh-hans"):  # what the teller speaks does not matter
        notice = told(reader, words=value)
    notice.refresh_from_db()
    with override("en"):
        assert notice.body == f"C-1 Liangyuan: {english}"
    with override("zh-hans"):
        assert notice.body == f"C-1 良苑小区: {chinese}"


def test_dates_and_times_read_as_the_language_and_the_district_write_them(reader: User) -> None:
    moment, day = datetime(2026, 3, 1, 16, 30, tzinfo=UTC), date(2026, 3, 2)
    notice = told(reader, number=moment, words=day)
    notice.refresh_from_db()
    for language, place in (("en", "Liangyuan"), ("zh-hans", "良苑小区")):
        with override(language):
            at = date_format(moment.astimezone(ZoneInfo("Asia/Shanghai")), "SHORT_DATETIME_FORMAT")
            assert notice.body == f"{at} {place}: {date_format(day, 'SHORT_DATE_FORMAT')}"
    with override("zh-hans"):
        assert notice.body == "2026年3月2日 00:30 良苑小区: 2026年3月2日"


def test_an_old_notice_still_shows_when_its_kind_changed_or_went(reader: User, monkeypatch: Any) -> None:
    notice = told(reader)
    kinds.register("test.told", title=known_to_django("Yes"), body="%(newcomer)s")
    with override("en"):
        assert (notice.title, notice.body) == ("Yes", "…")
        notice.kind = "test.gone"
        assert (notice.title, notice.body) == ("Notice", "")
