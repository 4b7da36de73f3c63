"""The forms of an import of items: the file, then what its columns mean. They check shape, not rights."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core.book import without_nul
from bihuan.core.layout import Column
from bihuan.files.actions import accept_upload
from bihuan.files.models import Kind
from bihuan.ledgers.definition import Definition
from bihuan.ledgers.sheets.columns import ItemBook, meanings_of


class ItemsUploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Workbook"),
        allow_empty_file=True,  # an empty one gets a sentence that names it
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        help_text=gettext_lazy(
            "Excel (.xlsx, .xls), ODS or CSV, up to 25 MB and 100,000 rows. One row for each item."
        ),
    )

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.definition = definition

    def clean_file(self) -> Any:
        """The kept file; whatever cannot be a list of items is turned down with the reason."""
        upload = self.cleaned_data["file"]
        content = without_nul(upload.read())
        stored = accept_upload(SimpleUploadedFile(upload.name, content), kinds=[Kind.DOCUMENT])
        self.sheet = ItemBook(content, stored.offered_name, self.definition).likely_sheet
        return stored


class ItemColumnsForm(forms.Form):
    """What each column means."""

    sheet = forms.CharField(widget=forms.HiddenInput)
    header = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_048_576)

    def __init__(self, *args: Any, columns: list[Column], definition: Definition, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.columns = columns
        self.known = meanings_of(definition)
        general = [(key, one.label) for key, one in self.known.items() if one.field is None]
        fields = [(key, one.label) for key, one in self.known.items() if one.field is not None]
        choices: list[Any] = [("", _("— not used —")), (_("Every item"), general)]
        if fields:
            choices.append((_("Fields of the ledger"), fields))
        for column in columns:
            self.fields[f"column_{column.index}"] = forms.ChoiceField(
                label=column.title,
                choices=choices,
                required=False,
                widget=forms.Select({"class": "form-select"}),
            )

    @staticmethod
    def initial_from(columns: dict[str, int]) -> dict[str, Any]:
        return {f"column_{index}": key for key, index in columns.items()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.meanings: dict[str, int] = {}
        for column in self.columns:
            key = data.get(f"column_{column.index}")
            if not key:
                continue
            if key in self.meanings:
                self.add_error(
                    f"column_{column.index}",
                    _("Two columns are marked as “%(meaning)s”; choose one.")
                    % {"meaning": self.known[key].label},
                )
            self.meanings.setdefault(key, column.index)
        if not {"title", "place", "key"} & self.meanings.keys():
            self.add_error(
                None, _("Say which column tells what the item is called: heading, place or number.")
            )
        if ("lon" in self.meanings) != ("lat" in self.meanings):
            self.add_error(None, _("Longitude and latitude belong together: mark both columns, or neither."))
        if "parent" in self.meanings and "key" not in self.meanings:
            self.add_error(None, _("To say what an item is a part of, items need a number of their own."))
        return data

    def rows(self) -> list[tuple[Column, forms.BoundField]]:
        return [(column, self[f"column_{column.index}"]) for column in self.columns]

    def unused(self) -> list[Column]:
        """Columns that mean nothing to us: their content stays in the file."""
        used = self.meanings.values() if hasattr(self, "meanings") else ()
        return [column for column in self.columns if column.index not in used]
