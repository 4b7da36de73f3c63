"""What the forms of a ledger's parts have in common: texts in two languages, codes, lists, expressions."""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bihuan.core.text import clean
from bihuan.ledgers.definition import Definition, Words, editing, model
from bihuan.ledgers.definition.columns import WHO
from bihuan.ledgers.definition.lines import SEPARATORS, STRAIGHT
from bihuan.ledgers.definition.parts import PLACES, Part, find
from bihuan.ledgers.definition.rows import LONGEST_CODE
from bihuan.ledgers.definition.survey import LONGEST_EXPRESSION, NAME
from bihuan.ledgers.forms.editing.building import BuilderForm, built
from bihuan.ledgers.models import LedgerDraft

BUILD = "build"  # the button that writes an expression; its value names the box
STEP = "\u3000"
YES, NO, WHEN = "yes", "no", "when"
BESIDE = (
    "unit",
    "calendar",
    "roles",
    "day",
    "hour",
    "read_only_when",
)  # boxes that stand beside the one before
USUAL = (80, "80")  # what a folded box says that nobody has touched
UNITS = {
    "m": pgettext_lazy("unit of time", "minutes"),
    "h": pgettext_lazy("unit of time", "hours"),
    "d": pgettext_lazy("unit of time", "days"),
}


class Text(forms.CharField):
    """A text as people type it, or paste it from a document."""

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class Lines(Text):
    """A text of one line; what already has several keeps them."""

    widget: Any = forms.TextInput

    @property
    def taller(self) -> forms.Widget:
        widget = forms.Textarea(attrs={"rows": 2, "class": "form-control"})
        widget.is_required = self.required
        return widget

    def get_bound_field(self, form: Any, field_name: str) -> Any:
        if "\n" in str(form.initial.get(field_name) or "") and not isinstance(self.widget, forms.Textarea):
            self.widget = self.taller
        return super().get_bound_field(form, field_name)


class ExpressionField(Text):
    """An expression; its signs may come from a Chinese keyboard. `about` says what “.” and it are about."""

    widget = forms.Textarea

    def __init__(self, **given: Any):
        self.own = given.pop("own", False)  # whether it speaks of the answer itself
        self.examples: Sequence[tuple[str, Any]] = given.pop("examples", ())
        given.setdefault("max_length", LONGEST_EXPRESSION)
        super().__init__(required=False, **given)
        self.widget.attrs |= {
            "rows": 2,
            "spellcheck": "false",
            "autocomplete": "off",
            "autocapitalize": "none",
        }

    def to_python(self, value: Any) -> str:
        return super().to_python(value).translate(STRAIGHT)


