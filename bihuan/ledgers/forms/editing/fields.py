"""The form of a field, group or repeat, and of a list of choices; only what fits its type is asked."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.text import listed
from bihuan.ledgers.definition import ChoiceList, Field, Words, editing, model
from bihuan.ledgers.definition.model import CALCULATE, GROUP, NOTE, REPEAT, SELECT_MULTIPLE, SELECT_ONE
from bihuan.ledgers.definition.parts import FIELD, LIST, parent_of
from bihuan.ledgers.definition.survey import LONGEST_NAME
from bihuan.ledgers.forms.editing.base import (
    NO,
    WHEN,
    YES,
    ExpressionField,
    PartForm,
    Text,
    code_box,
    code_from,
    fields_indented,
    pair,
    taken_codes,
)
from bihuan.ledgers.forms.editing.choices import MOST, as_lines, from_lines, twins

HOLDERS = (GROUP, REPEAT)
SELECTS = (SELECT_ONE, SELECT_MULTIPLE)


@dataclass(frozen=True)
class Type:
    """A type of field in plain words."""

    label: Any
    about: Any
    icon: str


TYPES: dict[str, Type] = {
    "text": Type(_("Text to type"), _("Words that somebody types"), "note"),
    "integer": Type(_("Whole number"), _("As in households, boxes, persons"), "list-check"),
    "decimal": Type(_("Number with decimals"), _("As in square metres"), "trending-up"),
    SELECT_ONE: Type(_("One of several"), _("A list of which one is chosen"), "circle-dot"),
    SELECT_MULTIPLE: Type(_("Several of a list"), _("A list of which some are chosen"), "checks"),
    "date": Type(_("Date"), _("A day of the calendar"), "calendar"),
    "time": Type(_("Time of day"), _("Hours and minutes"), "clock"),
    "dateTime": Type(_("Date and time"), _("A day with its time"), "calendar-time"),
    "image": Type(_("Photo"), _("Taken with the phone or chosen"), "camera"),
    "file": Type(_("File or document"), _("A PDF, Word or Excel file, or a photo of it"), "file"),
    "geopoint": Type(_("Place on the map"), _("One point"), "map-pin"),
    "geotrace": Type(_("Line on the map"), _("A way or a cable"), "route"),
    "geoshape": Type(_("Area on the map"), _("The edge of a piece of land"), "map"),
    "barcode": Type(_("Code to scan"), _("A barcode or QR code"), "qrcode"),
    NOTE: Type(_("Text to read"), _("Nothing is asked; people read it"), "info-circle"),
    CALCULATE: Type(_("Reckoned"), _("Reckoned from other fields, never typed"), "adjustments"),
    GROUP: Type(_("Group of fields"), _("Fields that belong together, under a heading"), "folder"),
    REPEAT: Type(_("Repeating group"), _("The same fields for each of several things"), "repeat"),
}
assert set(TYPES) == set(model.TYPES)

REQUIRED_EXAMPLES = (("${reason} = 'refused'", _("only where the reason is “refused”")),)
RELEVANT_EXAMPLES = (
    ("${reason} = 'refused'", _("only where the reason is “refused”")),
    ("selected(${kinds}, 'box')", _("only where “box” is among the kinds chosen")),
    ("${ports} > 0", _("only where there are ports")),
)
CONSTRAINT_EXAMPLES = (
    (". >= 0 and . <= 20", _("a number from 0 to 20")),
    (". <= today()", _("a day that is not to come")),
    ("string-length(.) <= 50", _("at most 50 characters")),
)
CALCULATION_EXAMPLES = (
    ("${length} * ${width}", _("one number times another")),
    ("sum(${size})", _("the sum over the entries of a repeating group")),
    ("count(${plots})", _("how many entries a repeating group has")),
)

REQUIRED = [
    (NO, _("may be left empty")),
    (YES, _("must be filled in")),
    (WHEN, _("must be filled in where this holds:")),
]
READ_ONLY = [
    (NO, _("can be changed")),
    (YES, _("can only be read")),
    (WHEN, _("can only be read where this holds:")),
]
FACTS = [
    ("", _("— asked of every item —")),
    ("households", _("number of households")),
    ("buildings", _("number of buildings")),
    ("built_in", _("built in the year")),
]
ASKED = (
    "required",
    "required_when",
    "required_message_zh",
    "required_message_en",
    "constraint",
    "constraint_message_zh",
    "constraint_message_en",
    "default",
    "read_only",
    "read_only_when",
)


class FieldForm(PartForm):
    kind = FIELD
    coded = "name"
    pairs = ("label", "hint", "required_message", "constraint_message")
    advanced = (
        "required_when", "required_message_zh", "required_message_en", "constraint_message_zh",
        "constraint_message_en", "default", "read_only", "read_only_when", "choice_filter", "appearance",
        "parameters", "household", "fact",
    )  # fmt: skip

    label_zh, label_en = pair(_("Question in Chinese"), _("Question in English"))
    type = forms.ChoiceField(label=_("Kind of answer"))
    hint_zh, hint_en = pair(
        _("Hint in Chinese"), _("Hint in English"), help_text=_("Helps to answer it; may be left empty.")
    )
    choice_list = forms.ChoiceField(label=_("Choices"), required=False)
    choices = Text(
        label=_("Choices, one a line"),
        required=False,
        help_text=_(
            "As in “拒绝清理 | Refused”. A code may stand before it: “refused = 拒绝清理 | Refused”."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    calculation = ExpressionField(label=_("How it is reckoned"), examples=CALCULATION_EXAMPLES)
    required = forms.ChoiceField(label=_("Answer"), choices=REQUIRED, required=False)
    relevant = ExpressionField(
        label=_("Asked only where"),
        help_text=_("Left empty, it is always asked."),
        examples=RELEVANT_EXAMPLES,
    )
    constraint = ExpressionField(
        label=_("What an answer must fulfil"),
        own=True,
        help_text=_("“.” stands for the answer. Left empty, every answer is taken."),
        examples=CONSTRAINT_EXAMPLES,
    )
    repeat_count = ExpressionField(
        label=_("How many entries"),
        help_text=_("A number or a field of one; left empty, as many as there are."),
    )
    where = forms.ChoiceField(label=_("Stands in"), required=False)
    name = code_box(
        longest=LONGEST_NAME,
        help_text=_("Expressions say ${code}. Left empty, it is made from the question."),
    )
    required_when = ExpressionField(label=_("… where this holds"), examples=REQUIRED_EXAMPLES)
    required_message_zh, required_message_en = pair(
        _("Sentence when it is missing, in Chinese"), _("Sentence when it is missing, in English")
    )
    constraint_message_zh, constraint_message_en = pair(
        _("Sentence when an answer is not taken, in Chinese"),
        _("Sentence when an answer is not taken, in English"),
    )
    default = Text(
        label=_("Begins with"), required=False, help_text=_("A value, or an expression such as today().")
    )
    read_only = forms.ChoiceField(label=_("Changing it"), choices=READ_ONLY, required=False)
    read_only_when = ExpressionField(label=_("… only read where this holds"))
    choice_filter = ExpressionField(
        label=_("Only choices of which this holds"),
        help_text=_("Compares columns of the choices: community = ${community}."),
    )
    appearance = Text(
        label=_("How it looks"), required=False, help_text=_("Words of XLSForm, as in minimal.")
    )
    parameters = Text(
        label=_("Parameters"), required=False, help_text=_("Words of XLSForm, as in max-pixels=1600.")
    )
    household = forms.BooleanField(label=_("The household reads it in its own file"), required=False)
    fact = forms.ChoiceField(
        label=_("Known of the place"),
        choices=FACTS,
        required=False,
        help_text=_("What the item's place knows is taken over from there, and not asked."),
    )

    def first(self) -> dict[str, Any]:
        return {"type": self.sort, "where": self.inside, "required": NO, "read_only": NO}

    def shown(self, part: Field) -> dict[str, Any]:
        texts = {name: getattr(part, name) for name in (
            "name", "type", "calculation", "relevant", "constraint", "repeat_count", "default",
            "choice_filter", "appearance", "household", "fact",
        )}  # fmt: skip
        pairs = {f"{name}_{language}": getattr(getattr(part, name), language)
                 for name in self.pairs for language in ("zh", "en")}  # fmt: skip
        return texts | pairs | {
            "choice_list": part.list,
            "choices": as_lines(self.definition.list_of(part.list)),
            "required": _how(part.required),
            "required_when": part.required if _how(part.required) == WHEN else "",
            "read_only": _how(part.read_only),
            "read_only_when": part.read_only if _how(part.read_only) == WHEN else "",
            "parameters": " ".join(f"{key}={value}" for key, value in part.parameters),
            "where": parent_of(self.definition, part.name),
        }  # fmt: skip

    def prepare(self) -> None:
        sent = self.data.get("type") if self.is_bound else ""
        before = self.part.type if self.part else self.sort
        possible = [one for one in TYPES if _kin(one) == _kin(before)]
        self.sort = sent if sent in possible else before
        self.choose("type", [(one, TYPES[one].label) for one in possible])
        if self.part is None or len(possible) == 1:
            self.fields["type"].widget = forms.HiddenInput()
        for name in self._unfit():
            if self.part is None or not self.initial.get(name) or self.initial[name] == NO:
                del self.fields[name]
        if "choice_list" in self.fields:
            self._offer_lists()
        own = {one.name for one in model.walk((self.definition.find(self.key),))} if self.part else set()  # type: ignore[arg-type]
        holders = [(name, label) for name, label, one in fields_indented(self.definition)
                   if one.type in HOLDERS and name not in own]  # fmt: skip
        self.choose("where", [("", _("— no group —")), *holders])
        if not holders:
            self.fields["where"].widget = forms.HiddenInput()

    def _unfit(self) -> list[str]:
        """The boxes that mean nothing for a type."""
        kind, found = self.sort, []
        if kind not in SELECTS:
            found += ["choice_list", "choices", "choice_filter"]
        if kind != CALCULATE:
            found.append("calculation")
        if kind != REPEAT:
            found.append("repeat_count")
        if kind in (*HOLDERS, NOTE, CALCULATE):
            found += ASKED
        if kind not in ("integer", "decimal"):
            found.append("fact")
        if kind in HOLDERS:
            found += ["hint_zh", "hint_en", "household", "parameters"]
        return found

    def _offer_lists(self) -> None:
        own = self.initial.get("choice_list") or ""
        lists = [(one.name, _list_label(one)) for one in self.definition.choices]
        self.choose("choice_list", [("", _("— the ones written below —")), *lists])
        if not lists or [name for name, _label in lists] == [own]:
            self.fields["choice_list"].widget = forms.HiddenInput()
        others = [
            str(one.label or one.name)
            for one in self.definition.walk()
            if own and one.list == own and one.name != self.key
        ]
        if others:
            self.fields["choices"].help_text = _("These choices are also those of: %(names)s.") % {
                "names": listed(others)
            }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.words("label") and self.sort not in (*HOLDERS, CALCULATE) and not self.words("hint"):
            self.add_error("label_zh", _("Write the question, in Chinese or English."))
        for name in ("required", "read_only"):
            if data.get(name) == WHEN and not data.get(f"{name}_when"):
                self.add_error(f"{name}_when", _("Say where it holds, or choose another answer above."))
        self.new_list = self._choices(data) if self.sort in SELECTS else None
        self.pairs_given = self._parameters(data.get("parameters", ""))
        return data

    def _choices(self, data: dict[str, Any]) -> ChoiceList | None:
        """The list as it is to be; None when another list is taken as it is."""
        text, own, chosen = (
            data.get("choices", ""),
            self.initial.get("choice_list") or "",
            data.get("choice_list", ""),
        )
        untouched = text == str(self.initial.get("choices") or "")
        if chosen and chosen != own:
            if text and not untouched:
                self.add_error(
                    "choices", _("Either take that list, or write choices here: empty one of the two.")
                )
            return None
        before = self.definition.list_of(own)
        choices = before if untouched and chosen == own else from_lines(text, before)
        if not choices:
            self.add_error("choices", _("Write at least one choice."))
        elif len(choices) > MOST:
            self.add_error("choices", _("At most %(most)s choices.") % {"most": MOST})
        elif twins(choices):
            self.add_error(
                "choices", _("Two choices have the code “%(code)s”.") % {"code": twins(choices)[0]}
            )
        name = chosen or code_from(Words(data.get("name", "")), taken_codes(self.definition, LIST), "choices")
        return ChoiceList(name, choices)

    def _parameters(self, text: str) -> tuple[tuple[str, str], ...]:
        found = []
        for part in text.replace(",", " ").replace(";", " ").split():
            key, equals, value = part.partition("=")
            if not (key and equals and value):
                self.add_error("parameters", _("Write them as key=value key=value."))
                return ()
            found.append((key, value))
        return tuple(found)

    def made(self) -> Field:
        data = self.cleaned_data
        part = self.part or Field("", self.sort)
        part = replace(part, name=data["name"], type=self.sort, children=())
        changed: dict[str, Any] = {
            name: data[name] for name in (
                "calculation", "relevant", "constraint", "repeat_count", "default", "choice_filter",
                "appearance", "household", "fact",
            ) if name in self.fields
        }  # fmt: skip
        changed |= {name: self.words(name) for name in self.pairs if f"{name}_zh" in self.fields}
        for name in ("required", "read_only"):
            if name in self.fields:
                how = data.get(name) or NO
                changed[name] = {NO: "", YES: "true()"}.get(how) if how != WHEN else data[f"{name}_when"]
        if "parameters" in self.fields:
            changed["parameters"] = self.pairs_given
        if self.sort in SELECTS:
            changed["list"] = self.new_list.name if self.new_list else data["choice_list"]
        else:
            changed |= {"list": "", "choice_filter": ""}
        return replace(part, **changed)

    def edit(self) -> editing.Put:
        where = self.cleaned_data.get("where", "")
        return editing.Put(FIELD, self.made(), self.key, where, choices=self.new_list)


def _how(text: str) -> str:
    return NO if not text else YES if text == "true()" else WHEN


def _kin(type_: str) -> str:
    """Which types a field may change between: what lies in a group would be lost in a text."""
    return "holder" if type_ in HOLDERS else "answer"


def _list_label(one: ChoiceList) -> str:
    names = listed(str(choice.label or choice.name) for choice in one.choices[:4])
    return f"{one.name}: {names}{'…' if len(one.choices) > 4 else ''}"


class ListForm(PartForm):
    """A list of choices by itself: one that several fields use, or none."""

    kind = LIST
    coded = "name"
    pairs = ()

    name = code_box(help_text=_("Fields refer to the list by this."))
    choices = FieldForm.declared_fields["choices"]

    def shown(self, part: ChoiceList) -> dict[str, Any]:
        return {"name": part.name, "choices": as_lines(part.choices)}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        before = self.part.choices if self.part else ()
        text = data.get("choices", "")
        self.found = before if text == self.initial.get("choices") else from_lines(text, before)
        if not self.found or len(self.found) > MOST:
            self.add_error("choices", _("Write at least one choice."))
        elif twins(self.found):
            self.add_error(
                "choices", _("Two choices have the code “%(code)s”.") % {"code": twins(self.found)[0]}
            )
        return data

    def made(self) -> ChoiceList:
        return ChoiceList(self.cleaned_data["name"], self.found)
