"""The inbox: one's own notices, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from bihuan.accounts.models import User
from bihuan.core.clock import now, travel
from bihuan.notices.actions import mark_all_read, mark_read
from bihuan.notices.models import Notice
from bihuan.notices.queries import unread_count
from bihuan.notices.tests.factories import told
from bihuan.notices.views import inbox as views

pytestmark = pytest.mark.django_db


def tell_often(person: User, count: int) -> None:
    notices = [
        Notice(recipient=person, kind="test.told", subject_type="accounts.user", subject_id=person.pk,
               url="/x/", params={"number": n, "place": "p", "words": "w"})
        for n in range(count)
    ]  # fmt: skip
    Notice.objects.bulk_create(notices)


def test_opening_a_notice_marks_it_read_and_leads_to_its_page(client: Client, reader: User) -> None:
    notice = told(reader, url="/cases/川-1/?tab=2")
    client.force_login(reader)
    response = client.get(reverse("notices:show", args=[notice.pk]))

    assert response.status_code == 302 and response["Location"] == "/cases/%E5%B7%9D-1/?tab=2"
    notice.refresh_from_db()
    assert notice.is_read


def test_reading_again_keeps_the_first_moment(reader: User) -> None:
    notice = mark_read(told(reader), by=reader)
    with travel(now() + timedelta(days=1)):
        assert mark_read(notice, by=reader).read_at == notice.read_at


def test_nobody_reads_what_was_sent_to_somebody_else(
    client: Client, reader: User, stranger: User, refused: Any
) -> None:
    notice = told(reader)
    with refused("notice.not_yours"):
        mark_read(notice, by=stranger)
    client.force_login(stranger)
    assert client.get(reverse("notices:show", args=[notice.pk])).status_code == 404
    page = client.get(reverse("notices:index")).content.decode()
    assert reverse("notices:show", args=[notice.pk]) not in page
    mark_all_read(by=stranger, up_to=notice.pk)
    notice.refresh_from_db()
    assert not notice.is_read


def test_a_failure_half_way_leaves_it_unread(reader: User, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = told(reader)

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Notice, "save", fail)
        with pytest.raises(ZeroDivisionError):
            mark_read(notice, by=reader)
    assert unread_count(reader) == 1


def test_mark_all_read_spares_what_arrived_since_the_page_was_made(client: Client, reader: User) -> None:
    seen, fresh = told(reader), told(reader)
    client.force_login(reader)
    response = client.post(reverse("notices:mark_all_read"), {"up_to": seen.pk})
    assert response.status_code == 302
    assert list(Notice.objects.of(reader).unread()) == [fresh]


@pytest.mark.parametrize("up_to", ["", "x", "-1", "99999999999999999999"])
def test_mark_all_read_with_nonsense_is_a_form_error(up_to: str, client: Client, reader: User) -> None:
    told(reader)
    client.force_login(reader)
    assert client.post(reverse("notices:mark_all_read"), {"up_to": up_to}).status_code == 422
    assert unread_count(reader) == 1


def test_the_inbox_is_grouped_by_the_district_days(client: Client, reader: User) -> None:
    moment = now().replace(hour=15, minute=50)  # 23:50 in the district
    with travel(moment - timedelta(days=3)):
        told(reader)
    with travel(moment - timedelta(days=3) + timedelta(minutes=20)):
        told(reader)
    client.force_login(reader)
    response = client.get(reverse("notices:index"))
    assert [len(notices) for _day, notices in response.context["days"]] == [1, 1]
    assert response.content.decode().count("<section") >= 2


def test_unread_ones_can_be_shown_alone(client: Client, reader: User) -> None:
    old, fresh = told(reader), told(reader)
    mark_read(old, by=reader)
    client.force_login(reader)
    everything = client.get(reverse("notices:index")).context["page"].items
    unread = client.get(reverse("notices:index"), {"show": "unread"}).context["page"].items
    assert list(everything) == [fresh, old] and list(unread) == [fresh]


def test_paging_shows_every_notice_once(client: Client, reader: User) -> None:
    tell_often(reader, 120)
    client.force_login(reader)
    seen, cursor = [], ""
    while cursor is not None:
        page = client.get(reverse("notices:index"), {"cursor": cursor}).context["page"]
        seen += [notice.pk for notice in page.items]
        cursor = page.next_cursor
    assert seen == sorted(Notice.objects.values_list("pk", flat=True), reverse=True)
    assert len(seen) == 120
    assert client.get(reverse("notices:index"), {"cursor": "nonsense"}).status_code == 200


def test_history_told_out_of_order_is_shown_in_its_own_order(client: Client, reader: User) -> None:
    """The demo builds one case after the other, each over weeks of its own."""
    with travel(now() - timedelta(days=1)):
        late = told(reader)
    with travel(now() - timedelta(days=9)):
        early = told(reader)
    client.force_login(reader)
    page = client.get(reverse("notices:index"))
    assert list(page.context["page"].items) == [late, early]
    client.post(reverse("notices:mark_all_read"), {"up_to": page.context["newest"]})
    assert unread_count(reader) == 0


def test_an_empty_inbox_says_what_it_is_for(client: Client, reader: User) -> None:
    client.force_login(reader)
    client.cookies["django_language"] = "en"
    assert "No notices yet" in client.get(reverse("notices:index")).content.decode()
    assert "Nothing unread" in client.get(reverse("notices:index"), {"show": "unread"}).content.decode()


@pytest.mark.parametrize("name", ["index", "unread"])
def test_visitors_are_asked_to_sign_in(name: str, client: Client) -> None:
    response = client.get(reverse(f"notices:{name}"))
    assert response.status_code == 302 and "login" in response["Location"]


@pytest.mark.parametrize("count", [10, 1000])
def test_the_inbox_takes_two_queries_of_its_own(
    count: int, reader: User, rf: Any, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_often(reader, count)
    request = rf.get(reverse("notices:index"))
    request.user = reader
    monkeypatch.setattr(views, "render", lambda request, template, context: list(context["days"]))
    with django_assert_num_queries(2):
        views.index(request)


@pytest.mark.parametrize("count", [0, 1, 10, 1000])
def test_the_unread_count_takes_one_query(
    count: int, reader: User, rf: Any, django_assert_num_queries: Any
) -> None:
    tell_often(reader, count)
    request = rf.get(reverse("notices:unread"))
    request.user = reader
    with django_assert_num_queries(1):
        response = views.unread(request)
    shown = response.content.decode()
    assert {0: "", 1: ">1<", 10: ">10<", 1000: ">99+<"}[count] in shown
    assert ("count" in shown) == bool(count)


def test_an_unchanged_count_is_not_sent_again(client: Client, reader: User) -> None:
    told(reader)
    client.force_login(reader)
    url = reverse("notices:unread")
    etag = client.get(url)["ETag"]
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 304
    client.cookies["django_language"] = "zh-hans"
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 200
    told(reader)
    assert client.get(url, headers={"If-None-Match": etag}).status_code == 200


def test_what_people_wrote_is_escaped(client: Client, reader: User) -> None:
    told(reader, words="<script>alert(1)</script>")
    client.force_login(reader)
    assert "<script>alert" not in client.get(reverse("notices:index")).content.decode()


def test_the_unread_count_is_read_from_its_index(reader: User, stranger: User) -> None:
    tell_often(reader, 1000)
    tell_often(stranger, 2000)
    Notice.objects.update(read_at=now())
    told(reader)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notices_notice")
    plan = Notice.objects.of(reader).unread().order_by().explain()
    assert "notices_unread" in plan