class Several(forms.MultipleChoiceField):
    """Boxes to tick; those ticked before come first, in their order."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **given: Any):
        super().__init__(required=False, **given)


class PartForm(forms.Form):
    """The form of one part. `edit` is the change it asks for; shape is checked here, sense by the draft."""

    kind: ClassVar[str]
    coded: ClassVar[str] = ""  # the attribute that holds its code
    advanced: ClassVar[tuple[str, ...]] = ()  # boxes that few need: folded away
    pairs: ClassVar[tuple[str, ...]] = ("name",)  # texts with a box for each language

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, definition: Definition, key: str = "", inside: str = "", sort: str = ""
    ):
        self.definition, self.key, self.inside = definition, key, inside
        self.part: Any = find(definition, self.kind, key) if key else None
        self.sort = sort
        first = self.first() if self.part is None else self.shown(self.part)
        super().__init__(data, initial=first | {"seen": editing.seen_of(definition, self.kind, key)})
        self.prepare()
        for box in self.fields.values():
            style(box)

    # -- what each form says of itself

    def first(self) -> dict[str, Any]:
        """What a new part begins with."""
        return {}

    def shown(self, part: Any) -> dict[str, Any]:
        """The boxes of a part that is there."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Fill in what can be chosen, and take away what does not fit."""

    def made(self) -> Part:
        """The part as the boxes now say it; what they do not show stays."""
        raise NotImplementedError

    def edit(self) -> editing.Put:
        return editing.Put(self.kind, self.made(), self.key, self.inside)

    # -- for all

    @property
    def seen_before(self) -> str:
        return str(self.cleaned_data.get("seen") or "")

    @property
    def expressions(self) -> list[str]:
        return [name for name, box in self.fields.items() if isinstance(box, ExpressionField)]

    @property
    def builders(self) -> dict[str, BuilderForm]:
        """For each expression, the small form that writes a simple condition."""
        return {
            name: BuilderForm(self.definition, prefix=f"build_{name}", own=self.fields[name].own)  # type: ignore[attr-defined]
            for name in self.expressions
        }

    def settle(self, draft: LedgerDraft, address: str) -> None:
        """Have expressions looked at while they are typed, by what answers at this address."""
        for name in self.expressions:
            self.fields[name].widget.attrs |= {
                "hx-post": address,
                "hx-trigger": "change, keyup changed delay:600ms",
                "hx-target": f"#check-{name}",
                "hx-vals": json.dumps({"box": name, "kind": self.kind}),
                "hx-sync": "this:replace",
            }

    def again(self, data: Any) -> "PartForm":
        """The same form with other content, which nobody has sent: there is no mistake to point at yet."""
        form = type(self)(data, definition=self.definition, key=self.key, inside=self.inside, sort=self.sort)
        form.full_clean()
        form.errors.clear()
        return form

    def rows(self, *, folded: bool = False) -> list[list[forms.BoundField]]:
        """The boxes line by line: both languages of a text beside each other, a number with its unit."""
        lines: list[list[forms.BoundField]] = []
        for box in self:
            if box.is_hidden or (box.name in self.advanced) != folded:
                continue
            beside = box.name.endswith("_en") or box.name in BESIDE
            if beside and lines:
                lines[-1].append(box)
            else:
                lines.append([box])
        return lines

    def folded(self) -> list[list[forms.BoundField]]:
        return self.rows(folded=True)

    @property
    def opens_folded(self) -> bool:
        """Whether the folded boxes are shown: one of them says something, or is wrong."""
        boxes = [box for line in self.folded() for box in line]
        usual: tuple[Any, ...] = (None, "", [], False, NO, *USUAL)
        return any(box.errors or box.value() not in usual for box in boxes)

    def words(self, name: str) -> Words:
        return Words(self.cleaned_data.get(f"{name}_zh", ""), self.cleaned_data.get(f"{name}_en", ""))

    def choose(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """What can be chosen in a box. What was chosen before stays possible, in boxes to tick first."""
        box: Any = self.fields[name]
        rows = dict(choices)
        before = self.initial.get(name) or ()
        if isinstance(box, Several):
            ordered = {value: rows.get(value, value) for value in before} | rows
            box.choices = list(ordered.items())
        else:
            if before and before not in rows:
                rows[str(before)] = before
            box.choices = list(rows.items())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.coded and self.coded in self.fields and not self.errors.get(self.coded):
            data[self.coded] = self._code(data)
        return data

    def _code(self, data: dict[str, Any]) -> str:
        """The code as written, or one made from the name."""
        code: str = data.get(self.coded) or ""
        taken = taken_codes(self.definition, self.kind) - {self.key}
        if not code:
            words = next(
                (self.words(pair) for pair in ("name", "label") if f"{pair}_zh" in self.fields), Words()
            )
            return self.key or code_from(words, taken, self.kind)
        longest = self.fields[self.coded].max_length  # type: ignore[attr-defined]
        if not NAME.fullmatch(code) or len(code) > longest:
            self.add_error(
                self.coded,
                _("Begin with a letter or character; then letters, digits, _ - and . up to %(longest)s.")
                % {"longest": longest},
            )
        elif code in taken:
            self.add_error(self.coded, _("Something else has this code already. Take another one."))
        return code

    # -- expressions

    def with_built(self, data: Any) -> tuple[Any, str, Any]:
        """What was sent, with a condition written into its box; which box, and what is wrong instead."""
        name = data.get(BUILD, "")
        data = data.copy()
        if name not in self.expressions:
            return data, "", None
        builder = BuilderForm(self.definition, data, prefix=f"build_{name}", own=self.fields[name].own)  # type: ignore[attr-defined]
        if not builder.is_valid():
            return data, name, next(iter(builder.errors.values()))[0]
        written = built(self.definition, own=self.fields[name].own, **builder.cleaned_data)  # type: ignore[attr-defined]
        before = data.get(name, "").strip()
        data[name] = (
            f"({before}) and {written}"
            if " or " in before
            else f"{before} and {written}"
            if before
            else written
        )
        for box in builder.fields:
            data.pop(f"build_{name}-{box}", None)
        return data, name, None


def style(box: forms.Field) -> None:
    """The classes that inputs wear on our pages."""
    widget = box.widget
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect):
        widget.attrs.setdefault("class", "form-select")
    elif isinstance(widget, forms.Textarea | forms.TextInput | forms.NumberInput | forms.DateInput):
        widget.attrs.setdefault("class", "form-control")


