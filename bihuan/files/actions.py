"""Taking files in and putting them beside their subjects."""

from __future__ import annotations

import errno
import hashlib
import re
from collections.abc import Collection, Iterable
from datetime import timedelta
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, cast

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from bihuan.audit import record
from bihuan.core.clock import now
from bihuan.core.verdicts import no
from bihuan.files import pictures, queries, rules
from bihuan.files.models import Attachment, Kind, StoredFile
from bihuan.files.storage import DurableFileSystemStorage

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from bihuan.accounts.models import User

# One number for "the store of files": uploads hold it together, the sweep holds it alone, so that the sweep
# never takes a content away between the moment it is written and the moment its row is there.
STORE_LOCK = 0x62680001

GRACE = timedelta(days=2)
BATCH = 500
FOLDER = re.compile(r"[0-9a-f]{2}")
OURS = re.compile(r"[0-9a-f]{2}/[0-9a-f]{62}(\.thumb)?\.[a-z]{3,4}")


def accept_upload(upload: UploadedFile, *, kinds: Collection[str] = Kind.values) -> StoredFile:
    """Keep what somebody hands in, or raise Unfit with a sentence for them.

    Photos are turned upright, reduced and freed of EXIF first; the original is not kept. The same content
    handed in again is the same StoredFile. Call it before the transaction of the action that attaches it:
    what nobody attaches is swept away after two days.
    """
    name = rules.display_name(upload.name)
    file: IO[bytes] = upload.file if upload.file is not None else BytesIO(upload.read())
    nature = rules.judge(file, name=name, size=_measure(file), kinds=kinds)
    if nature.kind == Kind.IMAGE:
        stored = _store_picture(pictures.prepare(file, nature, name=name))
    else:
        file.seek(0)
        stored = _store(file.read(), nature, blobs={})
    stored.offered_name = name
    return stored


def _measure(file: IO[bytes]) -> int:
    return file.seek(0, 2)


def _store_picture(picture: pictures.Picture) -> StoredFile:
    __, name = StoredFile.address(picture.content, ".thumb.jpg")
    return _store(
        picture.content,
        rules.JPEG,
        blobs={name: picture.thumbnail},
        width=picture.width,
        height=picture.height,
        phash=picture.phash,
        thumbnail_name=name,
    )


def keep_made(content: IO[bytes], nature: rules.Nature, *, name: str) -> StoredFile:
    """Keep what the product itself has written, however long it is: it is read in pieces, never whole."""
    content.seek(0)
    digest = hashlib.file_digest(cast(Any, content), "sha256").digest()
    size = _measure(content)
    content.seek(0)
    stored = _keep(digest, nature, size, {StoredFile.storage_name_of(digest, nature.suffix): File(content)})
    stored.offered_name = name
    return stored


def _store(content: bytes, nature: rules.Nature, *, blobs: dict[str, bytes], **fields: Any) -> StoredFile:
    digest, name = StoredFile.address(content, nature.suffix)
    contents = {name: content, **blobs}
    files: dict[str, File[Any]] = {blob: ContentFile(value) for blob, value in contents.items()}
    return _keep(digest, nature, len(content), files, **fields)


