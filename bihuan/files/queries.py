"""Reading attachments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q

from bihuan.files import likeness
from bihuan.files.models import Attachment, StoredFile, band


def attachments_of(subject: models.Model, role: str | None = None) -> models.QuerySet[Attachment]:
    """The files beside one subject, in the order they were added."""
    found = Attachment.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    if role is not None:
        found = found.filter(role=role)
    return found.select_related("file").order_by("id")


def content_of(file: StoredFile) -> bytes:
    """The whole of a document that was handed in."""
    with default_storage.open(file.storage_name) as content:
        return content.read()


def attachments_by_subject(
    subjects: Iterable[models.Model], role: str | None = None
) -> dict[int, list[Attachment]]:
    """The files beside many subjects of one model, by the subject's id, in one query."""
    by_type = {subject.pk: subject._meta.label_lower for subject in subjects}
    found: dict[int, list[Attachment]] = {pk: [] for pk in by_type}
    if not found:
        return found
    rows = Attachment.objects.filter(subject_type__in=set(by_type.values()), subject_id__in=found)
    if role is not None:
        rows = rows.filter(role=role)
    for attachment in rows.select_related("file").order_by("id"):
        found[attachment.subject_id].append(attachment)
    return found


def attachments_of_files(files: Iterable[int], *, like: models.Model) -> models.QuerySet[Attachment]:
    """Where these stored files lie beside subjects of the same model."""
    return Attachment.objects.filter(file__in=list(files), subject_type=like._meta.label_lower)


def pictures_like(file: StoredFile, *, limit: int = 20) -> dict[int, int]:
    """Other stored photos that show the same picture: id → bits in which fingerprints differ, least first.

    The indexes of the four bands find those that can be near; each of them is then looked at.
    """
    if file.phash is None:
        return {}
    shades = likeness.shades_of(file)
    if shades is None:
        return {}
    near: Any = near_in_fingerprint(file.phash).exclude(pk=file.pk)  # annotated with `apart`
    return {
        other.pk: other.apart
        for other in near.order_by("apart", "pk")[:limit]
        if likeness.is_one_picture(shades, likeness.shades_of(other))
    }


def near_in_fingerprint(phash: int) -> models.QuerySet[Any, Any]:
    """Photos whose fingerprint lies near enough to be looked at, with `apart`, the bits that differ."""
    shares_a_band = Q()
    for number, values in enumerate(likeness.bands_near(phash)):
        shares_a_band |= Q(**{f"band_{number}__in": values})
    apart = Func(
        F("phash").bitxor(phash),
        function="BIT_COUNT",
        template="%(function)s((%(expressions)s)::bit(64))",
        output_field=models.IntegerField(),
    )
    bands = {f"band_{number}": band(number) for number in range(likeness.BANDS)}
    photos = StoredFile.objects.filter(phash__isnull=False).alias(**bands).filter(shares_a_band)
    return photos.annotate(apart=apart).filter(apart__lte=likeness.FAR)


def stored_files(pks: Iterable[int]) -> list[StoredFile]:
    """Stored files by id, in the order asked for; those swept away in the meantime are left out."""
    wanted = list(pks)
    rows = StoredFile.objects.in_bulk(wanted)
    return [rows[pk] for pk in wanted if pk in rows]


def attachments() -> models.QuerySet[Attachment]:
    """All attachments, for looking one up; whether it may be seen is asked in `access.may_see`."""
    return Attachment.objects.select_related("file")


def unattached_files(*, since: datetime) -> models.QuerySet[StoredFile]:
    """Files accepted before that moment which are beside no subject."""
    attached = Attachment.objects.filter(file=OuterRef("pk"))
    return StoredFile.objects.filter(~Exists(attached), accepted_at__lt=since)


def stored_names() -> set[str]:
    """The storage names of every content and thumbnail."""
    pairs = StoredFile.objects.values_list("storage_name", "thumbnail_name")
    return {name for pair in pairs.iterator() for name in pair if name}


def names_without_row(names: Iterable[str]) -> list[str]:
    """Those storage names that no row speaks of."""
    wanted = set(names)
    digests = {bytes.fromhex(re.sub(r"[/]|\..*", "", name)) for name in wanted}
    rows = StoredFile.objects.filter(sha256__in=digests)
    for pair in rows.values_list("storage_name", "thumbnail_name"):
        wanted.difference_update(pair)
    return sorted(wanted)