def pair(label: Any, label_en: Any, **given: Any) -> tuple[Lines, Lines]:
    """The boxes of a text in Chinese and English."""
    zh = Lines(label=label, required=False, **given)
    return zh, Lines(label=label_en, required=False, **{k: v for k, v in given.items() if k != "help_text"})


def code_box(**given: Any) -> Text:
    return Text(
        label=_("Code"),
        required=False,
        max_length=given.pop("longest", LONGEST_CODE),
        help_text=given.pop(
            "help_text", _("Other parts refer to it by this. Left empty, it is made from the name.")
        ),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        **given,
    )


def taken_codes(definition: Definition, kind: str) -> set[str]:
    if kind == "field":
        return {one.name for one in definition.walk()}
    attribute, name = PLACES[kind]
    return {getattr(one, name) for one in getattr(definition, attribute)} if name else set()


def code_from(words: Words, taken: Iterable[str], otherwise: str) -> str:
    """A code that nobody has yet, from a name."""
    english = re.sub(r"[^a-z0-9]+", "_", words.en.lower()).strip("_")[:24].strip("_")
    chinese = re.sub(r"\W+", "", unicodedata.normalize("NFKC", words.zh))[:16]
    stem = english or chinese or otherwise
    if not NAME.fullmatch(stem):
        stem = f"{otherwise}_{stem}"
    known, number, code = set(taken), 1, stem
    while code in known:
        number += 1
        code = f"{stem}_{number}"
    return code


def in_order(before: Sequence[str], now: Iterable[str]) -> tuple[str, ...]:
    """What is chosen now: as it stood before, then what is new."""
    chosen = list(dict.fromkeys(now))
    kept = [one for one in before if one in chosen]
    return (*kept, *(one for one in chosen if one not in kept))


def plain(amount: Decimal | None) -> Decimal | None:
    """Without zeros that say nothing, as a workbook reads it."""
    if amount is None:
        return None
    found = amount.normalize()
    return found.quantize(Decimal(1)) if found == found.to_integral() else found


def fields_indented(definition: Definition) -> list[tuple[str, str, model.Field]]:
    """Every field with its label, set in below its group."""
    found: list[tuple[str, str, model.Field]] = []

    def take(rows: tuple[model.Field, ...], depth: int) -> None:
        for one in rows:
            found.append((one.name, f"{STEP * depth}{one.label or one.name}", one))
            take(one.children, depth + 1)

    take(definition.fields, 0)
    return found


def steps_named(definition: Definition, *, without: str = "") -> list[tuple[str, str]]:
    return [(one.code, str(one.name or one.code)) for one in definition.steps if one.code != without]


# -- who may

DUTIES = {
    model.TEAM: _("members of the team"),
    model.TEAM_LEADER: _("leader of the team"),
    model.RESPONSIBLE: _("whoever is responsible for the item"),
    "grid_worker": _("grid worker"),
    "clerk": _("intake clerk"),
    "dispatcher": _("dispatcher"),
    "handler": _("handler"),
    "inspector": _("inspector"),
    "supervisor": _("supervisor"),
    "leader": _("leader"),
    "auditor": _("auditor"),
    "administrator": _("administrator"),
}
assert DUTIES.keys() == WHO.keys()


def who_shown(who: tuple[str, ...]) -> dict[str, Any]:
    roles = [one.removeprefix(model.ROLE) for one in who if one.startswith(model.ROLE)]
    return {"who": [one for one in who if not one.startswith(model.ROLE)], "roles": "；".join(roles)}


def who_made(before: tuple[str, ...], data: dict[str, Any]) -> tuple[str, ...]:
    roles = [f"{model.ROLE}{part.strip()}" for part in SEPARATORS.split(data["roles"]) if part.strip()]
    return in_order(before, [*data["who"], *roles])


def who_box() -> Several:
    return Several(label=_("Who may"), choices=list(DUTIES.items()))


def roles_box() -> Text:
    return Text(
        label=_("Roles of the task force"), required=False,
        help_text=_("As in “legal adviser”; several with ; between them."),
    )  # fmt: skip


# -- lengths of time


def time_shown(written: str) -> dict[str, Any]:
    return {"amount": int(written[:-1]), "unit": written[-1]} if written else {"amount": None, "unit": "d"}


def time_made(amount: int | None, unit: str) -> str:
    return f"{amount}{unit}" if amount else ""
