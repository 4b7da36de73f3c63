"""A definition survives its workbook and its JSON unchanged, whatever it holds."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.ledgers.definition import (
    Choice,
    ChoiceList,
    Condition,
    Definition,
    Document,
    Field,
    Figure,
    ForeignSheet,
    Gate,
    Goal,
    Rate,
    Settings,
    Step,
    UnknownFormat,
    Words,
    digest,
    from_json,
    model,
    read_workbook,
    to_json,
    write_workbook,
)
from bihuan.ledgers.definition.columns import TABLES
from bihuan.ledgers.tests.books import gardens, read

LETTERS = "abcxyz甲乙丙楼栋0123 .,;:-_=+'\"（）“”？！\n<&>%#@/"
# What XLSForm would take for a reference, and what spreadsheet programs cannot hold, is no text of a label.
texts = st.text(LETTERS, min_size=1, max_size=24).map(str.strip).filter(bool)
maybe = st.just("") | texts
words = st.builds(Words, texts, maybe) | st.builds(Words, maybe, texts)
maybe_words = st.just(Words()) | words
codes = st.from_regex(r"[a-z甲乙丙][a-z0-9_]{0,8}", fullmatch=True)
headings = st.sampled_from(["备注", "科室", "Source"])
extras = st.dictionaries(headings, texts, max_size=2).map(lambda found: tuple(sorted(found.items())))
amounts = st.decimals(0, 10**9, places=4).map(
    lambda one: Decimal(format(one, "f").rstrip("0").rstrip(".") or "0")
)
limits = st.sampled_from(["", "15m", "4h", "7d"])
whos = st.lists(
    st.sampled_from(["team", "grid_worker", "responsible", "role:法律顾问"]), min_size=1, unique=True
).map(tuple)
LEAVES = (
    "text",
    "integer",
    "decimal",
    "date",
    "time",
    "dateTime",
    "geopoint",
    "image",
    "file",
    "barcode",
    "note",
)


@st.composite
def definitions(draw: Any) -> Definition:
    names = iter(draw(st.lists(codes, min_size=14, max_size=14, unique=True)))
    lists = tuple(
        ChoiceList(
            name, tuple(Choice(f"c{n}", draw(words), draw(extras)) for n in range(draw(st.integers(1, 3))))
        )
        for name in ("kinds", "reasons")
    )
    foreign_order = _first_seen([choice.extras for one in lists for choice in one.choices])
    lists = tuple(
        ChoiceList(
            one.name, tuple(Choice(c.name, c.label, _ordered(c.extras, foreign_order)) for c in one.choices)
        )
        for one in lists
    )

    def leaf(earlier: list[str]) -> Field:
        type_ = draw(st.sampled_from((*LEAVES, "select_one", "select_multiple", "calculate")))
        select = type_.startswith("select")
        about = draw(st.sampled_from(earlier)) if earlier else ""
        return Field(
            name=next(names),
            type=type_,
            label=draw(words),
            hint=draw(maybe_words),
            list=draw(st.sampled_from(["kinds", "reasons"])) if select else "",
            required=draw(st.sampled_from(["", "true()"])),
            required_message=draw(maybe_words),
            constraint=draw(st.sampled_from(["", ". != 'x'", "string-length(.) < 5"])),
            constraint_message=draw(maybe_words),
            relevant=f"${{{about}}} != ''" if about and draw(st.booleans()) else "",
            read_only=draw(st.sampled_from(["", "true()"])),
            calculation="1 + 1" if type_ == "calculate" else "",
            default="7" if type_ == "integer" and draw(st.booleans()) else "",
            choice_filter="name != 'c1'" if select and draw(st.booleans()) else "",
            appearance=draw(st.sampled_from(["", "minimal"])),
            parameters=draw(st.sampled_from([(), (("max-pixels", "1600"),)])) if type_ == "image" else (),
            extras=draw(extras),
        )

    fields, earlier = [], []
    for _n in range(draw(st.integers(1, 3))):
        fields.append(leaf(earlier))
        if fields[-1].type != "note":
            earlier.append(fields[-1].name)
    inner = tuple(leaf(earlier) for _n in range(2))
    fields.append(
        Field(next(names), draw(st.sampled_from(["group", "repeat"])), draw(maybe_words), children=inner)
    )
    fields.append(Field("attachment", "file", draw(words)))
    found = _with_order(tuple(fields))
    conditions = (
        Condition("expression", draw(words), "1 = 1"),
        Condition("notice", draw(words), "", "15d", draw(st.sampled_from(["natural", "working"]))),
        Condition("document", draw(words), field="attachment"),
        Condition("signature", draw(words), who=draw(whos)),
    )
    steps = (
        Step(
            "one",
            draw(words),
            draw(whos),
            draw(limits),
            draw(st.sampled_from(["working", "natural"])),
            draw(st.integers(1, 100)),
            ("attachment",),
            ("attachment",),
            "gate",
            "1 = 1",
            ("two",),
        ),
        Step(
            "two",
            draw(words),
            draw(whos),
            back=("one",),
            other_than="one",
            opens_case=draw(st.sampled_from(["", "01.02"])),
            extras=draw(extras),
        ),
    )
    figures = (
        Figure("n", draw(words), by=("team", "field:attachment")[:1], unit=draw(maybe), target=draw(amounts)),
    )
    return Definition(
        name=draw(texts),
        name_en=draw(maybe),
        version=draw(maybe),
        settings=Settings(
            draw(st.just("") | codes),
            draw(st.sampled_from(["", "中文 (zh)"])),
            draw(st.sampled_from(model.SUBJECTS)),
            draw(st.booleans()),
            draw(st.integers(1, 1000)),
            draw(st.booleans()),
            draw(extras),
        ),
        fields=found,
        choices=lists,
        steps=steps,
        gates=(Gate("gate", draw(words), conditions),),
        figures=figures,
        documents=(
            Document(
                "d",
                draw(words),
                "weekly",
                draw(st.sampled_from(["00:00", "18:30"])),
                draw(st.integers(1, 7)),
                draw(st.sampled_from(["", "周报.docx"])),
                ("n",),
                tuple(draw(st.sets(st.sampled_from(list(TABLES))))),
            ),
        ),
        rates=(
            Rate(
                "r",
                draw(words),
                draw(texts),
                draw(amounts),
                draw(st.dates(date(2000, 1, 1), date(2099, 1, 1))),
            ),
        ),
        goals=(Goal("n", draw(maybe_words), draw(amounts), draw(st.integers(0, 3000))),),
        foreign=draw(st.sampled_from([(), (ForeignSheet("草稿", (("甲", "", "乙"), (), ("x",))),)])),
    )


def _first_seen(rows: list[model.Pairs]) -> list[str]:
    return list(dict.fromkeys(heading for row in rows for heading, _text in row))


def _ordered(row: model.Pairs, order: list[str]) -> model.Pairs:
    return tuple(sorted(row, key=lambda pair: order.index(pair[0])))


def _with_order(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Columns of the author stand in one order on a sheet, so also in its rows."""
    order = _first_seen([one.extras for one in model.walk(fields)])

    def settle(one: Field) -> Field:
        return replace(
            one, extras=_ordered(one.extras, order), children=tuple(settle(c) for c in one.children)
        )

    return tuple(settle(one) for one in fields)


