"""Writing a standard reply, and putting one into a verb's form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.rules import administers
from bihuan.cases import replying, rules
from bihuan.cases.forms.acts import ActForm
from bihuan.cases.forms.filters import IndentedField, MatterFilter
from bihuan.cases.models import Case, Matter, Reply
from bihuan.cases.queries.replies import areas_for_replies
from bihuan.territory.models import Area

KEEP, BELOW, REPLACE = "keep", "below", "replace"


class ReplyForm(forms.Form):
    """A text, and when it is offered."""

    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("By this it is found in the form."))
    text = forms.CharField(label=_("Text"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 6}))
    verb = forms.ChoiceField(label=_("Offered for"), required=False)
    matter = MatterFilter(
        label=_("Matter"),
        required=False,
        empty_label=_("any"),
        queryset=Matter.objects.filter(retired_at=None).order_by("code"),
        help_text=_("It is offered for everything below this matter as well."),
    )
    area = IndentedField(
        label=_("Area"), required=False, queryset=Area.objects.none(), empty_label=_("whole district")
    )

    def __init__(self, *args: Any, user: Any, reply: Reply | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        verbs = [(verb, rules.FLOW[verb].label) for verb in replying.FIELDS]
        self.fields["verb"].choices = [("", _("any of these")), *verbs]  # type: ignore[attr-defined]
        area: Any = self.fields["area"]
        area.queryset = areas_for_replies(user)
        if not administers(user):
            area.required, area.empty_label = True, None
        if reply is not None:
            self.initial = dict(self.initial) | {
                "name": reply.name,
                "text": reply.text,
                "verb": reply.verb,
                "matter": reply.matter_id,
                "area": reply.area_id,
            }

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        fault = replying.fault_in(text)
        if fault:
            raise forms.ValidationError(fault)
        return text


@dataclass(frozen=True)
class Offer:
    """A text as it is offered for one case."""

    reply: Reply
    text: str

    @property
    def lacks(self) -> list[str]:
        """What the writer must still fill in."""
        return replying.unfilled(self.text)


def offers(replies: Sequence[Reply], case: Case) -> list[Offer]:
    return [Offer(reply, replying.fill(reply.text, case)) for reply in replies]


def with_text(
    form_class: type[ActForm],
    data: QueryDict,
    files: Any,
    offered: Sequence[Offer],
    *,
    verb: str,
    case: Case,
    user: Any,
) -> tuple[ActForm, Offer | None]:
    """The verb's form as it was filled in, with the chosen text in its place.

    Words that somebody wrote themselves are not overwritten: the offer comes back, to be put below them or
    in their place. What the form had proposed, or another text untouched, may go.
    """
    name = replying.FIELDS[verb]
    chosen, _colon, how = data.get("use_reply", "").partition(":")
    offer = next((one for one in offered if str(one.reply.pk) == chosen), None)
    typed = data.get(name, "").replace("\r\n", "\n").strip()
    proposed = str(form_class(case=case, user=user).initial.get(name) or "").strip()
    free = typed in ("", proposed, *(one.text.strip() for one in offered))
    data = data.copy()
    asks = None
    if offer is not None and how != KEEP:
        if how == BELOW and typed:
            data[name] = f"{typed}\n{offer.text}"
        elif how == REPLACE or free:
            data[name] = offer.text
        else:
            asks = offer
    form = form_class(data, files, case=case, user=user)
    form.full_clean()  # photos are kept now, and not asked for again
    form.errors.clear()  # nothing was sent yet: there is no mistake to point at
    return form, asks


def check_filled(form: ActForm, verb: str) -> bool:
    """Whether no placeholder is left in the text; if one is, the form says which."""
    name = replying.FIELDS.get(verb, "")
    left = replying.unfilled(str(form.cleaned_data.get(name) or ""))
    if left:
        names = ", ".join(f"{{{one}}}" for one in left)
        form.add_error(name, _("Please fill in what stands in braces: %(names)s") % {"names": names})
    return not left
