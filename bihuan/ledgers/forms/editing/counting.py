"""The forms of figures, documents, rates and goals."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import today
from bihuan.ledgers.definition import Document, Figure, Goal, Rate, model
from bihuan.ledgers.definition.parts import DOCUMENT, FIGURE, GOAL, RATE
from bihuan.ledgers.definition.reporting import TEMPLATES
from bihuan.ledgers.forms.editing.base import (
    ExpressionField,
    PartForm,
    Several,
    Text,
    code_box,
    fields_indented,
    in_order,
    pair,
    plain,
    steps_named,
)
from bihuan.ledgers.forms.editing.fields import RELEVANT_EXAMPLES
from bihuan.ledgers.forms.editing.steps import named

KINDS = [(model.COUNT, _("count: how many")), (model.SUM, _("sum: how much altogether"))]
DIMENSIONS = {
    model.BY_TEAM: _("team"), model.BY_AREA: _("area"), model.BY_STEP: _("step"), model.BY_DAY: _("day"),
}  # fmt: skip
PERIODS = [
    (model.DAILY, _("daily summary")), (model.WEEKLY, _("weekly report")),
    (model.MONTHLY, _("monthly report")), (model.FINAL, _("final report")),
]  # fmt: skip
USUAL_DAYS = {model.WEEKLY: 5, model.MONTHLY: 31}
TABLES = dict(
    zip(
        model.TABLES,
        (
            _("what changed today"),
            _("totals"),
            _("progress of teams"),
            _("progress of areas"),
            _("what is blocked"),
            _("what is due soon"),
            _("what is overdue"),
            _("corrections"),
            _("every item"),
        ),
        strict=True,
    )
)
NUMBERS: dict[str, Any] = {"max_digits": 16, "decimal_places": 4, "min_value": Decimal(0)}


def number_box(**given: Any) -> forms.DecimalField:
    return forms.DecimalField(**NUMBERS, **given, widget=forms.TextInput(attrs={"inputmode": "decimal"}))


class FigureForm(PartForm):
    kind = FIGURE
    coded = "code"

    name_zh, name_en = pair(_("Name in Chinese"), _("Name in English"))
    how = forms.ChoiceField(label=_("Counted or added up"), choices=KINDS)
    of = forms.ChoiceField(label=_("What of"))
    where = ExpressionField(
        label=_("Only those of which this holds"),
        help_text=_("Left empty, all count."),
        examples=RELEVANT_EXAMPLES,
    )
    by = Several(label=_("Shown also by"))
    unit = Text(label=_("Unit"), required=False, help_text=_("As in households or m²."))
    target = number_box(label=_("Target"), required=False)
    code = code_box()

    def first(self) -> dict[str, Any]:
        return {"how": model.COUNT, "of": model.ITEMS}

    def shown(self, part: Figure) -> dict[str, Any]:
        return {
            "name_zh": part.name.zh,
            "name_en": part.name.en,
            "how": part.kind,
            "of": part.of,
            "where": part.where,
            "by": list(part.by),
            "unit": part.unit,
            "target": part.target,
            "code": part.code,
        }

    def prepare(self) -> None:
        rows = fields_indented(self.definition)
        of: list[tuple[str, Any]] = [(model.ITEMS, _("items of the ledger"))]
        of += [(f"{model.STEP}{code}", _("items that passed: %(step)s") % {"step": name})
               for code, name in steps_named(self.definition)]  # fmt: skip
        of += [
            (f"{model.FIELD}{name}", label)
            for name, label, one in rows
            if one.type not in (model.NOTE, model.GROUP)
        ]
        self.choose("of", of)
        groups = [(f"{model.FIELD}{name}", label.strip()) for name, label, one in rows
                  if one.type in (model.SELECT_ONE, "date")]  # fmt: skip
        self.choose("by", [*DIMENSIONS.items(), *groups])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        named(self)
        name = str(data.get("of", ""))
        field = self.definition.find(name.removeprefix(model.FIELD)) if name.startswith(model.FIELD) else None
        if data.get("how") == model.SUM and (field is None or field.type not in model.NUMBERS):
            self.add_error("of", _("Only fields of numbers can be added up."))
        return data

    def made(self) -> Figure:
        data = self.cleaned_data
        part = self.part or Figure("", model.NO_WORDS)
        return replace(
            part,
            code=data["code"],
            name=self.words("name"),
            kind=data["how"],
            of=data["of"],
            where=data["where"],
            by=in_order(part.by, data["by"]),
            unit=data["unit"],
            target=plain(data["target"]),
        )


class DocumentForm(PartForm):
    kind = DOCUMENT
    coded = "code"

    name_zh, name_en = pair(_("Name in Chinese"), _("Name in English"))
    period = forms.ChoiceField(label=_("How often"), choices=PERIODS)
    hour = forms.TimeField(label=_("Made at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    day = forms.IntegerField(
        label=_("Made on day"), required=False, min_value=1, max_value=31,
        help_text=_("Weekly: 1 is Monday, 7 Sunday. Monthly: day of the month, 31 the last."),
    )  # fmt: skip
    figures = Several(label=_("Figures in it"))
    tables = Several(label=_("Tables in it"))
    template = Text(
        label=_("Template"), required=False,
        help_text=_("File name of a Word or Excel template; left empty, ours is used."),
    )  # fmt: skip
    code = code_box()

    def first(self) -> dict[str, Any]:
        return {"period": model.DAILY, "hour": "18:00", "tables": ["changes", "totals", "blocked", "due"],
                "figures": [one.code for one in self.definition.figures]}  # fmt: skip

    def shown(self, part: Document) -> dict[str, Any]:
        return {
            "name_zh": part.name.zh, "name_en": part.name.en, "period": part.period, "hour": part.hour,
            "day": part.day or None, "figures": list(part.figures), "tables": list(part.tables),
            "template": part.template, "code": part.code,
        }  # fmt: skip

    def prepare(self) -> None:
        self.choose("figures", [(one.code, str(one.name)) for one in self.definition.figures])
        self.choose("tables", TABLES.items())
        if not self.definition.figures:
            del self.fields["figures"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        named(self)
        if data.get("period") == model.WEEKLY and (data.get("day") or 0) > 7:
            self.add_error("day", _("A week has seven days."))
        if data.get("template") and not data["template"].lower().endswith(TEMPLATES):
            self.add_error("template", _("Name a file that ends in .docx or .xlsx."))
        return data

    def made(self) -> Document:
        data = self.cleaned_data
        part = self.part or Document("", model.NO_WORDS)
        usual = USUAL_DAYS.get(data["period"], 0)
        return replace(
            part,
            code=data["code"],
            name=self.words("name"),
            period=data["period"],
            hour=f"{data['hour']:%H:%M}",
            day=(data["day"] or usual) if usual else 0,
            template=data["template"],
            figures=in_order(part.figures, data.get("figures", ())),
            tables=in_order(part.tables, data["tables"]),
        )


class RateForm(PartForm):
    kind = RATE

    name_zh, name_en = pair(_("Name in Chinese"), _("Name in English"))
    amount = number_box(label=_("Amount in yuan"))
    unit = Text(label=_("For one"), help_text=_("As in m², household, month."))
    valid_from = forms.DateField(
        label=_("Valid from"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    quantity = forms.ChoiceField(
        label=_("How many stands in"),
        required=False,
        help_text=_("A number, or a repeating group, whose entries count."),
    )
    code = code_box(help_text=_("The same code with another day is the same rate, changed from that day on."))
    coded = "code"

    def first(self) -> dict[str, Any]:
        return {"valid_from": date(today().year, 1, 1)}

    def shown(self, part: Rate) -> dict[str, Any]:
        same = ("amount", "unit", "valid_from", "quantity", "code")
        return {
            "name_zh": part.name.zh,
            "name_en": part.name.en,
            **{name: getattr(part, name) for name in same},
        }

    def prepare(self) -> None:
        rows = [(name, label) for name, label, one in fields_indented(self.definition)
                if one.type in (*model.NUMBERS, model.REPEAT)]  # fmt: skip
        self.choose("quantity", [("", "—"), *rows])

    def _code(self, data: dict[str, Any]) -> str:
        """A code may stand for several days, so an old one is no mistake."""
        code = data.get("code") or ""
        self.key, key = "", self.key
        found = (
            super()._code(data)
            if not code or code not in {one.code for one in self.definition.rates}
            else code
        )
        self.key = key
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        named(self)
        return data

    def made(self) -> Rate:
        data = self.cleaned_data
        amount = plain(data["amount"])
        assert amount is not None  # the box is required
        part = self.part or Rate("", model.NO_WORDS, "", amount, data["valid_from"])
        return replace(
            part, code=data["code"], name=self.words("name"), unit=data["unit"], amount=amount,
            valid_from=data["valid_from"], quantity=data["quantity"],
        )  # fmt: skip


class GoalForm(PartForm):
    kind = GOAL

    figure = forms.ChoiceField(label=_("Figure"))
    amount = number_box(label=_("Is to reach"))
    day = forms.IntegerField(
        label=_("By which day"),
        min_value=0,
        max_value=3_660,
        help_text=_("Days after the start; the first day is 0."),
    )
    name_zh, name_en = pair(_("Name in Chinese"), _("Name in English"))

    def shown(self, part: Goal) -> dict[str, Any]:
        return {"figure": part.figure, "amount": part.amount, "day": part.day,
                "name_zh": part.name.zh, "name_en": part.name.en}  # fmt: skip

    def prepare(self) -> None:
        self.choose("figure", [(one.code, str(one.name)) for one in self.definition.figures])

    def made(self) -> Goal:
        data = self.cleaned_data
        amount = plain(data["amount"])
        assert amount is not None  # the box is required
        part = self.part or Goal("", model.NO_WORDS, amount, 0)
        return replace(part, figure=data["figure"], amount=amount, day=data["day"], name=self.words("name"))
