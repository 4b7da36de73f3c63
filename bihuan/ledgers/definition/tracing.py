"""What is wrong with a definition made on a page: judged as its workbook, traced back to its parts."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.core.xlsx import letter_of
from bihuan.ledgers import expressions
from bihuan.ledgers.definition import model
from bihuan.ledgers.definition.columns import DOCUMENTS, FIGURES, GATES, GOALS, OWN, RATES, STEPS, SheetKind
from bihuan.ledgers.definition.dialect import CHOICES, SETTINGS, SURVEY, XLSFORM
from bihuan.ledgers.definition.faults import CellFault, FaultyWorkbook, say
from bihuan.ledgers.definition.formulas import outline_of, parsed
from bihuan.ledgers.definition.model import Definition, Field
from bihuan.ledgers.definition.parts import (
    CONDITION,
    DOCUMENT,
    FIELD,
    FIGURE,
    GATE,
    GOAL,
    LIST,
    RATE,
    STEP,
    WHOLE,
)
from bihuan.ledgers.definition.parts import SETTINGS as SETTINGS_PART
from bihuan.ledgers.definition.reading import read_workbook
from bihuan.ledgers.definition.writing import keys_of, write_workbook

SHEETS: dict[str, tuple[SheetKind, str]] = {
    name: (kind, of)
    for kind, of in (
        (SURVEY, FIELD), (CHOICES, LIST), (SETTINGS, SETTINGS_PART), (STEPS, STEP), (GATES, CONDITION),
        (FIGURES, FIGURE), (DOCUMENTS, DOCUMENT), (RATES, RATE), (GOALS, GOAL),
    )
    for name in (kind.key, kind.zh)
}  # fmt: skip
# Our columns whose box on the page has another name.
BOXES = {
    "form_title": "name_zh", "title_en": "name_en", "form_id": "code", "name": "name_zh",
    "sentence": "sentence_zh",
}  # fmt: skip
# Where the remedy speaks of rows and cells, what to do on the page instead.
REMEDIES: dict[tuple[str, str], Any] = {
    (STEP, "code"): _("Choose it under “Next steps” of the step before it, or delete it."),
    (STEP, "next"): _(
        "Choose nothing under “Next steps” of the step that ends the work; to send back, use “Back to”."
    ),
    (STEP, "who"): _("Choose who may take it."),
    (GATE, "code"): _("Choose it as the gate of the step it guards, or delete it."),
}
EMPTY_GROUP = _("Add fields to it, or delete it.")
NO_CHOICES = _("Write its choices, one a line.")


@dataclass(frozen=True)
class PartFault:
    """What is wrong with a part. `box` names the field of its form, "" all of it; no key: the whole kind."""

    kind: str
    key: str
    box: str
    problem: Any
    remedy: Any


class Faulty(Exception):
    """The definition is not whole yet."""

    def __init__(self, faults: tuple[PartFault, ...]):
        self.faults = faults
        super().__init__(f"{len(faults)} faults")


def faults_of(definition: Definition) -> tuple[PartFault, ...]:
    """Everything that is wrong with it, in the order of its parts."""
    return _judged(definition, get_language() or "zh-hans")[1]


def settled(definition: Definition) -> Definition:
    """The definition as its workbook reads back, which is what is kept. Raises Faulty."""
    found, faults = _judged(definition, get_language() or "zh-hans")
    if found is None or faults:
        raise Faulty(faults)
    return found


@lru_cache(maxsize=128)
def _judged(definition: Definition, language: str) -> tuple[Definition | None, tuple[PartFault, ...]]:
    """Remembered, as a page with a definition of hundreds of fields is shown again and again."""
    own = tuple(_missing(definition))
    try:
        found = read_workbook(BytesIO(write_workbook(definition, language=language)), "ledger.xlsx")
    except FaultyWorkbook as error:
        said = {(one.kind, one.key) for one in own}
        traced = (_traced(fault, definition) for fault in error.faults)
        return None, (*own, *(one for one in traced if (one.kind, one.key) not in said))
    return found, own


def _missing(definition: Definition) -> Iterator[PartFault]:
    """What has no row in a workbook, and would be missed there or lost without a word."""
    if not definition.fields:
        yield PartFault(FIELD, "", "", _("There are no fields yet."), _("Add the first field."))
    if not definition.steps:
        yield PartFault(STEP, "", "", _("There are no steps yet."), _("Add the first step."))
    for gate in definition.gates:
        if not gate.conditions:
            problem = say(_("The gate “%(name)s” asks for nothing."), name=gate.name or gate.code)
            yield PartFault(GATE, gate.code, "", problem, _("Add a condition, or delete it."))
    for one in definition.choices:
        if not one.choices:
            problem = say(_("The list of choices “%(name)s” is empty."), name=one.name)
            yield PartFault(*_of_list(definition, one.name), problem, NO_CHOICES)


def _traced(fault: CellFault, definition: Definition) -> PartFault:
    sheet, kind = SHEETS.get(fault.sheet, (SETTINGS, SETTINGS_PART))
    columns = {letter_of(index): key for index, (key, _column) in enumerate(keys_of(sheet))}
    column = columns.get(fault.column, "")
    base, _colons, language = column.partition("::")
    box = f"{base}_{language}" if language else base if sheet is SURVEY else BOXES.get(base, base)
    key = ""
    if fault.row > 1:
        rows = list(_rows(definition, sheet))
        key = rows[fault.row - 2] if fault.row - 2 < len(rows) else ""
    if kind == LIST and key:
        kind, key, box = _of_list(definition, key)
    elif kind == CONDITION and base in ("code", "name", "name_en"):
        kind, key = GATE, key.rpartition(":")[0]
    elif kind == CONDITION and not key:
        kind = GATE
    remedy = REMEDIES.get((kind, box), fault.remedy)
    if (kind, box) == (STEP, "next") and not _all_known(definition, key):
        remedy = fault.remedy
    if kind == FIELD and key and box == "type":
        one = definition.find(key)
        if one is not None and one.type in (model.GROUP, model.REPEAT):
            remedy = EMPTY_GROUP
        elif one is not None and one.list:
            box, remedy = "choices", NO_CHOICES
    return PartFault(kind, key, box, fault.problem, remedy)


def _all_known(definition: Definition, code: str) -> bool:
    step = definition.step(code)
    return step is not None and {one.code for one in definition.steps}.issuperset(step.next)


def _of_list(definition: Definition, name: str) -> tuple[str, str, str]:
    """Where a list of choices is changed: with the first field that uses it, else by itself."""
    field = next((one for one in definition.walk() if one.list == name), None)
    return (FIELD, field.name, "choices") if field else (LIST, name, "choices")


def _rows(definition: Definition, sheet: SheetKind) -> Iterator[str]:
    """The key of the part in each row below the heading, in the order in which they are written."""
    if sheet is SURVEY:
        yield from _field_rows(definition.fields)
    elif sheet is CHOICES:
        yield from (one.name for one in definition.choices for _choice in one.choices)
    elif sheet is SETTINGS:
        yield WHOLE
    elif sheet is GATES:
        for gate in definition.gates:
            yield from (f"{gate.code}:{number}" for number, _one in enumerate(gate.conditions, start=1))
    elif sheet in (RATES, GOALS):
        yield from (str(number) for number, _one in enumerate(getattr(definition, sheet.key), start=1))
    else:
        yield from (one.code for one in getattr(definition, sheet.key))


def _field_rows(fields: tuple[Field, ...]) -> Iterator[str]:
    for one in fields:
        yield one.name
        if one.type in (model.GROUP, model.REPEAT):
            yield from _field_rows(one.children)
            yield one.name


assert {kind.key for kind in (*XLSFORM, *OWN)} == {kind.key for kind, _of in SHEETS.values()}


def check_text(
    definition: Definition, text: str, *, inside: tuple[str, ...] = (), own: bool = False, filters: str = ""
) -> list[expressions.Fault]:
    """What is wrong with an expression while it is written. `filters` names the list that a filter looks at.

    `inside` names the repeats around its field; `own` says that it may speak of the answer itself.
    """
    columns = None
    if filters:
        choices = definition.list_of(filters)
        columns = ["name", *dict.fromkeys(heading for one in choices for heading, _text in one.extras)]
    try:
        found = parsed(text)
    except expressions.Fault as fault:
        return [fault]
    return expressions.check(found, outline_of(definition), around=inside, columns=columns, has_own_value=own)
