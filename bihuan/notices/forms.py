"""One form per action."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.notices import channels
from bihuan.notices.channels.base import Channel
from bihuan.notices.channels.reaching import judge
from bihuan.notices.models import Wishes
from bihuan.notices.queries import GroupOfKinds


class MarkAllReadForm(forms.Form):
    """Names the newest notice on the page, so that none is marked unseen."""

    up_to = forms.IntegerField(min_value=0, max_value=2**63 - 1, widget=forms.HiddenInput)


class OnOnePage(forms.Form):
    """Several forms with the same fields share a page: each has ids of its own."""

    ids = ""

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs["auto_id"] = f"{self.ids}_%s"
        super().__init__(*args, **kwargs)


class EmailForm(OnOnePage):
    """Where e-mails go."""

    ids = "email"

    value = forms.EmailField(
        label=_("E-mail address"),
        max_length=200,
        help_text=_("Kept encrypted; nobody but you sees it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class WebhookForm(OnOnePage):
    """Where notices are posted."""

    ids = "webhook"

    value = forms.CharField(
        label=_("Address of the receiver"),
        max_length=500,
        help_text=_("An https address that is open to the internet. A trial message goes there at once."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )

    def clean_value(self) -> str:
        value: str = self.cleaned_data["value"]
        if judge(value):
            raise forms.ValidationError(
                _("Please give a whole https address without a password, and none within a private network.")
            )
        return value


ADDRESS_FORMS: dict[str, type[forms.Form]] = {
    channels.Email.code: EmailForm,
    channels.Webhook.code: WebhookForm,
}


class CodeForm(forms.Form):
    """The code from the letter."""

    code = forms.CharField(
        label=_("Code from the e-mail"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def clean_code(self) -> str:
        return "".join(sign for sign in self.cleaned_data["code"] if sign.isalnum())


class WishesForm(forms.Form):
    """What comes through which channel, and when. Boxes that are empty on the page are switched off."""

    quiet_from = forms.TimeField(
        label=_("Quiet from"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    quiet_until = forms.TimeField(
        label=_("until"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    digest_hour = forms.TypedChoiceField(
        label=_("When messages come"),
        required=False,
        coerce=int,
        empty_value=None,
    )
    urgent_anyway = forms.BooleanField(
        label=_("Urgent ones come at once, even in quiet hours and outside the daily digest"), required=False
    )

    def __init__(
        self, *args: Any, wishes: Wishes, groups: list[GroupOfKinds], through: list[Channel], **kwargs: Any
    ):
        kwargs.setdefault(
            "initial",
            {
                "quiet_from": wishes.quiet_from,
                "quiet_until": wishes.quiet_until,
                "digest_hour": wishes.digest_hour,
                "urgent_anyway": wishes.urgent_anyway,
            },
        )
        super().__init__(*args, **kwargs)
        self.wishes, self.groups, self.through = wishes, groups, through
        hours = [(hour, _("Once a day, at %(hour)s") % {"hour": f"{hour:02d}:00"}) for hour in range(24)]
        self.fields["digest_hour"].choices = [("", _("At once")), *hours]  # type: ignore[attr-defined]

    def rows(self) -> list[dict[str, Any]]:
        """The groups with their switches, and the kinds in them with theirs."""
        chosen = set(self.data.getlist("on")) if self.is_bound else None  # type: ignore[attr-defined]

        def boxes(name: str) -> list[dict[str, Any]]:
            tokens = [(f"{channel.code} {name}", channel.label) for channel in self.through]
            return [
                {
                    "token": token,
                    "label": label,
                    "on": token in chosen if chosen is not None else token not in self.wishes.off,
                }
                for token, label in tokens
            ]

        return [
            {
                "label": group.label,
                "boxes": boxes(f"@{group.code}"),
                "kinds": [
                    {"label": kind.label, "urgent": kind.urgent, "boxes": boxes(kind.code)}
                    for kind in group.kinds
                ],
            }
            for group in self.groups
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first: time | None = data.get("quiet_from")
        last: time | None = data.get("quiet_until")
        if (first is None) != (last is None):
            missing = "quiet_until" if last is None else "quiet_from"
            if missing not in self.errors:
                self.add_error(missing, _("Quiet hours need a beginning and an end."))
        elif first is not None and first == last:
            self.add_error("quiet_until", _("Quiet hours cannot end when they begin."))
        rows = self.rows()
        lines = [*rows, *(kind for group in rows for kind in group["kinds"])]
        shown = {box["token"] for line in lines for box in line["boxes"]}
        on = set(self.data.getlist("on"))  # type: ignore[attr-defined]
        # What is not on the page keeps what was chosen: a channel that is off for a while, say.
        data["off"] = sorted({token for token in self.wishes.off if token not in shown} | (shown - on))
        return data


class AgainForm(forms.Form):
    """Which channel's failed messages, and whose."""

    channel = forms.CharField(max_length=30)
    mine = forms.BooleanField(required=False)
