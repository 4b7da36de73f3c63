"""Forms of this room: what comes next, a template, a form across campaigns. They check shape, not rights."""

from io import BytesIO
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.core.clock import today
from bihuan.files.access import read_ticket, ticket
from bihuan.files.actions import accept_upload, keep_made
from bihuan.files.models import Kind
from bihuan.files.queries import content_of, stored_files
from bihuan.files.rules import Nature
from bihuan.ledgers.models import Campaign, Ledger
from bihuan.reports import rules
from bihuan.reports.documents import FaultyTemplate, Names, TemplateFault, check_template
from bihuan.reports.documents.package import LARGEST
from bihuan.reports.experience import Experience, UnfitExperience, unpack
from bihuan.reports.experience.packing import LARGEST as LARGEST_EXPERIENCE
from bihuan.reports.models import ReportForm, ReportKind
from bihuan.reports.writing.papers import names_for
from bihuan.territory.models import Area

EXPERIENCE_FILE = Nature(Kind.DOCUMENT, "application/vnd.bihuan.experience", ".bhx")
FILES = forms.FileInput(attrs={"accept": ".docx,.xlsx"})


class RemarkForm(forms.Form):
    document = forms.CharField(widget=forms.HiddenInput, max_length=60)
    text = forms.CharField(
        label=gettext_lazy("What comes next"),
        required=False,
        max_length=rules.MOST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Goes into the next report as it stands. An empty text takes it away."),
    )


