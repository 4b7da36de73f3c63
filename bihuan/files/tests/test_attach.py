"""Putting files beside subjects, and reading them back."""

from __future__ import annotations

from typing import Any

import pytest

from bihuan.accounts.models import User
from bihuan.audit.models import Entry
from bihuan.files.actions import accept_upload, attach_file, attach_files
from bihuan.files.models import Attachment, Role, StoredFile
from bihuan.files.queries import attachments_by_subject, attachments_of
from bihuan.files.tests import samples

pytestmark = pytest.mark.django_db


def photo(seed: int = 1) -> StoredFile:
    return accept_upload(samples.upload(samples.jpeg(seed=seed), "王五家门口.jpg"))


def test_a_file_stands_beside_its_subject_and_the_chain_proves_it(subject: User, person: User) -> None:
    file = photo()
    attachment = attach_file(file, subject, role=Role.AFTER, by=person, caption="整改后")

    assert list(attachments_of(subject)) == [attachment]
    assert (attachment.role, attachment.added_by, attachment.caption) == ("after", person, "整改后")
    entry = Entry.objects.about(subject).get(verb="file.attached")
    assert entry.by == person
    assert entry.data == {"role": "after", "files": [{"attachment": attachment.pk, "sha256": file.digest}]}


def test_many_files_are_one_entry_and_keep_their_order(subject: User, person: User) -> None:
    files = [photo(3), photo(1), photo(2)]
    attachments = attach_files(files, subject, role=Role.REPORT, by=person)

    assert [attachment.file for attachment in attachments] == files
    assert [attachment.file for attachment in attachments_of(subject, "report")] == files
    assert not attachments_of(subject, "before").exists()
    assert Entry.objects.about(subject).count() == 1


def test_attaching_nothing_writes_nothing(subject: User) -> None:
    assert attach_files([], subject, role=Role.REPORT, by=None) == []
    assert not Entry.objects.about(subject).exists()


def test_attaching_again_changes_nothing(subject: User) -> None:
    file = photo()
    first = attach_file(file, subject, role=Role.REPORT, by=None)
    again = attach_file(file, subject, role=Role.REPORT, by=None)
    assert first == again and Entry.objects.about(subject).count() == 1
    assert attach_file(file, subject, role=Role.BEFORE, by=None) != first


def test_a_photo_loses_its_name_and_a_document_keeps_it(subject: User) -> None:
    paper = accept_upload(samples.upload(samples.pdf(), "验收单.pdf"))
    picture, document = attach_files([photo(), paper], subject, role=Role.EVIDENCE, by=None)
    assert (picture.name, document.name) == ("", "验收单.pdf")
    assert picture.download_name == f"evidence-{picture.pk}.jpg"
    assert document.thumbnail_url == ""


def test_a_file_that_was_swept_away_is_refused(subject: User, refused: Any) -> None:
    file = photo()
    StoredFile.objects.all().delete()
    with refused("files.gone"):
        attach_file(file, subject, role=Role.REPORT, by=None)
    assert not Attachment.objects.exists()


def test_a_visitor_without_account_leaves_no_name(subject: User) -> None:
    from django.contrib.auth.models import AnonymousUser

    attachment = attach_file(photo(), subject, role=Role.REPORT, by=AnonymousUser())  # type: ignore[arg-type]
    assert attachment.added_by is None


def test_a_failure_half_way_leaves_nothing(subject: User, person: User, breaking_record: Any) -> None:
    file = photo()
    failure = breaking_record("bihuan.files.actions")
    with pytest.raises(failure):
        attach_files([file], subject, role=Role.REPORT, by=person)
    assert not Attachment.objects.exists()
    assert not Entry.objects.about(subject).exists()


@pytest.mark.parametrize("count", [10, 1000])
def test_the_files_of_many_subjects_come_in_one_query(count: int, django_assert_num_queries: Any) -> None:
    file = photo()
    subjects = User.objects.bulk_create(
        User(username=f"subject-{number}", name="对象") for number in range(count)
    )
    Attachment.objects.bulk_create(
        Attachment(file=file, subject_type="accounts.user", subject_id=subject.pk, role="report")
        for subject in subjects
    )
    with django_assert_num_queries(1):
        found = attachments_by_subject(subjects, "report")
        assert [found[subject.pk][0].file.is_image for subject in subjects] == [True] * count
    with django_assert_num_queries(0):
        assert attachments_by_subject([]) == {}
