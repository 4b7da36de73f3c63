"""The ledgers that come with the product hold together, say everything twice, and keep to the red lines."""

from io import BytesIO

import pytest
from django.utils import translation

from bihuan.core.clock import local
from bihuan.ledgers.definition import (
    Definition,
    FaultyWorkbook,
    begin,
    from_json,
    read_workbook,
    to_json,
    write_workbook,
)
from bihuan.ledgers.definition.model import BY_TEAM, DOCUMENT, NOTICE, SIGNATURE, Words
from bihuan.ledgers.templates_shipped import shipped
from tools import workbook_table

pytestmark = pytest.mark.django_db
EVERY = pytest.mark.parametrize(
    "definition", [one.definition for one in shipped()], ids=[one.code for one in shipped()]
)
PERSONAL = ("姓名", "身份证", "电话", "手机", "民族", "宗教", "年龄", "态度", "情绪")


def again(definition: Definition, language: str) -> Definition:
    try:
        return read_workbook(BytesIO(write_workbook(definition, language=language)), "台账.xlsx")
    except FaultyWorkbook as error:
        raise AssertionError("\n".join(str(fault) for fault in error.faults)) from None


def test_every_kind_of_campaign_that_the_page_knows_is_there() -> None:
    assert [one.code for one in shipped()] == [
        "gardens", "charging", "relocation", "renovation", "old_compounds", "back_lanes", "cables",
        "appearance", "traffic_order", "fire_safety", "farmland", "hardship", "visits",
    ]  # fmt: skip


@EVERY
@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_reads_back_from_its_own_workbook_and_pyxform_takes_it(
    definition: Definition, language: str
) -> None:
    assert again(definition, language) == definition
    assert from_json(to_json(definition)) == definition


@EVERY
def test_everything_that_people_read_is_there_in_both_languages(definition: Definition) -> None:
    asked = [one.label for one in definition.walk() if one.type != "calculate"]
    words = [*asked, *(choice.label for one in definition.choices for choice in one.choices)]
    words += [one.name for one in definition.steps] + [one.name for one in definition.gates]
    words += [one.name for one in definition.figures] + [one.name for one in definition.documents]
    words += [one.name for one in definition.rates] + [one.name for one in definition.goals]
    words += [one.sentence for gate in definition.gates for one in gate.conditions]
    halves = [one.constraint_message for one in definition.walk()] + [one.hint for one in definition.walk()]
    assert all(one.zh and one.en for one in [definition.title, *words])
    assert all(bool(one.zh) == bool(one.en) for one in halves)
    with translation.override("en"):
        assert all(str(one).isascii() or "²" in str(one) or "–" in str(one) for one in words)


@EVERY
def test_every_step_has_something_to_say_who_and_how(definition: Definition) -> None:
    assert all(step.who and step.fields for step in definition.steps)
    asked = {name for step in definition.steps for name in step.fields}
    known = {one.name for one in definition.fields} | {one.name for one in definition.walk()}
    assert asked <= known
    assert definition.figures and definition.documents and definition.goals
    assert begin(definition, at=local()) is not None


@EVERY
def test_nothing_is_asked_about_a_person(definition: Definition) -> None:
    for one in definition.walk():
        if one.asks:
            assert not any(word in one.label.zh for word in PERSONAL), one.label.zh


def named(code: str) -> Definition:
    return next(one.definition for one in shipped() if one.code == code)


def test_clearing_needs_all_six_things_and_keeps_its_two_reasons_apart() -> None:
    gardens = named("gardens")
    gate = gardens.gate(next(one.gate for one in gardens.steps if one.code == "clear"))
    assert gate is not None
    papers = {one.field for one in gate.conditions if one.kind == DOCUMENT}
    assert papers == {"legal_basis", "notice_paper", "inventory", "legal_opinion"}
    assert [one.grace for one in gate.conditions if one.kind == NOTICE] == ["15d"]
    assert [one.who for one in gate.conditions if one.kind == SIGNATURE] == [
        ("role:法律顾问",),
        ("role:批准人", "leader"),
    ]
    figures = {one.code: one.where for one in gardens.figures}
    assert figures["refused"] != figures["unable"] != ""


def test_relocation_is_confidential_and_lists_nobody_who_has_not_signed() -> None:
    relocation = named("relocation")
    assert relocation.settings.confidential and relocation.settings.splits
    assert [one.code for one in relocation.steps] == ["measure", "recheck", "calculate", "sign", "accept"]
    assert "" in [
        one.limit for one in relocation.steps if one.code == "sign"
    ]  # nobody is overdue with signing
    assert {table for one in relocation.documents for table in one.tables} <= {
        "totals",
        "teams",
        "corrections",
    }
    assert all(not one.where for one in relocation.figures)
    assert {one.by for one in relocation.figures} == {(BY_TEAM,)}
    assert "法律顾问" in relocation.roles
    told = relocation.find("remedies")
    assert told is not None and "行政复议" in told.label.zh and told.household
    papers = {one.name for one in relocation.walk() if one.type == "file" and one.household}
    assert papers == {"area_shown", "plan_paper", "agreement"}, "a household has what it was shown and signed"


def test_what_is_told_of_poverty_and_of_visits_is_numbers() -> None:
    for code in ("hardship", "visits"):
        kinds = {one.type for one in named(code).walk() if one.asks}
        assert kinds <= {"integer", "date", "select_one"}


def test_charging_is_accepted_by_the_four_words_and_by_fire_safety() -> None:
    labels = {one.label for one in named("charging").walk()}
    for words in ("入管入盒", "标识清晰", "牢固安全", "整齐有序", "配有灭火器材"):
        assert any(isinstance(one, Words) and one.zh == words for one in labels)


def test_the_document_explains_every_sheet_and_column() -> None:
    for path, language in workbook_table.PAGES.items():
        page = path.read_text()
        assert workbook_table.written(page, language) == page
        assert all(one.name in page for one in (one.definition for one in shipped()[:4]))