class FileForm(forms.Form):
    """A Word or Excel file whose every placeholder is one of `names`; `faults` says what is wrong with it."""

    file = forms.FileField(
        label=gettext_lazy("Word or Excel file"),
        widget=FILES,
        help_text=gettext_lazy(".docx or .xlsx, up to 10 MB, with names in double braces."),
    )

    def __init__(self, *args: Any, names: Names | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.names = names
        self.faults: tuple[TemplateFault, ...] = ()

    def names_chosen(self) -> Names | None:
        return self.names

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        upload, names = data.get("file"), self.names_chosen()
        if upload is None or names is None:
            return data
        if upload.size > LARGEST:
            self.add_error("file", _("The file is larger than 10 MB."))
            return data
        content = upload.read()
        try:
            self.checked = check_template(content, names)
        except FaultyTemplate as faulty:
            self.faults = faulty.faults
            self.add_error(
                "file", _("The file cannot be used as it is; what is to be mended is listed above.")
            )
            return data
        copy = SimpleUploadedFile(upload.name, BytesIO(content).getvalue())
        self.stored = accept_upload(copy, kinds=[Kind.DOCUMENT])
        return data


class TemplateForm(FileForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    of = forms.ChoiceField(label=gettext_lazy("For the reports of"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of report"),
        required=False,
        choices=[("", gettext_lazy("all kinds")), *ReportKind.choices],
    )
    field_order = ("name", "of", "kind", "file")

    def __init__(self, *args: Any, ledgers: list[Ledger], report_forms: list[ReportForm], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.ledgers = {f"ledger-{one.pk}": one for one in ledgers}
        self.report_forms = {f"form-{one.pk}": one for one in report_forms}
        self.fields["of"].choices = [  # type: ignore[attr-defined]
            *((key, one.label) for key, one in self.ledgers.items()),
            *(
                (key, _("across campaigns: %(name)s") % {"name": one.label})
                for key, one in self.report_forms.items()
            ),
        ]

    @property
    def ledger(self) -> Ledger | None:
        return self.ledgers.get(self.cleaned_data.get("of", ""))

    @property
    def form(self) -> ReportForm | None:
        return self.report_forms.get(self.cleaned_data.get("of", ""))

    def names_chosen(self) -> Names | None:
        from bihuan.ledgers.queries import latest_edition

        ledger, form = self.ledger, self.form
        if ledger is None and form is None:
            return None
        definition = latest_edition(ledger).definition if ledger is not None else None
        return names_for(definition, form)


class AcrossForm(forms.Form):
    """A form across campaigns: a row for each campaign, taken by ticking it, with its alias."""

    name = forms.CharField(label=gettext_lazy("Name of the form"), max_length=120)
    name_en = forms.CharField(label=gettext_lazy("English name"), max_length=160, required=False)
    area = forms.TypedChoiceField(label=gettext_lazy("Area"))
    kind = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=[one for one in ReportKind.choices if one[0] != ReportKind.FINAL],
    )
    hour = forms.TimeField(
        label=gettext_lazy("At"), initial="18:00", widget=forms.TimeInput(attrs={"type": "time"})
    )

    def __init__(
        self,
        *args: Any,
        areas: list[Area],
        campaigns: list[Campaign],
        report_form: ReportForm | None = None,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.areas = {str(area.pk): area for area in areas}
        self.fields["area"].choices = [(pk, area.label) for pk, area in self.areas.items()]  # type: ignore[attr-defined]
        self.campaigns = campaigns
        taken = {}
        if report_form is not None:
            del self.fields["area"]
            taken = {part.campaign_id: part.alias for part in report_form.parts.all()}
        for one in campaigns:
            self.fields[f"take_{one.pk}"] = forms.BooleanField(
                label=one.label,
                required=False,
                initial=one.pk in taken,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )
            self.fields[f"alias_{one.pk}"] = forms.CharField(
                label=_("Alias of %(campaign)s") % {"campaign": one.label},
                max_length=40,
                required=False,
                initial=taken.get(one.pk, one.name[:40]),
                widget=forms.TextInput(attrs={"class": "form-control"}),
            )

    def clean_area(self) -> Area | None:
        return self.areas.get(self.cleaned_data["area"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.parts = [
            (data.get(f"alias_{one.pk}") or one.name[:40], one)
            for one in self.campaigns
            if data.get(f"take_{one.pk}")
        ]
        if not self.parts:
            self.add_error(None, _("Choose at least one campaign."))
        aliases = [alias for alias, _one in self.parts]
        if len(set(aliases)) < len(aliases):
            self.add_error(None, _("Each campaign needs an alias of its own."))
        return data

    def rows(self) -> list[tuple[Campaign, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"take_{one.pk}"], self[f"alias_{one.pk}"]) for one in self.campaigns]

    def head(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "name_en", "area", "kind", "hour") if name in self.fields]


class ExperienceForm(forms.Form):
    """A file of a campaign's experience: whole and ours, or refused with the reason."""

    file = forms.FileField(
        label=gettext_lazy("File of experience"),
        widget=forms.FileInput(attrs={"accept": ".bihuan"}),
        help_text=gettext_lazy("A .bihuan file that somebody saved from a campaign."),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_EXPERIENCE:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        content = upload.read()
        try:
            self.experience = unpack(content)
        except UnfitExperience as unfit:
            raise forms.ValidationError(str(unfit)) from unfit
        self.ticket = ticket(keep_made(BytesIO(content), EXPERIENCE_FILE, name=upload.name))
        return upload


class TakeOverForm(forms.Form):
    """Where and when a campaign is to begin that takes over the experience in a file."""

    ticket = forms.CharField(widget=forms.HiddenInput)
    name = forms.CharField(label=gettext_lazy("Name of the campaign"), max_length=120)
    area = forms.TypedChoiceField(label=gettext_lazy("Area"))
    starts_on = forms.DateField(
        label=gettext_lazy("Begins on"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    experience: Experience | None = None

    def __init__(self, *args: Any, areas: list[Area], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.areas = {str(area.pk): area for area in areas}
        self.fields["area"].choices = [(pk, area.label) for pk, area in self.areas.items()]  # type: ignore[attr-defined]
        if self.is_bound:
            self.experience = _experience_of(str(self.data.get("ticket", "")))

    @classmethod
    def for_file(cls, sent: ExperienceForm, areas: list[Area]) -> "TakeOverForm":
        name = sent.experience.name.zh or sent.experience.name.en
        form = cls(initial={"ticket": sent.ticket, "name": name, "starts_on": today()}, areas=areas)
        form.experience = sent.experience
        return form

    def clean_area(self) -> Area | None:
        return self.areas.get(self.cleaned_data["area"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.experience is None:
            self.add_error(None, _("The file was put away because it lay unused. Please send it again."))
        return data


def _experience_of(text: str) -> Experience | None:
    """What is in the file for which a ticket stands, as long as it is kept."""
    known = read_ticket(text)
    for file in stored_files([known[0]]) if known is not None else ():
        if file.media_type == EXPERIENCE_FILE.media_type:
            return unpack(content_of(file))
    return None
