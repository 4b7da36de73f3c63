"""The forms of what holds for the whole ledger, of a new one, and of keeping a draft."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.ledgers import rules
from bihuan.ledgers.definition import Definition, Settings, Words, model
from bihuan.ledgers.definition.parts import SETTINGS, Head
from bihuan.ledgers.definition.rows import LONGEST_CODE
from bihuan.ledgers.definition.survey import NAME
from bihuan.ledgers.forms.editing.base import PartForm, Text, code_from, pair
from bihuan.ledgers.forms.keeping import AreaChoice
from bihuan.ledgers.models import LedgerDraft
from bihuan.territory.models import Area, AreaQuerySet

SUBJECTS = list(zip(model.SUBJECTS, (
    _("nothing in particular"), _("compound"), _("building"), _("household"), _("lane"), _("site"),
    _("land patch"), _("organisation"),
), strict=True))  # fmt: skip
CODE_HELP = _("Stands in addresses. Left empty, it is made from the name.")


def check_code(form: forms.Form, code: str) -> None:
    if code and (not NAME.fullmatch(code) or len(code) > LONGEST_CODE):
        form.add_error(
            "code",
            _("Begin with a letter or character; then letters, digits, _ - and . up to %(longest)s.")
            % {"longest": LONGEST_CODE},
        )
    elif code in rules.RESERVED:
        form.add_error(
            "code", _("“%(code)s” cannot be the code of a ledger. Give it another one.") % {"code": code}
        )


class SettingsForm(PartForm):
    kind = SETTINGS
    advanced = ("version", "default_language")

    name_zh, name_en = pair(_("Name of the ledger in Chinese"), _("Name of the ledger in English"))
    subject = forms.ChoiceField(label=_("What an item is about"), choices=SUBJECTS)
    confidential = forms.BooleanField(
        label=_("Confidential: only the campaign's own people see items"), required=False,
        help_text=_("Cannot be changed once the ledger is kept."),
    )  # fmt: skip
    least_count = forms.IntegerField(
        label=_("Least count that leaves a confidential ledger"), min_value=1, max_value=1_000
    )
    splits = forms.BooleanField(label=_("Items may be split, as households are"), required=False)
    code = Text(label=_("Code"), required=False, max_length=LONGEST_CODE, help_text=CODE_HELP)
    version = Text(label=_("Version"), required=False, max_length=60, help_text=_("As in 2026-03."))
    default_language = Text(label=_("Language of the workbook"), required=False, max_length=60)

    def shown(self, part: Head) -> dict[str, Any]:
        same = ("subject", "confidential", "least_count", "splits", "code", "default_language")
        return {
            "name_zh": part.name, "name_en": part.name_en, "version": part.version,
            **{name: getattr(part.settings, name) for name in same},
        }  # fmt: skip

    def settle(self, draft: LedgerDraft, address: str) -> None:
        """A ledger that is kept stays under its code, and as confidential as it was promised to be."""
        super().settle(draft, address)
        if draft.ledger is not None:
            del self.fields["code"], self.fields["confidential"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.words("name"):
            self.add_error("name_zh", _("Write it in Chinese or English."))
        check_code(self, data.get("code", ""))
        return data

    def made(self) -> Head:
        data, before = self.cleaned_data, self.part.settings
        same = ("code", "subject", "confidential", "least_count", "splits", "default_language")
        settings = replace(before, **{name: data[name] for name in same if name in self.fields})
        return Head(data["name_zh"], data["name_en"], data["version"], settings)


class BeginForm(forms.Form):
    """A new ledger: its name, whose it is, what its items are about. All else follows on the next page."""

    name_zh, name_en = pair(_("Name of the ledger in Chinese"), _("Name of the ledger in English"))
    area = AreaChoice(
        label=_("Kept for"), queryset=Area.objects.none(), empty_label=None,
        widget=forms.Select(attrs={"class": "form-select"}),
    )  # fmt: skip
    subject = forms.ChoiceField(
        label=_("What an item is about"),
        choices=SUBJECTS,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    code = Text(label=_("Code"), required=False, max_length=LONGEST_CODE, help_text=CODE_HELP)

    def __init__(self, *args: Any, areas: AreaQuerySet, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.title = Words(data.get("name_zh", ""), data.get("name_en", ""))
        if not self.title:
            self.add_error("name_zh", _("Write it in Chinese or English."))
        check_code(self, data.get("code", ""))
        return data

    @property
    def definition(self) -> Definition:
        data = self.cleaned_data
        code = data["code"] or code_from(self.title, rules.RESERVED, "ledger")
        return Definition(self.title.zh, self.title.en, settings=Settings(code=code, subject=data["subject"]))


class KeepForm(forms.Form):
    note = Text(label=_("What is new in it"), required=False, max_length=200)
