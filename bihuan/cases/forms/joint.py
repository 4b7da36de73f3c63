"""Forms of joint handling and of the whistle: who leads, who assists with what, who comes and how it went."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import Unit
from bihuan.cases import limits
from bihuan.cases.actions.returns import RULED_AT
from bihuan.cases.catalogue_book import LimitError, read_limit
from bihuan.cases.forms.acts import ActForm, UnitField, note_field
from bihuan.cases.models import Task
from bihuan.cases.queries.catalogue import responsible_unit
from bihuan.cases.queries.joint import units_with_handlers
from bihuan.core.clock import now
from bihuan.files.fields import PhotosField

MOST_AT_ONCE = 6  # assisting units named in one form; more can be asked one by one


class LimitField(forms.CharField):
    """A sub-limit as people write it: “3d”, “4 hours”; seconds of the case's clock once it is read."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Limit"),
            required=False,
            max_length=20,
            widget=forms.TextInput(attrs={"placeholder": "3d"}),
            help_text=_("For example 4h or 3d. Left empty: as long as the lead has."),
        )


def seconds_written(form: ActForm, name: str) -> int | None:
    """The seconds that a limit field of this form asks for; a mistake is put beside the field."""
    promise = limits.Promise.read(form.case.promise)
    try:
        written = read_limit(form.cleaned_data.get(name) or "", promise.urgency)
    except LimitError as error:
        form.add_error(name, f"{error.problem} {error.remedy}")
        return None
    return limits.seconds_of(written, promise.clock) if written else None


@dataclass
class Row:
    """The three fields of one assisting unit, and the row below it."""

    number: int
    unit: Any
    task: Any
    limit: Any
    below: "Row | None"

    @property
    def open(self) -> bool:
        """Whether something stands in it or in a row below it."""
        used = any(field.errors or field.value() for field in (self.unit, self.task, self.limit))
        return used or bool(self.below and self.below.open)


class JointForm(ActForm):
    """One lead, and as many assisting units as it takes, each with its task and limit."""

    body = "cases/_assign_form.html"
    unit = UnitField(label=_("Lead unit"), queryset=Unit.objects.order_by("path"))

    def prepare(self) -> None:
        for number in range(1, MOST_AT_ONCE + 1):
            self.fields[f"assist_{number}_unit"] = UnitField(
                label=_("Assisting unit"), queryset=Unit.objects.order_by("path"), required=False
            )
            self.fields[f"assist_{number}_task"] = note_field(_("Its task"), rows=2)
            self.fields[f"assist_{number}_limit"] = LimitField()
        self.suggest()

    def suggest(self) -> None:
        """Name the lead first that the catalogue names, or that has the case already."""
        if self.is_bound:
            return
        if self.case.unit is not None:
            self.initial.setdefault("unit", self.case.unit.pk)
            return
        found = responsible_unit(self.case.matter, self.case.area) if self.case.matter else None
        if found is not None:
            self.initial.setdefault("unit", found.pk)
            self.fields["unit"].help_text = _("The catalogue names %(unit)s.") % {"unit": found.label}

    @property
    def assisting_rows(self) -> Row:
        row: Row | None = None
        for number in range(MOST_AT_ONCE, 0, -1):
            unit, task, limit = (self[f"assist_{number}_{name}"] for name in ("unit", "task", "limit"))
            row = Row(number, unit, task, limit, row)
        assert row is not None
        return row

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        tasks: list[Task] = []
        for number in range(1, MOST_AT_ONCE + 1):
            task = self._task(number, [data.get("unit"), *(task.unit for task in tasks)])
            tasks += [task] if task else []
        kept = {name: value for name, value in data.items() if not name.startswith("assist_")}
        return kept | {"assisting": tasks}

    def _task(self, number: int, taken: list[Any]) -> Task | None:
        unit_field, task_field, limit_field = (
            f"assist_{number}_{name}" for name in ("unit", "task", "limit")
        )
        unit, words = self.cleaned_data.get(unit_field), self.cleaned_data.get(task_field)
        if unit is None:
            if words or self.cleaned_data.get(limit_field):
                self.add_error(unit_field, _("Choose the unit that this task is for."))
            return None
        if unit in taken:
            self.add_error(unit_field, _("Each unit can be named once."))
        if not words:
            self.add_error(task_field, _("Say what this unit is to do."))
        seconds = seconds_written(self, limit_field)
        return Task(unit, words or "", seconds)