@transaction.atomic
def _keep(
    digest: bytes, nature: rules.Nature, size: int, blobs: dict[str, File[Any]], **fields: Any
) -> StoredFile:
    """Write the contents, then their row. The other way round a crash could leave a row without content."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [STORE_LOCK])
    known = StoredFile.objects.filter(sha256=digest).first()
    if known is None:
        for blob, value in blobs.items():
            _write(blob, value)
    row = StoredFile(
        sha256=digest,
        kind=nature.kind,
        media_type=nature.media_type,
        size=size,
        storage_name=StoredFile.storage_name_of(digest, nature.suffix),
        accepted_at=now(),
        **fields,
    )
    # Whoever comes second finds the first one's row; its two days of grace begin anew.
    StoredFile.objects.bulk_create(
        [row], update_conflicts=True, update_fields=["accepted_at"], unique_fields=["sha256"]
    )
    return StoredFile.objects.get(sha256=digest)


def _write(name: str, content: File[Any]) -> None:
    try:
        default_storage.save(name, content)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        no(
            "files.disk_full",
            _("There is no room left to keep files. Nothing was saved; the administrator must make room."),
        ).enforce()


@transaction.atomic
def attach_file(
    file: StoredFile, subject: models.Model, *, role: str, by: User | None, name: str = "", caption: str = ""
) -> Attachment:
    """Put one file beside its subject."""
    return _attach([file], subject, role=role, by=by, name=name, caption=caption)[0]


@transaction.atomic
def attach_files(
    files: Iterable[StoredFile], subject: models.Model, *, role: str, by: User | None, caption: str = ""
) -> list[Attachment]:
    """Put files beside their subject: a step of another room's action, which has asked and holds the subject.

    The entry carries each content's digest, so that the chain of entries also proves the photos. Attaching
    the same file in the same role again changes nothing.
    """
    return _attach(list(files), subject, role=role, by=by, name="", caption=caption)


def _attach(
    files: list[StoredFile], subject: models.Model, *, role: str, by: User | None, name: str, caption: str
) -> list[Attachment]:
    by = by if by is not None and by.is_authenticated else None
    subject_type = subject._meta.label_lower
    offered = {file.pk: name or file.offered_name for file in files}
    locked = {
        file.pk: file
        for file in StoredFile.objects.select_for_update(no_key=True).filter(pk__in=offered).order_by("pk")
    }
    for pk in offered:
        rules.may_attach(locked.get(pk)).enforce()
    there = Attachment.objects.filter(
        file__in=offered, subject_type=subject_type, subject_id=subject.pk, role=role
    )
    known = {attachment.file_id: attachment for attachment in there.select_related("file")}
    new = [
        Attachment(
            file=locked[pk],
            subject_type=subject_type,
            subject_id=subject.pk,
            role=role,
            # A photo's name says nothing about the matter and may say something about a person.
            name="" if locked[pk].is_image else offered[pk],
            caption=caption,
            added_at=now(),
            added_by=by,
        )
        for pk in offered
        if pk not in known
    ]
    Attachment.objects.bulk_create(new)
    if new:
        record(
            "file.attached",
            subject,
            by=by,
            role=str(role),
            files=[{"attachment": attachment.pk, "sha256": attachment.file.digest} for attachment in new],
        )
    known |= {attachment.file_id: attachment for attachment in new}
    return [known[pk] for pk in offered]


def sweep_unattached() -> int:
    """Forget files that nobody attached within two days. Their contents go with the orphans."""
    swept = 0
    while batch := _forget_unattached():
        swept += batch
    return swept


@transaction.atomic
def _forget_unattached() -> int:
    idle = queries.unattached_files(since=now() - GRACE).select_for_update(skip_locked=True, of=("self",))
    locked = list(idle.values_list("pk", flat=True)[:BATCH])
    # Asked again now that the rows are held: somebody may have attached one while we waited.
    unattached = queries.unattached_files(since=now() - GRACE).filter(pk__in=locked)
    return unattached.delete()[0]


def sweep_orphans() -> int:
    """Remove contents without a row, older than two days: left by a crash, or by `sweep_unattached`."""
    if isinstance(default_storage, DurableFileSystemStorage):
        default_storage.remove_unfinished(older_than=GRACE.total_seconds())
    swept = 0
    for folder in default_storage.listdir("")[0]:
        if FOLDER.fullmatch(folder):
            names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
            swept += _remove_orphans([name for name in names if OURS.fullmatch(name)])
    return swept


def _remove_orphans(names: list[str]) -> int:
    old = now() - GRACE
    names = [
        name for name in queries.names_without_row(names) if default_storage.get_modified_time(name) < old
    ]
    if not names:
        return 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [STORE_LOCK])
        orphans = queries.names_without_row(names)
        for name in orphans:
            default_storage.delete(name)
    return len(orphans)
