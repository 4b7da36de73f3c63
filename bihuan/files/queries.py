"""Reading attachments."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from bihuan.files.models import Attachment, StoredFile


def attachments_of(subject: models.Model, role: str | None = None) -> models.QuerySet[Attachment]:
    """The files beside one subject, in the order they were added."""
    found = Attachment.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    if role is not None:
        found = found.filter(role=role)
    return found.select_related("file").order_by("id")


def attachments_by_subject(
    subjects: Iterable[models.Model], role: str | None = None
) -> dict[int, list[Attachment]]:
    """The files beside many subjects of one model, by the subject's id, in one query."""
    found: dict[int, list[Attachment]] = {subject.pk: [] for subject in (subjects := list(subjects))}
    if not found:
        return found
    rows = Attachment.objects.filter(subject_type=subjects[0]._meta.label_lower, subject_id__in=found)
    if role is not None:
        rows = rows.filter(role=role)
    for attachment in rows.select_related("file").order_by("id"):
        found[attachment.subject_id].append(attachment)
    return found


def stored_files(pks: Iterable[int]) -> list[StoredFile]:
    """Stored files by id, in the order asked for; those swept away in the meantime are left out."""
    wanted = list(pks)
    rows = StoredFile.objects.in_bulk(wanted)
    return [rows[pk] for pk in wanted if pk in rows]