class AssignForm(JointForm):
    note = note_field(_("Note for the unit"))

    def prepare(self) -> None:
        super().prepare()
        note = self.fields["note"]
        if self.case.returns >= RULED_AT:
            note.label, note.required = _("Ruling of the district"), True
            note.help_text = _("Two units say it is not theirs. What is decided here cannot be returned.")
        elif self.case.returns:
            note.help_text = _("If the same unit is to take it all the same, say why.")


class AskAssistanceForm(ActForm):
    unit = UnitField(label=_("Assisting unit"), queryset=Unit.objects.order_by("path"))
    task = note_field(_("Its task"), required=True)
    limit = LimitField()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return data | {"limit": seconds_written(self, "limit")}


class FinishAssistanceForm(ActForm):
    note = note_field(_("What was done"), required=True)
    photos = PhotosField(label=_("Photos of the result"), required=False)


class RedoAssistanceForm(ActForm):
    reason = note_field(_("What is missing?"), required=True)


class WithdrawAssistanceForm(ActForm):
    reason = note_field(_("Why"), required=True)


# -- the whistle --------------------------------------------------------------------------------------------


class UnitsField(forms.ModelMultipleChoiceField):
    """Boxes to tick, one for each unit in which somebody handles cases."""

    def __init__(self, **kwargs: Any):
        super().__init__(
            queryset=Unit.objects.none(),
            widget=forms.CheckboxSelectMultiple(attrs={"class": "unit-boxes"}),
            **kwargs,
        )

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class WhistleForm(ActForm):
    question = note_field(_("What has to be settled?"), required=True)
    units = UnitsField(label=_("Departments"))
    emergency = forms.BooleanField(
        label=_("Emergency: departments answer within 30 minutes, at any hour"), required=False
    )
    meet_at = forms.DateTimeField(
        label=_("When to meet"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    meet_where = forms.CharField(
        label=_("Where to meet"),
        required=False,
        max_length=200,
        help_text=_("Left empty: where the case is."),
    )

    def prepare(self) -> None:
        self.fields["units"].queryset = units_with_handlers()  # type: ignore[attr-defined]

    def clean_meet_at(self) -> Any:
        meet_at = self.cleaned_data["meet_at"]
        if meet_at is not None and meet_at < now():
            raise forms.ValidationError(_("This moment has passed."))
        return meet_at


class RuleWhistleForm(JointForm):
    ruling = note_field(_("What was agreed"), required=True, rows=4)


class CallOffWhistleForm(ActForm):
    reason = note_field(_("Why"), required=True)


class AnswerWhistleForm(ActForm):
    comes = forms.TypedChoiceField(
        label=_("Does somebody come?"),
        choices=[("yes", _("Yes, somebody comes")), ("no", _("No, nobody can come"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    sends = forms.CharField(
        label=_("Whom do you send?"),
        required=False,
        max_length=60,
        help_text=_("The post is enough, for example: head of the enforcement team. No name is needed."),
    )
    words = note_field(_("What the others should know; why nobody can come"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("comes") is False and not data.get("words"):
            self.add_error("words", _("Say why nobody can come."))
        return data


RATINGS = [
    (5, _("5: came, and solved it with us")),
    (4, _("4: came, and helped well")),
    (3, _("3: did what was needed")),
    (2, _("2: helped little")),
    (1, _("1: did not come, or did not help")),
]


class RateDepartmentForm(ActForm):
    rating = forms.TypedChoiceField(
        label=_("How did the department help?"), choices=RATINGS, coerce=int, widget=forms.RadioSelect
    )
    words = note_field(_("In words"), help_text=_("The department reads this and may answer it once."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("rating", 5) <= 2 and not data.get("words"):
            self.add_error("words", _("Say what was missing: the department should be able to answer."))
        return data


class AnswerRatingForm(ActForm):
    words = note_field(_("What does your unit say to it?"), required=True)
