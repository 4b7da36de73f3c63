"""Writes a definition as the workbook that reads back to it, with a sheet that explains every column."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter

from bihuan.core.sheets import OPTIONS
from bihuan.ledgers.definition import columns, model
from bihuan.ledgers.definition.columns import OWN, Column, SheetKind
from bihuan.ledgers.definition.dialect import CHOICES, SETTINGS, SURVEY, TRANSLATED, XLSFORM
from bihuan.ledgers.definition.judge import LANGUAGES
from bihuan.ledgers.definition.model import Definition, Field, Pairs, Words
from bihuan.ledgers.definition.reading import GUIDE_MARK

Row = tuple[dict[str, Any], Pairs]
GUIDE = "说明"
SPARE_ROWS = 500  # below the last one, that lists of words hold for as well
LONGEST_LIST = 255  # characters, of a list of words that a spreadsheet program takes
FIRST_COLUMNS = {"survey": 2, "choices": 2}


def write_workbook(definition: Definition, *, language: str = "zh") -> bytes:
    """The workbook of a definition; headings and words of our own sheets in one of the two languages."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, OPTIONS | {"in_memory": True})
    writer = _Writer(book, "en" if language.startswith("en") else "zh")
    writer.sheet(SURVEY, list(_field_rows(definition.fields)))
    writer.sheet(CHOICES, list(_choice_rows(definition)))
    writer.sheet(SETTINGS, [_settings_row(definition)])
    for kind, rows in zip(OWN, _own_rows(definition, writer), strict=True):
        writer.sheet(kind, rows)
    taken = {sheet.name for sheet in definition.foreign}
    writer.guide(next(name for name in (GUIDE, *(f"{GUIDE}{n}" for n in range(2, 99))) if name not in taken))
    for foreign in definition.foreign:
        writer.foreign(foreign)
    book.close()
    return target.getvalue()


def keys_of(kind: SheetKind) -> list[tuple[str, Column]]:
    """What we write into the columns of a sheet, from the left; some have a column for each language."""
    keys: list[tuple[str, Column]] = []
    for column in kind.columns:
        if column.key in TRANSLATED.get(kind.key, ()):
            keys += [(f"{column.key}::{language}", column) for language in LANGUAGES]
        else:
            keys.append((column.key, column))
    return keys


# -- what stands in the rows


def _words(key: str, words: Words) -> dict[str, str]:
    return {f"{key}::zh": words.zh, f"{key}::en": words.en}


def _named(words: Words, key: str = "name") -> dict[str, str]:
    return {key: words.zh, f"{key}_en": words.en}


def _field_rows(fields: Iterable[Field]) -> Iterable[Row]:
    for one in fields:
        holds = one.type in (model.GROUP, model.REPEAT)
        written = f"begin {one.type}" if holds else f"{one.type} {one.list}".strip()
        cells = {
            "type": written,
            "name": one.name,
            **_words("label", one.label),
            **_words("hint", one.hint),
            **_words("required_message", one.required_message),
            **_words("constraint_message", one.constraint_message),
            "parameters": " ".join(f"{key}={value}" for key, value in one.parameters),
            "default": one.default,
            "appearance": one.appearance,
            "household": "yes" if one.household else "",
            "fact": one.fact,
        }
        for key in ("required", "read_only", "relevant"):
            text = getattr(one, key)
            cells[key] = "yes" if text == "true()" and key != "relevant" else text
        for key in ("constraint", "calculation", "choice_filter", "repeat_count"):
            cells[key] = getattr(one, key)
        yield cells, one.extras
        if holds:
            yield from _field_rows(one.children)
            yield {"type": f"end {one.type}", "name": one.name}, ()


def _choice_rows(definition: Definition) -> Iterable[Row]:
    for one in definition.choices:
        for choice in one.choices:
            yield {"list_name": one.name, "name": choice.name, **_words("label", choice.label)}, choice.extras


