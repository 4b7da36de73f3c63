"""Taking files in: kept once, kept whole, kept before it is acknowledged."""

from __future__ import annotations

import errno
import io
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, transaction
from PIL import Image

from bihuan.core.clock import now, travel
from bihuan.files import actions
from bihuan.files.actions import accept_upload, attach_file
from bihuan.files.background import sweep
from bihuan.files.models import Kind, Role, StoredFile
from bihuan.files.rules import Unfit
from bihuan.files.tests import samples

pytestmark = pytest.mark.django_db


def everything(store: Path) -> list[str]:
    return sorted(str(path.relative_to(store)) for path in store.rglob("*") if path.is_file())


def test_a_photo_is_kept_as_we_made_it_and_named_by_its_content(store: Path) -> None:
    file = accept_upload(samples.upload(samples.jpeg(orientation=6)))

    assert (file.kind, file.media_type, file.width, file.height) == (Kind.IMAGE, "image/jpeg", 480, 640)
    digest = file.digest
    assert file.storage_name == f"{digest[:2]}/{digest[2:]}.jpg"
    assert everything(store) == sorted([file.storage_name, file.thumbnail_name])
    content = default_storage.open(file.storage_name).read()
    assert StoredFile.address(content, ".jpg") == (bytes(file.sha256), file.storage_name)
    assert len(content) == file.size
    assert b"PhoneMaker" not in content
    with Image.open(io.BytesIO(default_storage.open(file.thumbnail_name).read())) as small:
        assert max(small.size) <= 480


def test_a_document_is_kept_byte_for_byte() -> None:
    file = accept_upload(samples.upload(samples.pdf(), "方案.pdf"))

    assert (file.kind, file.media_type, file.phash) == (Kind.DOCUMENT, "application/pdf", None)
    assert file.offered_name == "方案.pdf"
    assert default_storage.open(file.storage_name).read() == samples.pdf()


def test_heic_becomes_a_photo_that_every_browser_shows() -> None:
    file = accept_upload(samples.upload(samples.heic(), "IMG_1.HEIC"))
    with Image.open(io.BytesIO(default_storage.open(file.storage_name).read())) as image:
        assert image.format == "JPEG"


def test_files_in_the_store_are_readable_by_their_owner_alone(store: Path) -> None:
    accept_upload(samples.upload(samples.jpeg()))
    for path in store.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_same_content_again_is_the_same_file_and_writes_nothing(store: Path) -> None:
    first = accept_upload(samples.upload(samples.jpeg(), "a.jpg"))
    written = (store / first.storage_name).stat().st_mtime_ns
    with travel(now() + timedelta(days=1)):
        second = accept_upload(samples.upload(samples.jpeg(), "b.jpg"))

    assert first.pk == second.pk and StoredFile.objects.count() == 1
    assert second.accepted_at > first.accepted_at  # its two days of grace begin anew
    assert (store / first.storage_name).stat().st_mtime_ns == written
    assert second.offered_name == "b.jpg"


def test_an_unfit_file_leaves_nothing(store: Path) -> None:
    with pytest.raises(Unfit, match=r"假\.jpg"):
        accept_upload(samples.upload(b"not a photo", "假.jpg"), kinds=[Kind.IMAGE])
    assert not StoredFile.objects.exists() and not store.exists()


