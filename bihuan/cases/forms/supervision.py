"""Forms of supervision: a notice by hand and its answer, arriving, writing to the reporter."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.cases import rules
from bihuan.cases.forms.acts import ActForm, note_field
from bihuan.core.clock import today


class SuperviseForm(ActForm):
    level = forms.ChoiceField(label=_("Level"), widget=forms.RadioSelect)
    words = note_field(
        _("What must be done, and by when?"),
        required=True,
        rows=4,
        help_text=_("The unit or desk that has the case reads this, and answers it once."),
    )

    def prepare(self) -> None:
        levels = rules.levels_for(self.case)
        self.fields["level"].choices = [(level.value, level.label) for level in levels]  # type: ignore[attr-defined]
        self.initial.setdefault("level", levels[0].value)


class AnswerSupervisionForm(ActForm):
    words = note_field(
        _("What is being done, and until when?"),
        required=True,
        rows=4,
        help_text=_("One answer is enough for all notices of this case. It cannot be changed afterwards."),
    )


class ArriveForm(ActForm):
    pass


class ContactForm(ActForm):
    words = note_field(
        _("Your message"),
        required=True,
        rows=4,
        help_text=_(
            "Everybody who reported this reads it on the page where they follow it. It is public to them and"
            " stays there: no phone numbers, no names of neighbours."
        ),
    )


class TakeBackVerificationForm(ActForm):
    note = note_field(_("Note"))


class WeekForm(forms.Form):
    """Which week's agenda: any of its days; this week's when the address makes no sense."""

    week = forms.DateField(required=False)

    def day(self) -> date:
        return (self.cleaned_data.get("week") if self.is_valid() else None) or today()


class NoticesForm(forms.Form):
    """Which notices to list; those that wait for an answer when the address makes no sense."""

    show = forms.ChoiceField(
        choices=[
            ("unanswered", _("not answered")),
            ("answered", _("answered")),
            ("all", _("all")),
        ]
    )

    def shown(self) -> str:
        return str(self.cleaned_data["show"]) if self.is_valid() else "unanswered"
