"""Forms of the catalogue: a matter, who answers for it, filters, and the workbook."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from bihuan.accounts import uploads
from bihuan.accounts.models import Unit
from bihuan.cases.catalogue_book import LIMITS, LimitError, Plan, read_limit, read_plan
from bihuan.cases.models import Matter, Urgency
from bihuan.cases.models.matter import LEAST_SPOT_CHECKS
from bihuan.cases.queries.catalogue import Filters
from bihuan.core.text import normalise
from bihuan.territory.models import Area, AreaKind
from bihuan.territory.queries import areas_in_tree

MAX_WORKBOOK = 5 * 1024 * 1024
STEP = "\u3000"
NAMED_KINDS = (AreaKind.DISTRICT, AreaKind.SUBDISTRICT, AreaKind.COMMUNITY, AreaKind.VILLAGE)


class MatterChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {obj.label}"


class TreeChoice(forms.ModelChoiceField):
    """Areas or units, each set in below the one it stands under."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{STEP * obj.depth}{obj.label}"


class MatterForm(forms.ModelForm):
    """Everything the catalogue says about a matter."""

    parent = MatterChoice(
        label=_("Stands under"),
        queryset=Matter.objects.none(),
        required=False,
        empty_label=_("nothing: at the top"),
    )

    class Meta:
        model = Matter
        fields = [
            "parent",
            "name",
            "name_en",
            "code",
            "urgency",
            "assign_limit",
            "acknowledge_limit",
            "resolve_limit",
            "self_handled",
            "spot_check_share",
            "needs_before_photo",
            "needs_after_photo",
            "filing_standard",
            "closing_standard",
            "keywords",
        ]
        widgets = {
            "filing_standard": forms.Textarea(attrs={"rows": 3, "maxlength": 5000}),
            "closing_standard": forms.Textarea(attrs={"rows": 3, "maxlength": 5000}),
            "keywords": forms.Textarea(attrs={"rows": 2, "maxlength": 5000}),
        }
        help_texts = {
            "code": _("Left empty, the next free code is taken."),
            "keywords": _(
                "What people call it when they report it, with spaces between. The finder looks here too."
            ),
            "self_handled": _("A grid worker may settle it at once; some of these are spot-checked."),
            "spot_check_share": _(
                "Of a hundred settled on the spot, so many are drawn by lot for somebody else to look at;"
                " at least 5."
            ),
        }

    def __init__(self, *args: Any, parents: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]
        self.fields["code"].required = False
        share = self.fields["spot_check_share"]
        share.required = False
        share.validators += [MinValueValidator(LEAST_SPOT_CHECKS), MaxValueValidator(100)]
        share.widget.attrs.update(min=LEAST_SPOT_CHECKS, max=100)
        for name in LIMITS:
            field = self.fields[name]
            field.max_length = None  # type: ignore[attr-defined]
            field.validators = []
            field.widget.attrs.pop("maxlength", None)
            field.widget.attrs["placeholder"] = "4h"

    def clean_code(self) -> str:
        code = normalise(self.cleaned_data["code"])
        if code and Matter.objects.exclude(pk=self.instance.pk).filter(code=code).exists():
            raise forms.ValidationError(_("Another matter has this code."))
        return code

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in LIMITS:
            try:
                data[name] = read_limit(data.get(name) or "", data.get("urgency") or Urgency.ORDINARY)
            except LimitError as error:
                self.add_error(name, f"{error.problem} {error.remedy}")
        if data.get("spot_check_share") is None:
            data.pop("spot_check_share", None)  # left empty, it stays as it is
        twins = Matter.objects.exclude(pk=self.instance.pk).filter(
            parent=data.get("parent"), name=data.get("name", ""), retired_at=None
        )
        if twins.exists():
            self.add_error("name", _("There is already a matter of this name in the same place."))
        return data

    def _post_clean(self) -> None:
        """Leave the instance alone: the action writes it."""

    def validate_unique(self) -> None:
        """The action looks at the whole catalogue."""


class UnitForm(forms.Form):
    """Which unit answers in an area."""

    area = TreeChoice(label=_("Area"), queryset=Area.objects.none(), empty_label=None)
    unit = TreeChoice(label=_("Unit"), queryset=Unit.objects.none(), empty_label=_("choose a unit"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas_in_tree().filter(kind__in=NAMED_KINDS)  # type: ignore[attr-defined]
        self.fields["unit"].queryset = Unit.objects.order_by("path")  # type: ignore[attr-defined]


class DropUnitForm(forms.Form):
    """Nobody is named for an area any more."""

    area = forms.ModelChoiceField(queryset=Area.objects.light(), widget=forms.HiddenInput)


class FilterForm(forms.Form):
    q = forms.CharField(
        label=_("Name, code or words people use"),
        required=False,
        max_length=100,
        widget=forms.TextInput({"type": "search"}),
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"), required=False, choices=[("", _("any urgency")), *Urgency.choices]
    )
    only = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("all in use")),
            ("self_handled", _("may be handled on the spot")),
            ("no_unit", _("without a responsible unit")),
            ("retired", _("retired")),
        ],
    )

    def filters(self) -> Filters:
        """What was asked for; an unknown choice asks for nothing."""
        self.is_valid()
        data = self.cleaned_data
        return Filters(text=data.get("q", ""), urgency=data.get("urgency", ""), only=data.get("only", ""))


class ImportForm(forms.Form):
    file = forms.FileField(
        label=_("Workbook"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        help_text=_("Excel, OpenDocument or CSV, up to 5 MB. The first sheet is read."),
    )
    plan: Plan
    content: bytes

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MAX_WORKBOOK:
            raise forms.ValidationError(_("The workbook is larger than 5 MB."))
        self.content = upload.read()
        upload.seek(0)
        self.plan = read_plan(upload, upload.name)
        return upload

    def put_aside(self, person: Any) -> str:
        """Keep the workbook for this person until they have looked at the preview; the key fetches it."""
        return uploads.keep(person, self.cleaned_data["file"].name, self.content)


class ConfirmImportForm(uploads.ConfirmForm):
    def done(self) -> None:
        uploads.forget(self.person, self.cleaned_data["key"])