def test_a_failure_after_the_content_was_written_leaves_no_row_and_the_sweep_clears_up(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr("django.db.models.query.QuerySet.bulk_create", fail)
        with pytest.raises(OperationalError):
            accept_upload(samples.upload(samples.jpeg()))
    assert not StoredFile.objects.exists()
    assert len(everything(store)) == 2

    sweep()
    assert len(everything(store)) == 2  # it might be somebody's who is just writing it
    with travel(now() + timedelta(days=3)):
        sweep()
    assert everything(store) == []


@pytest.mark.parametrize("step", ["write", "fsync", "rename"])
def test_a_full_disk_is_said_and_nothing_is_half_kept(
    step: str, store: Path, monkeypatch: pytest.MonkeyPatch, refused: Any
) -> None:
    def full(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        if step == "write":
            real = os.fdopen

            class Full(io.BytesIO):
                write = full

            patch.setattr(os, "fdopen", lambda fd, mode: (real(fd, mode).close(), Full())[1])
        else:
            patch.setattr(*{"fsync": (os, "fsync"), "rename": (Path, "replace")}[step], full)
        with refused("files.disk_full"):
            accept_upload(samples.upload(samples.jpeg()))

    assert not StoredFile.objects.exists()
    assert everything(store) == []
    assert accept_upload(samples.upload(samples.jpeg())).pk


def test_content_is_on_the_disk_before_its_row_commits(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file and every folder that got a new name is synced, the content before its name appears."""
    steps: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(descriptor: int) -> None:
        target = Path(f"/proc/self/fd/{descriptor}").resolve()
        steps.append("folder" if target.is_dir() else "content")
        real_sync(descriptor)

    def replace(source: Path, target: Path) -> Path:
        steps.append("name")
        assert not StoredFile.objects.exists()
        return real_replace(source, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", replace)
    accept_upload(samples.upload(samples.jpeg()))
    assert "".join(step[0] for step in steps).endswith("cnfcnf")
    assert steps[0] == "folder"  # a new folder is made lasting as well


def test_what_nobody_attached_goes_after_two_days(store: Path, subject: Any) -> None:
    used = accept_upload(samples.upload(samples.jpeg(seed=1)))
    idle = accept_upload(samples.upload(samples.jpeg(seed=2)))
    attach_file(used, subject, role=Role.REPORT, by=None)

    with travel(now() + timedelta(hours=47)):
        sweep()
        assert StoredFile.objects.count() == 2
    with travel(now() + timedelta(hours=49)):
        sweep()

    assert not StoredFile.objects.filter(pk=idle.pk).exists()
    assert everything(store) == sorted([used.storage_name, used.thumbnail_name])


def test_the_sweep_leaves_what_is_not_ours(store: Path) -> None:
    (store / "exports").mkdir(parents=True)
    (store / "exports" / "list.xlsx").write_bytes(b"x")
    (store / "ab").mkdir()
    (store / "ab" / "readme.txt").write_bytes(b"x")
    draft = store / "ab" / ".unfinished-abc"
    draft.write_bytes(b"x")
    sweep()
    assert len(everything(store)) == 3
    os.utime(draft, (0, 0))
    sweep()
    assert everything(store) == ["ab/readme.txt", "exports/list.xlsx"]


def test_the_sweep_takes_many_in_batches(django_assert_max_num_queries: Any) -> None:
    at = now() - timedelta(days=3)
    StoredFile.objects.bulk_create(
        StoredFile(sha256=number.to_bytes(32, "big"), kind=Kind.DOCUMENT, media_type="text/plain", size=1,
                   storage_name="x", accepted_at=at)
        for number in range(1000)
    )  # fmt: skip
    with django_assert_max_num_queries(40):
        assert actions.sweep_unattached() == 1000


@pytest.mark.threads
@pytest.mark.django_db(transaction=True)
def test_eight_people_hand_in_the_same_photo_at_once(store: Path) -> None:
    content = samples.jpeg()
    gate = threading.Barrier(8)

    def hand_in(_number: int) -> int:
        try:
            gate.wait()
            return accept_upload(samples.upload(content)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as people:
        found = list(people.map(hand_in, range(8)))

    assert len(found) == 8 and len(set(found)) == 1
    assert StoredFile.objects.count() == 1
    assert len(everything(store)) == 2


@pytest.mark.threads
@pytest.mark.django_db(transaction=True)
def test_the_sweep_waits_for_an_upload_between_content_and_row(store: Path) -> None:
    """The upload has written its content and not yet committed its row: the sweep must not see an orphan."""
    written, go_on = threading.Event(), threading.Event()
    kept: list[StoredFile] = []

    def hand_in() -> None:
        try:
            with transaction.atomic():
                kept.append(accept_upload(samples.upload(samples.jpeg())))
                written.set()
                go_on.wait(10)
        finally:
            connection.close()

    def clear_up() -> None:
        try:
            with travel(now() + timedelta(days=3)):
                actions.sweep_orphans()
        finally:
            connection.close()

    uploading = threading.Thread(target=hand_in)
    uploading.start()
    assert written.wait(10)
    sweeping = threading.Thread(target=clear_up)
    sweeping.start()
    sweeping.join(0.5)
    assert sweeping.is_alive()
    go_on.set()
    uploading.join()
    sweeping.join()
    assert everything(store) == sorted([kept[0].storage_name, kept[0].thumbnail_name])


@pytest.mark.threads
@pytest.mark.django_db(transaction=True)
def test_the_sweep_and_an_attachment_at_the_same_moment(store: Path, subject: Any) -> None:
    """Whoever holds the row first wins: a file being attached is not swept away under its case."""
    file = accept_upload(samples.upload(samples.jpeg()))
    StoredFile.objects.update(accepted_at=now() - timedelta(days=3))
    attached, go_on = threading.Event(), threading.Event()

    def attach() -> None:
        try:
            with transaction.atomic():
                attach_file(file, subject, role=Role.REPORT, by=None)
                attached.set()
                go_on.wait(10)
        finally:
            connection.close()

    attaching = threading.Thread(target=attach)
    attaching.start()
    assert attached.wait(10)
    assert actions.sweep_unattached() == 0
    go_on.set()
    attaching.join()
    assert StoredFile.objects.filter(pk=file.pk, attachments__isnull=False).exists()


def test_the_store_may_be_a_bucket(settings: Any, monkeypatch: pytest.MonkeyPatch, subject: Any) -> None:
    boto3 = pytest.importorskip("boto3")
    from moto import mock_aws

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        bucket = boto3.resource("s3").create_bucket(Bucket="bihuan-files")
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {
                "BACKEND": "storages.backends.s3.S3Storage",
                "OPTIONS": {"bucket_name": "bihuan-files", "default_acl": None, "file_overwrite": True},
            },
        }
        file = accept_upload(samples.upload(samples.jpeg(seed=1)))
        idle = accept_upload(samples.upload(samples.jpeg(seed=2)))
        accept_upload(samples.upload(samples.jpeg(seed=1)))
        attach_file(file, subject, role=Role.REPORT, by=None)
        assert {item.key for item in bucket.objects.all()} == {
            file.storage_name, file.thumbnail_name, idle.storage_name, idle.thumbnail_name
        }  # fmt: skip
        assert len(default_storage.open(file.storage_name).read()) == file.size

        with travel(now() + timedelta(days=3)):
            sweep()
        assert {item.key for item in bucket.objects.all()} == {file.storage_name, file.thumbnail_name}
