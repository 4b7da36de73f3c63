"""The forms of the loop. Their cleaned data are the arguments of the action of the same verb."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.cases import limits, rules
from bihuan.cases.models import Case, Matter, Report, Satisfaction, Urgency
from bihuan.cases.queries.catalogue import matter_said, matters_like
from bihuan.cases.queries.personal import masked
from bihuan.cases.wording import DECLINE_REASONS, FINDINGS
from bihuan.core.clock import local, today
from bihuan.files.fields import PhotosField

NOTE = 2_000


class ActForm(forms.Form):
    """A verb's form. `case` and `user` are there for choices and first values.

    `body` names a template that lays its fields out, where they are not simply one below the other.
    """

    submit_label: Any = None
    body = ""

    def __init__(self, *args: Any, case: Case, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.case = case
        self.user = user
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values."""


def note_field(label: Any, *, required: bool = False, help_text: Any = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class SendToVerifyForm(ActForm):
    question = note_field(_("What should the grid worker look for?"))


class VerifyForm(ActForm):
    finding = forms.ChoiceField(
        label=_("What did you find?"), choices=list(FINDINGS.items()), widget=forms.RadioSelect
    )
    note = note_field(_("Note"))
    photos = PhotosField(label=_("Photos"), required=False)


class DeclineForm(ActForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=list(DECLINE_REASONS.items()))
    note = note_field(_("Explanation for the reporter"), required=True)
    turn_to = forms.CharField(label=_("Where to turn instead"), max_length=200, required=False)


FINDER = {"data-finder": True, "data-finder-label": _("Type to find"), "data-finder-none": _("Nothing found")}


class MatterSelect(forms.Select):
    """A select whose options carry the words people use, for the finder above it."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        matter = getattr(value, "instance", None)
        if matter is not None:
            option["attrs"]["data-words"] = f"{matter.code} {matter.name} {matter.name_en} {matter.keywords}"
            told = [matter.get_urgency_display(), matter.filing_standard]
            option["attrs"]["data-detail"] = " · ".join(part for part in told if part)
        return option


class MatterChoices(ModelChoiceIterator):
    """Matters under the heading above them; those that the reported words suggest come first."""

    def __iter__(self) -> Iterator[Any]:
        field: Any = self.field
        if field.empty_label is not None:
            yield ("", field.empty_label)
        if field.suggested:
            yield (_("suggested by the words"), [self.choice(matter) for matter in field.suggested])
        matters = self.queryset.select_related("parent")
        for above, group in groupby(matters, key=lambda matter: matter.parent):
            choices = [self.choice(matter) for matter in group]
            if above is None:
                yield from choices
            else:
                yield (above.label, choices)


class MatterField(forms.ModelChoiceField):
    """A choice among the matters in use, grouped, found by typing."""

    iterator = MatterChoices
    suggested: Sequence[Matter] = ()

    def __init__(self, **kwargs: Any):
        super().__init__(
            queryset=Matter.objects.choosable(),
            empty_label=_("choose …"),
            widget=MatterSelect(attrs=FINDER),
            **kwargs,
        )

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)

    def suggest(self, user: Any, case: Case) -> None:
        """Put first what the words of the case speak of, of what can be chosen at all."""
        likely = [found.matter for found in matters_like(user, f"{case.title} {case.words}", limit=20)]
        choosable = {matter.pk for matter in self.queryset or ()} if likely else set()
        self.suggested = [matter for matter in likely if matter.pk in choosable][:5]


class FileForm(ActForm):
    matter = MatterField(label=_("Matter"))
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        required=False,
        choices=[("", _("as the matter says")), *Urgency.choices],
    )
    note = note_field(_("Note"))

    def prepare(self) -> None:
        self.fields["matter"].suggest(self.user, self.case)  # type: ignore[attr-defined]
        self.initial.setdefault("matter", self.case.matter_id or matter_said(self.case))


class SelfHandleForm(ActForm):
    matter = MatterField(label=_("Matter"))
    note = note_field(_("What did you do?"), required=True)
    photos = PhotosField(label=_("Photos of the result"), required=False)

    def prepare(self) -> None:
        field = self.fields["matter"]
        field.queryset = Matter.objects.choosable().filter(self_handled=True)  # type: ignore[attr-defined]
        field.suggest(self.user, self.case)  # type: ignore[attr-defined]


class UnitField(forms.ModelChoiceField):
    """A choice among all units, found by typing."""

    def __init__(self, **kwargs: Any):
        super().__init__(empty_label=_("choose …"), widget=forms.Select(attrs=FINDER), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return obj.label


class AcknowledgeForm(ActForm):
    pass


class ReturnForm(ActForm):
    right_unit = UnitField(label=_("Which unit is the right one?"), queryset=Unit.objects.order_by("path"))
    reason = note_field(_("Why"), required=True)


class AskExtensionForm(ActForm):
    days = forms.IntegerField(label=_("How many more days?"), min_value=1, max_value=365)
    reason = note_field(_("Why"), required=True)

    def prepare(self) -> None:
        promise = limits.Promise.read(self.case.promise)
        self.fields["days"].help_text = _("At most %(limit)s.") % {
            "limit": limits.in_words(promise.resolve, promise.clock)
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        clock = limits.Promise.read(self.case.promise).clock
        days = data.pop("days", None)
        if days is not None:
            data["seconds"] = limits.seconds_of(f"{days}d", clock)
        return data


class DecideExtensionForm(ActForm):
    granted = forms.TypedChoiceField(
        label=_("More time"),
        choices=[("yes", _("grant")), ("no", _("refuse"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = note_field(_("Note"))


class SuspendForm(ActForm):
    reason = note_field(_("Reason, told to the reporter"), required=True)
    resume_on = forms.DateField(label=_("Goes on from"), widget=forms.DateInput(attrs={"type": "date"}))

    def prepare(self) -> None:
        latest = today() + timedelta(days=rules.SUSPEND_DAYS)
        self.fields["resume_on"].widget.attrs.update(
            min=(today() + timedelta(days=1)).isoformat(), max=latest.isoformat()
        )


class ResumeForm(ActForm):
    note = note_field(_("Note"))


class ResolveForm(ActForm):
    note = note_field(_("What was done"), required=True)
    before = PhotosField(
        label=_("Photos from before"),
        required=False,
        help_text=_("This matter asks for one. A photo that came with the report counts."),
    )
    photos = PhotosField(label=_("Photos of the result"), required=False)

    def prepare(self) -> None:
        promise = limits.Promise.read(self.case.promise)
        if not promise.needs_before_photo:
            del self.fields["before"]
        self.fields["photos"].required = promise.needs_after_photo
        if promise.closing_standard:
            self.fields["note"].help_text = _("Closing standard: %(text)s") % {
                "text": promise.closing_standard
            }


def ask_about_doubts(form: ActForm, *, required: bool) -> None:
    """Where photos are in doubt, whoever judges the case says what they found."""
    if rules.has_open_doubts(form.case):
        form.fields["doubt_note"] = note_field(
            _("What did you find about the photos?"),
            required=required,
            help_text=_("For colleagues only; neither the unit nor the reporter reads it."),
        )


class InspectForm(ActForm):
    reply = note_field(_("Reply to the reporter"), required=True, rows=4)
    note = note_field(_("Note for colleagues"))

    def prepare(self) -> None:
        self.initial.setdefault("reply", self.case.resolution)
        ask_about_doubts(self, required=True)


class ReworkForm(ActForm):
    reason = note_field(_("What is missing?"), required=True)


class ReporterChoice(forms.ModelChoiceField):
    """A choice among those who reported the same problem."""

    def label_from_instance(self, obj: Any) -> str:
        at = date_format(local(obj.at), "SHORT_DATETIME_FORMAT")
        return " · ".join([obj.name or str(_("no name given")), masked(obj), at])


class CallBackForm(ActForm):
    report = ReporterChoice(
        label=_("Whom did you call?"),
        queryset=Report.objects.none(),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
        help_text=_("One who answers is enough. The others can answer on their own pages."),
    )
    answered = forms.TypedChoiceField(
        label=_("Did somebody answer?"),
        choices=[("yes", _("yes")), ("no", _("no"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    solved = forms.TypedChoiceField(
        label=_("Is it solved?"),
        choices=[("yes", _("solved")), ("no", _("not solved"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    satisfaction = forms.ChoiceField(
        label=_("How satisfied is the reporter?"),
        choices=[("", _("not said")), *[choice for choice in Satisfaction.choices if choice[0] != "unrated"]],
        required=False,
    )
    note = note_field(_("Note"))

    def prepare(self) -> None:
        reports = self.case.reports.filter(may_call=True, phone_index__isnull=False).order_by("pk")
        if len(reports) < 2:
            del self.fields["report"]
            return
        self.fields["report"].queryset = reports  # type: ignore[attr-defined]
        self.initial.setdefault("report", reports[0].pk)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("answered") and data.get("solved") is None:
            self.add_error("solved", _("Say whether it is solved."))
        return data


class CloseForm(ActForm):
    reply = note_field(_("Reply to the reporter"), required=True, rows=4)

    def prepare(self) -> None:
        self.initial.setdefault("reply", self.case.reply)


class SpotCheckForm(ActForm):
    passed = forms.TypedChoiceField(
        label=_("Is it in order?"),
        choices=[("yes", _("yes")), ("no", _("no, it goes to the desk"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = note_field(_("Note"))

    def prepare(self) -> None:
        ask_about_doubts(self, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "doubt_note" in self.fields and data.get("passed") and not data.get("doubt_note"):
            self.add_error("doubt_note", _("Compare the photos and say what you found."))
        return data


class AnswerForm(forms.Form):
    """The reporter's own answer on the tracking page."""

    solved = forms.TypedChoiceField(
        label=_("Is it solved?"),
        choices=[("yes", _("Yes, it is solved")), ("no", _("No, not solved"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    satisfaction = forms.ChoiceField(
        label=_("How satisfied are you?"),
        choices=[choice for choice in Satisfaction.choices if choice[0] != "unrated"],
        required=False,
        widget=forms.RadioSelect,
    )
    comment = note_field(_("Anything else?"))