@given(definition=definitions(), language=st.sampled_from(["zh", "en"]))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_a_definition_survives_its_workbook(definition: Definition, language: str) -> None:
    again = read_workbook(BytesIO(write_workbook(definition, language=language)), "x.xlsx")

    assert again == definition
    assert digest(again) == digest(definition)


@given(definition=definitions())
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_a_definition_survives_its_json(definition: Definition) -> None:
    again = from_json(json.loads(json.dumps(to_json(definition))))

    assert again == definition
    assert digest(again) == digest(definition)


def test_the_digest_tells_any_change() -> None:
    sheets = gardens()
    before = read(sheets)
    sheets["单价"][1][3] = 12.6

    assert digest(read(sheets)) != digest(before)
    assert digest(read(gardens())) == digest(before)


def test_usual_values_are_not_stored() -> None:
    stored = to_json(Definition("台账", fields=(Field("a", "text", Words("甲")),)))

    assert stored == {
        "format": 1,
        "definition": {"name": "台账", "fields": [{"name": "a", "type": "text", "label": {"zh": "甲"}}]},
    }


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"format": 2, "definition": {"name": "x"}},
        {"format": 1, "definition": {"name": "x", "colour": "red"}},
    ],
)
def test_another_format_is_refused(stored: dict[str, Any]) -> None:
    with pytest.raises(UnknownFormat):
        from_json(stored)
