"""The forms of steps, gates and their conditions."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.ledgers.definition import Condition, Gate, Step, editing, model
from bihuan.ledgers.definition.model import DOCUMENT as DOCUMENT_HELD
from bihuan.ledgers.definition.model import EXPRESSION, NATURAL, NOTICE, SIGNATURE, WORKING
from bihuan.ledgers.definition.parts import CONDITION, GATE, STEP
from bihuan.ledgers.definition.procedure import HOLDING, MATTER
from bihuan.ledgers.forms.editing.base import (
    UNITS,
    ExpressionField,
    PartForm,
    Several,
    Text,
    code_box,
    fields_indented,
    in_order,
    pair,
    roles_box,
    steps_named,
    time_made,
    time_shown,
    who_box,
    who_made,
    who_shown,
)
from bihuan.ledgers.forms.editing.fields import RELEVANT_EXAMPLES, Type

CALENDARS = [(WORKING, _("working days and hours")), (NATURAL, _("every day, round the clock"))]
NOT_FILLED = (model.NOTE, model.GROUP, model.CALCULATE)
BEGINNING = "-"  # as the step to stand after: none

CONDITIONS: dict[str, Type] = {
    EXPRESSION: Type(_("Something is filled in"), _("A condition on the fields holds"), "list-check"),
    NOTICE: Type(_("Notice was given long enough ago"), _("The grace period is over"), "hourglass"),
    DOCUMENT_HELD: Type(_("A document is there"), _("A file or photo is kept with the item"), "file-text"),
    SIGNATURE: Type(_("Somebody signs"), _("A named approver agrees"), "gavel"),
}
assert set(CONDITIONS) == set(model.CONDITIONS)


def named(form: PartForm, name: str = "name") -> None:
    """A name is needed in one of the two languages."""
    if not form.words(name):
        form.add_error(f"{name}_zh", _("Write it in Chinese or English."))


class StepForm(PartForm):
    kind = STEP
    coded = "code"
    advanced = ("relevant", "blocked_when", "remind_at", "opens_case", "case_completes", "locks_money")

    name_zh, name_en = pair(_("Name in Chinese"), _("Name in English"))
    after = forms.ChoiceField(label=_("Comes after"), required=False)
    who = who_box()
    roles = roles_box()
    amount = forms.IntegerField(label=_("Time limit"), required=False, min_value=1, max_value=9999)
    unit = forms.ChoiceField(label=_("Unit of time"), choices=list(UNITS.items()), required=False)
    calendar = forms.ChoiceField(label=_("Counted in"), choices=CALENDARS, required=False)
    fields_asked = Several(label=_("Fields asked"), help_text=_("None ticked: all fields are asked."))
    evidence = Several(label=_("Evidence"), help_text=_("These must be filled in before the step is done."))
    gate = forms.ChoiceField(label=_("Gate"), required=False)
    next = Several(
        label=_("Next steps"), help_text=_("Of several, the person chooses. None: the item is finished.")
    )
    back = Several(label=_("Back to"), help_text=_("Steps it may be sent back to, with a reason."))
    other_than = forms.ChoiceField(
        label=_("Not by the person who did"), required=False, help_text=_("For a recheck by somebody else.")
    )
    code = code_box()
    remind_at = forms.IntegerField(
        label=_("Remind at per cent of the limit"), min_value=1, max_value=100, required=False
    )
    relevant = ExpressionField(
        label=_("Only for items of which this holds"), help_text=_("Others pass the step over."),
        examples=RELEVANT_EXAMPLES,
    )  # fmt: skip
    blocked_when = ExpressionField(label=_("Counts as blocked while"), examples=RELEVANT_EXAMPLES)
    opens_case = Text(
        label=_("Opens a case of the matter"), required=False, max_length=40,
        help_text=_("Code of the matter in the catalogue, as 01.02."),
    )  # fmt: skip
    case_completes = forms.BooleanField(label=_("Done when that case closes"), required=False)
    locks_money = forms.BooleanField(label=_("Is the signing: locks the reckoning of money"), required=False)

    def first(self) -> dict[str, Any]:
        steps = self.definition.steps
        return {
            "calendar": WORKING,
            "unit": "d",
            "remind_at": 80,
            "after": steps[-1].code if steps else BEGINNING,
        }

    def shown(self, part: Step) -> dict[str, Any]:
        same = ("gate", "other_than", "code", "remind_at", "relevant", "blocked_when", "opens_case",
                "case_completes", "locks_money", "calendar")  # fmt: skip
        return {
            **{name: getattr(part, name) for name in same},
            "name_zh": part.name.zh, "name_en": part.name.en,
            **who_shown(part.who), **time_shown(part.limit),
            "fields_asked": list(part.fields), "evidence": list(part.evidence),
            "next": list(part.next), "back": list(part.back),
        }  # fmt: skip

    def prepare(self) -> None:
        rows = fields_indented(self.definition)
        others = steps_named(self.definition, without=self.key)
        self.choose("who", self.fields["who"].choices)  # type: ignore[attr-defined]
        self.choose("fields_asked", [(name, label) for name, label, _one in rows])
        self.choose("evidence", [(name, label) for name, label, one in rows if one.type not in NOT_FILLED])
        self.choose("gate", [("", "—"), *((one.code, str(one.name)) for one in self.definition.gates)])
        self.choose("other_than", [("", "—"), *others])
        for name in ("next", "back"):
            self.choose(name, others)
        if self.part is not None or not others:
            del self.fields["after"]
        else:
            self.choose("after", [(BEGINNING, _("— it is the first —")), *others])
            self.fields["next"].help_text = _("None: what came after the step before it.")
        for name in ("next", "back", "other_than"):
            if not others:
                del self.fields[name]
        if not self.definition.gates:
            del self.fields["gate"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        named(self)
        if data.get("opens_case") and not MATTER.fullmatch(data["opens_case"]):
            self.add_error("opens_case", _("Write the code of one matter, as in the matter catalogue."))
        return data

    def made(self) -> Step:
        data = self.cleaned_data
        part = self.part or Step("", model.NO_WORDS)
        lists = {"fields": "fields_asked", "evidence": "evidence", "next": "next", "back": "back"}
        return replace(
            part,
            code=data["code"],
            name=self.words("name"),
            who=who_made(part.who, data),
            limit=time_made(data["amount"], data["unit"] or "d"),
            calendar=data["calendar"] or WORKING,
            remind_at=data["remind_at"] or 80,
            gate=data.get("gate", ""),
            other_than=data.get("other_than", ""),
            **{name: in_order(getattr(part, name), data.get(box, ())) for name, box in lists.items()},
            **{name: data[name] for name in (
                "relevant", "blocked_when", "opens_case", "case_completes", "locks_money"
            )},
        )  # fmt: skip

    def edit(self) -> editing.Put:
        after = self.cleaned_data.get("after") or None
        return editing.Put(STEP, self.made(), self.key, after="" if after == BEGINNING else after)


class GateForm(PartForm):
    kind = GATE
    coded = "code"

    name_zh, name_en = pair(_("Name in Chinese"), _("Name in English"))
    code = code_box()

    def shown(self, part: Gate) -> dict[str, Any]:
        return {"name_zh": part.name.zh, "name_en": part.name.en, "code": part.code}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        named(self)
        return data

    def made(self) -> Gate:
        part = self.part or Gate("", model.NO_WORDS, ())
        return replace(part, code=self.cleaned_data["code"], name=self.words("name"))


OF_KIND = {
    EXPRESSION: ("expression",),
    NOTICE: ("amount", "unit", "calendar"),
    DOCUMENT_HELD: ("document",),
    SIGNATURE: ("who", "roles"),
}


class ConditionForm(PartForm):
    kind = CONDITION
    pairs = ("sentence",)

    sentence_zh, sentence_en = pair(
        _("Condition in Chinese"), _("Condition in English"), help_text=_("The sentence that people read.")
    )
    expression = ExpressionField(label=_("Holds where"), examples=RELEVANT_EXAMPLES)
    amount = forms.IntegerField(label=_("Notice given at least"), min_value=1, max_value=9999)
    unit = forms.ChoiceField(label=_("Unit of time"), choices=list(UNITS.items()))
    calendar = forms.ChoiceField(label=_("Counted in"), choices=CALENDARS)
    document = forms.ChoiceField(label=_("Document or photo field"))
    who = who_box()
    roles = roles_box()

    def first(self) -> dict[str, Any]:
        return {"unit": "d", "calendar": NATURAL, "amount": 15}

    def shown(self, part: Condition) -> dict[str, Any]:
        return {
            "sentence_zh": part.sentence.zh,
            "sentence_en": part.sentence.en,
            "expression": part.expression,
            **time_shown(part.grace),
            "calendar": part.calendar,
            "document": part.field,
            **who_shown(part.who),
        }

    def prepare(self) -> None:
        self.sort = self.part.kind if self.part else self.sort
        for kind, names in OF_KIND.items():
            for name in names if kind != self.sort else ():
                del self.fields[name]
        if "document" in self.fields:
            held = [
                (name, label) for name, label, one in fields_indented(self.definition) if one.type in HOLDING
            ]
            self.choose("document", held)
        if "who" in self.fields:
            self.choose("who", self.fields["who"].choices)  # type: ignore[attr-defined]
            self.fields["who"].label = _("Who signs")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        named(self, "sentence")
        if self.sort == SIGNATURE and not data.get("who") and not data.get("roles"):
            self.add_error("who", _("Choose who signs."))
        return data

    def made(self) -> Condition:
        data = self.cleaned_data
        part = self.part or Condition(self.sort, model.NO_WORDS)
        changed: dict[str, Any] = {"sentence": self.words("sentence")}
        if "expression" in self.fields:
            changed["expression"] = data["expression"]
        if "amount" in self.fields:
            changed |= {"grace": time_made(data["amount"], data["unit"]), "calendar": data["calendar"]}
        if "document" in self.fields:
            changed["field"] = data["document"]
        if "who" in self.fields:
            changed["who"] = who_made(part.who, data)
        return replace(part, **changed)