def _settings_row(definition: Definition) -> Row:
    settings = definition.settings
    return {
        "form_title": definition.name,
        "title_en": definition.name_en,
        "form_id": settings.code,
        "version": definition.version,
        "default_language": settings.default_language,
        "subject": settings.subject,
        "confidential": "yes" if settings.confidential else "no",
        "least_count": settings.least_count,
        "splits": "yes" if settings.splits else "no",
    }, settings.extras


def _own_rows(definition: Definition, writer: "_Writer") -> list[list[Row]]:
    one, many, who = writer.word, writer.many, writer.who
    steps: list[Row] = [
        ({
            "code": step.code, **_named(step.name), "who": who(step.who), "limit": step.limit,
            "calendar": one(columns.CALENDARS, step.calendar), "remind_at": step.remind_at,
            "fields": many(step.fields), "evidence": many(step.evidence), "gate": step.gate,
            "relevant": step.relevant, "next": many(step.next), "back": many(step.back),
            "other_than": step.other_than, "opens_case": step.opens_case,
            "case_completes": one(columns.YES_NO, "yes") if step.case_completes else "",
            "blocked_when": step.blocked_when,
            "locks_money": one(columns.YES_NO, "yes") if step.locks_money else "",
        }, step.extras)
        for step in definition.steps
    ]  # fmt: skip
    gates: list[Row] = [
        ({
            "code": gate.code, **(_named(gate.name) if not number else {}),
            "kind": one(columns.CONDITIONS, condition.kind), **_named(condition.sentence, "sentence"),
            "expression": condition.expression, "grace": condition.grace,
            "calendar": one(columns.CALENDARS, condition.calendar) if condition.grace else "",
            "field": condition.field, "who": who(condition.who),
        }, condition.extras)
        for gate in definition.gates
        for number, condition in enumerate(gate.conditions)
    ]  # fmt: skip
    figures: list[Row] = [
        ({
            "code": figure.code, **_named(figure.name), "kind": one(columns.KINDS, figure.kind),
            "of": figure.of, "where": figure.where,
            "by": many(one(columns.DIMENSIONS, part) for part in figure.by),
            "unit": figure.unit, "target": _number(figure.target),
        }, figure.extras)
        for figure in definition.figures
    ]  # fmt: skip
    documents: list[Row] = [
        ({
            "code": document.code, **_named(document.name), "period": one(columns.PERIODS, document.period),
            "hour": document.hour, "day": document.day or "", "template": document.template,
            "figures": many(document.figures),
            "tables": many(one(columns.TABLES, t) for t in document.tables),
        }, document.extras)
        for document in definition.documents
    ]  # fmt: skip
    rates: list[Row] = [
        ({
            "code": rate.code, **_named(rate.name), "unit": rate.unit, "amount": _number(rate.amount),
            "valid_from": rate.valid_from.isoformat(), "quantity": rate.quantity,
        }, rate.extras)
        for rate in definition.rates
    ]  # fmt: skip
    goals: list[Row] = [
        (
            {"figure": goal.figure, **_named(goal.name), "amount": _number(goal.amount), "day": goal.day},
            goal.extras,
        )
        for goal in definition.goals
    ]
    return [steps, gates, figures, documents, rates, goals]


def _number(amount: Decimal | None) -> float | str:
    """A number where the spreadsheet program keeps it exactly, else its digits as a text."""
    if amount is None:
        return ""
    number = float(amount)
    return number if Decimal(repr(number)) == amount else str(amount)


# -- how it looks


