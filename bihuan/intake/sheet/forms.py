"""The forms of an import: the file, then what its columns mean. They check shape, not rights."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core.layout import Column
from bihuan.core.text import clean
from bihuan.files.actions import accept_upload
from bihuan.files.models import Kind
from bihuan.intake.models import Datum
from bihuan.intake.sheet.book import Book, without_nul
from bihuan.intake.sheet.fields import FIELDS
from bihuan.intake.sheet.rows import Setting
from bihuan.territory.models import Area


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Workbook"),
        allow_empty_file=True,  # an empty one gets a sentence that names it
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        help_text=gettext_lazy("Excel (.xlsx, .xls), ODS or CSV, up to 25 MB. One row for each report."),
    )

    def clean_file(self) -> Any:
        """The kept file; whatever cannot be a list of reports is turned down with the reason."""
        upload = self.cleaned_data["file"]
        content = without_nul(upload.read())
        stored = accept_upload(SimpleUploadedFile(upload.name, content), kinds=[Kind.DOCUMENT])
        book = Book(content, stored.offered_name)
        self.sheet = book.likely_sheet
        return stored


class MeaningForm(forms.Form):
    """What each column means, where rows without a place go, and what the list is called."""

    area = forms.TypedChoiceField(label=gettext_lazy("Desk for rows without a place"))
    source = forms.CharField(
        label=gettext_lazy("Name of the source"),
        max_length=60,
        help_text=gettext_lazy(
            "The same number from the same source is the same report, and is taken in once."
        ),
    )
    datum = forms.ChoiceField(label=gettext_lazy("Coordinates were taken from"), choices=Datum)
    may_call = forms.BooleanField(
        label=gettext_lazy("The people in this list agreed to be called back"),
        required=False,
        help_text=gettext_lazy("Without their consent no phone number is kept."),
    )
    sheet = forms.CharField(widget=forms.HiddenInput)
    header = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_048_576)

    def __init__(self, *args: Any, columns: list[Column], desks: list[Area], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.columns = columns
        self.desks = {str(area.pk): area for area in desks}
        self.fields["area"].choices = [(pk, area.label) for pk, area in self.desks.items()]  # type: ignore[attr-defined]
        meanings = [("", _("— not used —")), *((name, field.label) for name, field in FIELDS.items())]
        for column in columns:
            self.fields[f"column_{column.index}"] = forms.ChoiceField(
                label=column.title,
                choices=meanings,
                required=False,
                widget=forms.Select({"class": "form-select"}),
            )

    @staticmethod
    def initial_from(columns: dict[str, int]) -> dict[str, Any]:
        return {f"column_{index}": name for name, index in columns.items()}

    def clean_area(self) -> Area:
        return self.desks[self.cleaned_data["area"]]

    def clean_source(self) -> str:
        return clean(self.cleaned_data["source"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.meanings: dict[str, int] = {}
        for column in self.columns:
            name = data.get(f"column_{column.index}")
            if not name:
                continue
            if name in self.meanings:
                self.add_error(
                    f"column_{column.index}",
                    _("Two columns are marked as “%(meaning)s”; choose one.")
                    % {"meaning": FIELDS[name].label},
                )
            self.meanings.setdefault(name, column.index)
        if not {"words", "title"} & self.meanings.keys():
            self.add_error(None, _("Say which column tells what was reported."))
        if ("lon" in self.meanings) != ("lat" in self.meanings):
            self.add_error(None, _("Longitude and latitude belong together: mark both columns, or neither."))
        return data

    @property
    def setting(self) -> Setting:
        data = self.cleaned_data
        return Setting(
            sheet=data["sheet"],
            header=data["header"],
            columns=self.meanings,
            source=data["source"],
            datum=data["datum"],
            may_call=data["may_call"],
        )

    def rows(self) -> list[tuple[Column, forms.BoundField]]:
        return [(column, self[f"column_{column.index}"]) for column in self.columns]

    def unused(self) -> list[Column]:
        """Columns that mean nothing to us: their content stays in the file."""
        used = (
            self.meanings.values()
            if self.is_bound and hasattr(self, "meanings")
            else [int(name.removeprefix("column_")) for name in self.initial if name.startswith("column_")]
        )
        return [column for column in self.columns if column.index not in used]
