"""Forms for ledgers and their editions: they read the workbook and say what is wrong with it."""

from io import BytesIO
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bihuan.files.access import ticket
from bihuan.files.fields import DocumentsField, FilesInput, Offered
from bihuan.files.models import StoredFile
from bihuan.files.queries import content_of
from bihuan.ledgers.definition import CellFault, Definition, FaultyWorkbook, read_workbook
from bihuan.territory.models import Area, AreaQuerySet

STEP = "\u3000"


class AreaChoice(forms.ModelChoiceField):
    """Areas, each set in below the one it lies in."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{STEP * obj.depth}{obj.label}"


class WorkbookInput(FilesInput):
    """A file input that offers nothing from before: whoever corrects a workbook chooses it anew."""

    def render(self, name: str, value: Any, *args: Any, **kwargs: Any) -> SafeString:
        return super().render(name, None, *args, **kwargs)


class WorkbookField(DocumentsField):
    """One workbook, kept when it is read; the page that follows hands in its ticket."""

    accept = [".xlsx", ".xls", ".ods"]
    widget = WorkbookInput

    def __init__(self, **kwargs: Any):
        super().__init__(max_files=1, **kwargs)

    def clean(self, value: Offered | None) -> list[StoredFile]:
        if value is not None and value.uploads:
            value = Offered(value.uploads[-1:], [])
        return super().clean(value)


class EditionForm(forms.Form):
    """A workbook that is to be an edition. `keep` is pressed on the page that shows what it holds."""

    workbook = WorkbookField(
        label=_("Workbook"), help_text=_("The sheets survey, choices, steps, gates, figures and documents.")
    )
    note = forms.CharField(
        label=_("What is new in it"), required=False, max_length=200, widget=forms.TextInput()
    )
    keep = forms.BooleanField(required=False, widget=forms.HiddenInput)

    file: StoredFile
    definition: Definition
    faults: tuple[CellFault, ...] = ()

    def clean_workbook(self) -> StoredFile:
        self.file = self.cleaned_data["workbook"][0]
        try:
            self.definition = read_workbook(BytesIO(content_of(self.file)), self.file.offered_name)
        except FaultyWorkbook as faulty:
            self.faults = faulty.faults
            count = len(faulty.faults)
            raise forms.ValidationError(
                ngettext(
                    "“%(name)s” has %(count)d fault. It is listed below.",
                    "“%(name)s” has %(count)d faults. They are listed below.",
                    count,
                ),
                params={"name": self.file.offered_name, "count": count},
            ) from faulty
        return self.file

    @property
    def ticket(self) -> str:
        """With it the page that follows hands in the very same workbook."""
        return ticket(self.file)


class LedgerForm(EditionForm):
    """A workbook that is to be a new ledger of an area."""

    area = AreaChoice(label=_("Kept for"), queryset=Area.objects.none(), empty_label=None)

    field_order = ["workbook", "area", "note"]

    def __init__(self, *args: Any, areas: AreaQuerySet, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]


class ShippedForm(forms.Form):
    """A ledger that comes with the product, to be kept for an area."""

    area = AreaChoice(label=_("Kept for"), queryset=Area.objects.none(), empty_label=None)

    def __init__(self, *args: Any, areas: AreaQuerySet, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]