class _Writer:
    def __init__(self, book: Any, language: str) -> None:
        self.book, self.language = book, language
        top = {"text_wrap": True, "valign": "top"}
        self.bold = book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, **top})
        self.text = book.add_format({**top, "num_format": "@"})
        self.plain = book.add_format(top)

    def word(self, words: dict[str, str], ours: str) -> str:
        return words.get(ours, ours) if self.language == "zh" else ours

    def many(self, parts: Iterable[str]) -> str:
        return "; ".join(parts)

    def who(self, parts: Iterable[str]) -> str:
        role = "角色:" if self.language == "zh" else model.ROLE
        return self.many(
            f"{role}{part.removeprefix(model.ROLE)}"
            if part.startswith(model.ROLE)
            else self.word(columns.WHO, part)
            for part in parts
        )

    def heading(self, kind: SheetKind, column: Column, key: str) -> str:
        if kind in XLSFORM:
            language = key.partition("::")[2]
            return f"{column.key}::{LANGUAGES[language]}" if language else column.key
        return column.zh if self.language == "zh" else column.en

    def sheet(self, kind: SheetKind, rows: Sequence[Row]) -> None:
        name = kind.zh if self.language == "zh" and kind in OWN else kind.key
        sheet = self.book.add_worksheet(name)
        keys = keys_of(kind)
        foreign = list(dict.fromkeys(heading for _cells, extras in rows for heading, _text in extras))
        for index, (key, column) in enumerate(keys):
            sheet.write_string(0, index, self.heading(kind, column, key), self.bold)
            sheet.set_column(index, index, column.width, self.text)
            self.list_of_words(sheet, kind, column, index, len(rows))
        for index, heading in enumerate(foreign, start=len(keys)):
            sheet.write_string(0, index, heading, self.bold)
            sheet.set_column(index, index, 16, self.text)
        sheet.freeze_panes(1, FIRST_COLUMNS.get(kind.key, 0))
        for number, (cells, extras) in enumerate(rows, start=1):
            values = [cells.get(key, "") for key, _column in keys]
            given = dict(extras)
            for index, value in enumerate([*values, *(given.get(heading, "") for heading in foreign)]):
                self.cell(sheet, number, index, value)

    def cell(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if isinstance(value, str):
            if value:
                sheet.write_string(row, column, value, self.text)
        else:
            sheet.write_number(row, column, value, self.plain)

    def list_of_words(self, sheet: Any, kind: SheetKind, column: Column, index: int, rows: int) -> None:
        """A list to choose from; other words are let through, for cells of several and expressions."""
        words = (
            list(column.words) if self.language == "en" or kind in XLSFORM else list(column.words.values())
        )
        if kind is SURVEY and column.key == "type":
            words = [word for word in model.TYPES if word not in (model.GROUP, model.REPEAT)]
            words += ["begin group", "end group", "begin repeat", "end repeat"]
        if not words or len(",".join(words)) > LONGEST_LIST:
            return
        about = column.about_zh if self.language == "zh" else column.about_en
        sheet.data_validation(
            1, index, rows + SPARE_ROWS, index,
            {"validate": "list", "source": words, "show_error": False, "input_message": about[:255]},
        )  # fmt: skip

    def guide(self, name: str) -> None:
        sheet = self.book.add_worksheet(name)
        for index, width in enumerate((12, 22, 26, 60, 60)):
            sheet.set_column(index, index, width, self.plain)
        sheet.write_string(0, 0, GUIDE_MARK, self.bold)
        sheet.freeze_panes(2, 0)
        for index, heading in enumerate(("表 Sheet", "列 Column", "English", "说明", "What it is for")):
            sheet.write_string(1, index, heading, self.bold)
        row = 2
        for kind in (*XLSFORM, *OWN):
            for index, text in enumerate((f"{kind.zh} {kind.key}", "", "", kind.about_zh, kind.about_en)):
                sheet.write_string(row, index, text, self.bold)
            row += 1
            for column in kind.columns:
                words = "；".join(f"{zh} {ours}" for ours, zh in column.words.items())
                about_zh = f"{column.about_zh}\n可填：{words}" if words else column.about_zh
                cells = (
                    "",
                    column.zh,
                    column.key if kind in XLSFORM else column.en,
                    about_zh,
                    column.about_en,
                )
                for index, text in enumerate(cells):
                    sheet.write_string(row, index, text, self.plain)
                row += 1

    def foreign(self, foreign: model.ForeignSheet) -> None:
        sheet = self.book.add_worksheet(foreign.name)
        for number, line in enumerate(foreign.rows):
            for index, text in enumerate(line):
                self.cell(sheet, number, index, text)
