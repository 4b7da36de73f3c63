"""A file is served to whoever may see its subject, and to nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from bihuan.accounts.models import User
from bihuan.core.clock import now
from bihuan.files import access
from bihuan.files.actions import accept_upload, attach_file
from bihuan.files.models import Attachment, Role
from bihuan.files.tests import samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen_by_person(person: User, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Files beside people are seen by `person`; the ids that were asked about are noted."""
    asked: list[int] = []

    def check(user: Any, request: Any, attachment: Attachment) -> bool:
        asked.append(attachment.subject_id)
        return user == person or request.session.get("tracking") == attachment.subject_id

    monkeypatch.setitem(access._checks, "accounts.user", check)
    yield asked


@pytest.fixture
def photo(subject: User) -> Attachment:
    return attach_file(accept_upload(samples.upload(samples.jpeg())), subject, role=Role.REPORT, by=None)


@pytest.fixture
def paper(subject: User) -> Attachment:
    upload = samples.upload(samples.pdf(), '验收"单".pdf')
    return attach_file(accept_upload(upload), subject, role=Role.EVIDENCE, by=None)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_who_may_see_the_subject_sees_the_photo(
    client: Client, person: User, subject: User, photo: Attachment, seen_by_person: list[int]
) -> None:
    client.force_login(person)
    response = client.get(photo.url)

    assert response.status_code == 200 and body(response).startswith(b"\xff\xd8")
    assert response["Content-Type"] == "image/jpeg"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline")
    assert seen_by_person == [subject.pk]
    assert body(client.get(photo.thumbnail_url)).startswith(b"\xff\xd8")


def test_a_document_is_downloaded_under_its_name_in_a_sandbox(
    client: Client, person: User, paper: Attachment, seen_by_person: list[int]
) -> None:
    client.force_login(person)
    response = client.get(paper.url)

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%AA%8C")
    assert "sandbox" in response["Content-Security-Policy"]
    assert client.get(reverse("files:thumbnail", args=[paper.pk])).status_code == 404


def test_everybody_else_is_told_that_there_is_nothing(
    client: Client, photo: Attachment, seen_by_person: list[int]
) -> None:
    stranger = User.objects.create(username="files-stranger", name="陌生人")
    for visitor in (None, stranger):
        if visitor:
            client.force_login(visitor)
        assert client.get(photo.url).status_code == 404
        assert client.get(photo.thumbnail_url).status_code == 404
        guess = {"If-None-Match": f'"{photo.file.digest[:32]}"'}
        assert client.get(photo.url, headers=guess).status_code == 404
    assert client.get(reverse("files:show", args=[photo.pk + 1])).status_code == 404


def test_a_visitor_with_a_tracking_code_sees_their_own(
    client: Client, subject: User, photo: Attachment, seen_by_person: list[int]
) -> None:
    session = client.session
    session["tracking"] = subject.pk
    session.save()
    assert client.get(photo.url).status_code == 200


def test_files_of_a_subject_that_no_room_answers_for_are_seen_by_nobody(
    client: Client, person: User, photo: Attachment
) -> None:
    client.force_login(person)
    assert client.get(photo.url).status_code == 404


def test_an_unchanged_photo_is_not_sent_again_but_asked_for_again(
    client: Client, person: User, photo: Attachment, seen_by_person: list[int]
) -> None:
    client.force_login(person)
    etag = client.get(photo.url)["ETag"]
    assert client.get(photo.url, headers={"If-None-Match": etag}).status_code == 304
    assert len(seen_by_person) == 2


def test_serving_takes_one_query_of_its_own(
    person: User, photo: Attachment, seen_by_person: list[int], rf: Any, django_assert_num_queries: Any
) -> None:
    from bihuan.files.views import show

    request = rf.get(photo.url)
    request.user, request.session = person, {}
    with django_assert_num_queries(1):
        assert show(request, pk=photo.pk).status_code == 200


def test_only_safe_methods(client: Client, photo: Attachment) -> None:
    assert client.post(photo.url).status_code == 405


def test_a_photo_of_an_unfinished_form_shows_to_whoever_holds_its_ticket(client: Client) -> None:
    file = accept_upload(samples.upload(samples.jpeg()))
    response = client.get(reverse("files:kept", args=[access.ticket(file)]))
    assert response.status_code == 200 and body(response).startswith(b"\xff\xd8")


def test_forged_and_outworn_tickets_show_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    file = accept_upload(samples.upload(samples.jpeg()))
    good = access.ticket(file)
    forged = signing.dumps([file.pk, ""], key="another key", salt=access.TICKET_SALT)
    elsewhere = signing.dumps([file.pk, ""], salt="another purpose")
    for text in (forged, elsewhere, good + "x", "nonsense"):
        assert client.get(reverse("files:kept", args=[text])).status_code == 404
    later = now().timestamp() + access.TICKET_AGE + 10
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert client.get(reverse("files:kept", args=[good])).status_code == 404
