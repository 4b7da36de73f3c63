"""The forms of the verbs of an item. Their cleaned data are the arguments of the action of the same verb."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.accounts.models import User
from bihuan.cases.models import Case
from bihuan.cases.queries import case_by_number
from bihuan.core.clock import local, now
from bihuan.files.fields import FilesField, PhotosField
from bihuan.ledgers import rules
from bihuan.ledgers.models import Item, NoticeChannel, NoticeGiven, Team
from bihuan.ledgers.queries.people import people_for_items, teams_for_items

NOTE = 2_000
REASON = 200


class ActForm(forms.Form):
    """A verb's form. `item` and `user` are there for choices and first values."""

    hint: Any = ""

    def __init__(self, *args: Any, item: Item, user: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.item, self.user = item, user
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values."""

    @property
    def arguments(self) -> dict[str, Any]:
        return self.cleaned_data


def words_field(label: Any, *, most: int = NOTE, required: bool = True, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget, help_text=hint)


class SendBackForm(ActForm):
    to = forms.ChoiceField(label=_("Back to"), widget=forms.RadioSelect)
    reason = words_field(_("Reason"))

    def prepare(self) -> None:
        step = rules.present_step(self.item)
        definition = self.item.edition.definition
        if definition.gates:
            self.hint = _("What was signed for the gate lapses, and is signed for anew.")
        found = [rules.step_of(definition, code) for code in step.back if code in self.item.path]
        self.fields["to"].choices = [(one.code, str(one.name)) for one in found]  # type: ignore[attr-defined]
        if len(found) == 1:
            self.initial.setdefault("to", found[0].code)


class SplitForm(ActForm):
    titles = forms.CharField(
        label=_("Headings of the parts"),
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on each line. The item itself goes on; each line becomes a part beside it."),
    )

    @property
    def arguments(self) -> dict[str, Any]:
        lines = self.cleaned_data["titles"].splitlines()
        return {"titles": [line.strip() for line in lines if line.strip()]}


class BlockForm(ActForm):
    why = words_field(_("What is in the way?"), most=REASON)
    hint = _("It stands in the daily summary until it is over. The clock runs on.")


class NothingForm(ActForm):
    """For a verb that asks for nothing but to be pressed."""


class TeamField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class AssignForm(ActForm):
    team = TeamField(label=_("Team"), required=False, queryset=Team.objects.none(), empty_label=_("no team"))
    responsible = PersonField(
        label=_("Answers for it"), required=False, queryset=User.objects.none(), empty_label=_("nobody yet")
    )

    def prepare(self) -> None:
        self.fields["team"].queryset = teams_for_items(self.user, self.item.campaign)  # type: ignore[attr-defined]
        self.fields["responsible"].queryset = people_for_items(self.user, self.item.campaign)  # type: ignore[attr-defined]
        self.initial.setdefault("team", self.item.team_id)
        self.initial.setdefault("responsible", self.item.responsible_id)


class RenameForm(ActForm):
    title = forms.CharField(label=_("Heading"), max_length=120)

    def prepare(self) -> None:
        self.initial.setdefault("title", self.item.title)


class DropForm(ActForm):
    reason = words_field(_("Reason"))
    hint = _("For what was entered by mistake, or twice. It stays on record, and counts nowhere.")


class GiveNoticeForm(ActForm):
    channel = forms.ChoiceField(
        label=pgettext_lazy("notice given", "How"),
        choices=NoticeChannel.choices,
        widget=forms.RadioSelect,
        initial=NoticeChannel.IN_PERSON,
    )
    text = words_field(
        _("What was said"), hint=_("In the words that were used; the grace period counts from it.")
    )
    given_at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    proof = FilesField(label=_("Proof"), required=False, max_files=1, help_text=_("A photo or a document."))

    def prepare(self) -> None:
        self.initial.setdefault("given_at", local(now()).replace(tzinfo=None))

    def clean_given_at(self) -> datetime:
        at: datetime = self.cleaned_data["given_at"]
        verdict = rules.may_be_given(self.item.campaign, at)
        if not verdict:
            raise forms.ValidationError(verdict.sentence)
        return at

    @property
    def arguments(self) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        told["proof"] = next(iter(told["proof"]), None)
        return told


class WithdrawNoticeForm(ActForm):
    notice = forms.ModelChoiceField(queryset=NoticeGiven.objects.none(), widget=forms.HiddenInput)
    why = words_field(_("Why is it taken back?"), most=REASON)
    hint = _("It stays on record, and no grace period counts from it.")

    def prepare(self) -> None:
        self.fields["notice"].queryset = self.item.notices_given.all()  # type: ignore[attr-defined]


class SignForm(ActForm):
    """One's name under one condition of a gate."""

    gate = forms.CharField(widget=forms.HiddenInput, max_length=60)
    condition = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000)
    note = words_field(_("Remark"), required=False)

    @property
    def sentence(self) -> Any:
        """What is signed for, as the ledger has it."""
        given = self.data if self.is_bound else self.initial
        gate = self.item.edition.definition.gate(str(given.get("gate", "")))
        place = str(given.get("condition", ""))
        if gate is None or not place.isdecimal() or int(place) >= len(gate.conditions):
            return ""
        return gate.conditions[int(place)].sentence


class OpenCaseForm(ActForm):
    words = words_field(_("What is the matter?"))
    photos = PhotosField(label=_("Photos"), required=False)
    hint = _("The intake desk reads these words, and the heading and the place of the item with them.")

    def prepare(self) -> None:
        if self.item.campaign.confidential:
            self.hint = _(
                "The intake desk reads only these words and the place, not which household it is: write no"
                " names into them."
            )


class LinkCaseForm(ActForm):
    number = forms.CharField(label=_("Number of the case"), max_length=40)
    completes = forms.BooleanField(label=_("The step is done when this case is closed"), required=False)

    def prepare(self) -> None:
        if not rules.present_step(self.item).case_completes:
            del self.fields["completes"]

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"].strip()
        self.case: Case | None = case_by_number(self.user, number).first()
        if self.case is None:
            raise forms.ValidationError(_("You see no case of this number."))
        return number

    @property
    def arguments(self) -> dict[str, Any]:
        return {"case": self.case, "completes": self.cleaned_data.get("completes", False)}
