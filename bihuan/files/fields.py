"""Form fields for photos and documents, to be used in every room's forms.

    class ReportForm(forms.Form):
        photos = PhotosField(required=False)

    files = form.cleaned_data["photos"]            # list[StoredFile], already kept
    attach_files(files, case, role=Role.REPORT, by=user)

The form's element needs `enctype="multipart/form-data"`. Files are kept when they are judged, so that a form
with a mistake elsewhere comes back with its photos: each is then a ticket that the person may untick.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from bihuan.files.access import read_ticket, ticket
from bihuan.files.actions import accept_upload
from bihuan.files.models import Kind, StoredFile
from bihuan.files.queries import stored_files
from bihuan.files.rules import wrong_kind

IMAGE_TYPES = ["image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"]
DOCUMENT_TYPES = [".pdf", ".xlsx", ".xls", ".ods", ".docx", ".csv", ".txt"]


@dataclass
class Offered:
    """What a form brings: new uploads, and tickets of those it brought before."""

    uploads: list[Any]
    tickets: list[str]

    def __bool__(self) -> bool:
        return bool(self.uploads or self.tickets)


class FilesInput(forms.Widget):
    """A plain file input for several files, with those already kept above it."""

    needs_multipart_form = True
    accept: list[str] = []
    max_files = 1
    photos = True

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> Offered:
        uploads = files.getlist(name) if hasattr(files, "getlist") else [files[name]] if name in files else []
        kept = f"{name}-kept"
        tickets = data.getlist(kept) if hasattr(data, "getlist") else list(data.get(kept, []))
        return Offered(uploads, tickets)

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> bool:
        return name not in files and f"{name}-kept" not in data

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # a ticket satisfies the field as well as a new file does

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        return render_to_string(
            "files/_input.html",
            {
                "name": name,
                "photos": self.photos,
                "kept": _kept(value) if isinstance(value, Offered) else [],
                "attrs": {
                    "class": "form-control",
                    **self.build_attrs(self.attrs, attrs),
                    "accept": ",".join(self.accept),
                    "multiple": self.max_files > 1,
                },
            },
        )


def _kept(offered: Offered) -> list[dict[str, str]]:
    """Every file that is safely kept, as the page shows it: ticket, name, picture."""
    tickets = {text: found[1] for text in offered.tickets if (found := read_ticket(text))}
    for upload in offered.uploads:
        if file := getattr(upload, "kept_as", None):
            tickets[ticket(file)] = file.offered_name
    return [
        {"ticket": text, "name": name, "thumbnail_url": reverse("files:kept", args=[text])}
        for text, name in tickets.items()
    ]


class FilesField(forms.Field):
    """Several files, each judged by its content; gives a list of StoredFile."""

    widget = FilesInput
    kinds: list[str] = list(Kind.values)
    accept = IMAGE_TYPES + DOCUMENT_TYPES

    def __init__(self, *, max_files: int = 9, **kwargs: Any):
        super().__init__(**kwargs)
        self.max_files = max_files
        self.widget.max_files = max_files
        self.widget.accept = self.accept
        self.widget.photos = self.kinds == [Kind.IMAGE]

    def clean(self, value: Offered | None) -> list[StoredFile]:
        offered = value or Offered([], [])
        files = self._tickets(offered.tickets)
        if len(files) + len(offered.uploads) > self.max_files:
            raise ValidationError(
                ngettext_lazy(
                    "At most %(count)d file can be added here.",
                    "At most %(count)d files can be added here.",
                    self.max_files,
                )
                % {"count": self.max_files},
                code="too_many",
            )
        faults: list[ValidationError] = []
        for upload in offered.uploads:
            try:
                files.append(self._keep(upload))
            except ValidationError as fault:
                faults.append(fault)
        if faults:
            raise ValidationError(faults)
        if self.required and not files:
            raise ValidationError(self.error_messages["required"], code="required")
        return list({file.pk: file for file in files}.values())

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)

    def _keep(self, upload: Any) -> StoredFile:
        if getattr(upload, "kept_as", None) is None:
            upload.kept_as = accept_upload(upload, kinds=self.kinds)
        return upload.kept_as

    def _tickets(self, texts: list[str]) -> list[StoredFile]:
        names = dict(found for text in texts if (found := read_ticket(text)))
        files = stored_files(names)
        for file in files:
            file.offered_name = names[file.pk]
            if file.kind not in self.kinds:
                raise wrong_kind(file.offered_name, self.kinds)
        if len(files) < len(set(texts)):
            raise ValidationError(
                _("A file added earlier is no longer here. Please add it again."), code="gone"
            )
        return files


class PhotosField(FilesField):
    """Photos only."""

    kinds = [Kind.IMAGE]
    accept = IMAGE_TYPES


class DocumentsField(FilesField):
    """Documents only."""

    kinds = [Kind.DOCUMENT]
    accept = DOCUMENT_TYPES

    def __init__(self, *, max_files: int = 5, **kwargs: Any):
        super().__init__(max_files=max_files, **kwargs)
