"""Changing a definition part by part: every form gives back what it shows, and references stay right."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, Phase, given, settings

from bihuan.ledgers.definition import Choice, Definition, Field, Words, digest
from bihuan.ledgers.definition.editing import Move, NotPossible, Put, Remove, edited
from bihuan.ledgers.definition.parts import find, named_in, parts, referring, renamed, repeats_above
from bihuan.ledgers.definition.tracing import Faulty, faults_of, settled
from bihuan.ledgers.forms.editing import FORMS
from bihuan.ledgers.forms.editing.building import BuilderForm, built
from bihuan.ledgers.forms.editing.choices import as_lines, from_lines
from bihuan.ledgers.templates_shipped import shipped
from bihuan.ledgers.tests.books import gardens, read
from bihuan.ledgers.tests.test_definition_round_trip import definitions

GARDENS = read(gardens())


def sent(form: Any) -> QueryDict:
    """What a browser sends of a form that nobody touched."""
    data = QueryDict(mutable=True)
    for box in form:
        value, widget = box.value(), box.field.widget
        if isinstance(value, list | tuple):
            data.setlist(box.html_name, [str(one) for one in value])
        elif value is True:
            data[box.html_name] = "on"
        elif value is not None and value is not False:
            text = value if hasattr(widget, "choices") or value == "" else widget.format_value(value)
            data[box.html_name] = str(text).replace("\n", "\r\n")
    return data


def saved_as_it_was(definition: Definition) -> Iterator[tuple[str, str, Definition]]:
    """Every part opened and saved again, one after the other."""
    for kind, key, _part in list(parts(definition)):
        form = FORMS[kind](sent(FORMS[kind](definition=definition, key=key)), definition=definition, key=key)
        assert form.is_valid(), (kind, key, form.errors)
        yield kind, key, edited(definition, form.edit())


@pytest.mark.parametrize(
    "definition", [GARDENS, *(one.definition for one in shipped())], ids=lambda one: one.name
)
def test_opened_and_saved_it_is_the_same(definition: Definition) -> None:
    for kind, key, after in saved_as_it_was(definition):
        assert after == definition, (kind, key)
    assert faults_of(definition) == ()
    assert digest(settled(definition)) == digest(definition)


@given(definition=definitions())
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
def test_whatever_it_holds_opened_and_saved_it_is_the_same(definition: Definition) -> None:
    for kind, key, after in saved_as_it_was(definition):
        assert after == definition, (kind, key)


# -- references ------------------------------------------------------------------------------------------


def test_a_field_under_another_code_is_found_by_all_that_use_it() -> None:
    size = GARDENS.find("size")
    after = edited(GARDENS, Put("field", replace(size, name="m2"), "size", "plots"))

    assert after.find("size") is None
    assert after.find("price").calculation == "round(${m2} * 2.5, 2)"
    assert after.find("total").calculation == "sum(${m2})"
    area = next(one for one in after.figures if one.code == "area")
    assert (area.of, area.where) == ("field:m2", "${m2} > 1")
    assert settled(after) == after


def test_steps_gates_lists_and_figures_keep_those_who_point_to_them() -> None:
    after = edited(GARDENS, Put("step", replace(GARDENS.step("clear"), code="removal"), "clear"))
    assert after.step("survey").next == ("removal",)
    assert (after.step("accept").back, after.step("accept").other_than) == (("removal",), "removal")
    assert next(one for one in after.figures if one.code == "done").of == "step:removal"
    after = edited(after, Put("gate", replace(find(after, "gate", "lawful"), code="law"), "lawful"))
    assert after.step("removal").gate == "law"
    assert len(after.gate("law").conditions) == 4
    after = edited(after, Put("list", replace(find(after, "list", "reason"), name="why"), "reason"))
    assert after.find("reason").list == "why"
    after = edited(after, Put("figure", replace(find(after, "figure", "sites"), code="places"), "sites"))
    assert after.goals[0].figure == "places"
    assert after.documents[0].figures == ("places", "area")
    assert settled(after) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("${a} + ${ab}", "${z} + ${ab}"),
        ("${ a } = 'a'", "${z} = 'a'"),
        ("sum(${r}[a > 1]/a)", "sum(${r}[z > 1]/z)"),
        ("a = ${a}", "a = ${z}"),  # of a choice filter: a column of the choices
        ("jr:choice-name(${a}, '${a}')", "jr:choice-name(${z}, '${z}')"),
        ("${a} >", "${z} >"),
        ("aa", "aa"),
    ],
)
def test_a_name_in_an_expression(text: str, after: str) -> None:
    assert renamed(text, "a", "z") == after


def test_what_is_used_is_not_removed() -> None:
    assert [(kind, key) for kind, key, _part in referring(GARDENS, "field", "plots")] == [
        ("field", "total"),
        ("figure", "area"),
    ]
    with pytest.raises(NotPossible, match="referred_to"):
        edited(GARDENS, Remove("field", "plots"))
    assert named_in("${a} + 1") == {"a"}
    assert repeats_above(GARDENS, "price") == ("plots",)


def test_a_list_of_choices_goes_with_the_only_field_that_used_it() -> None:
    lone = replace(
        GARDENS,
        steps=tuple(replace(one, blocked_when="", gate="") for one in GARDENS.steps),
        gates=(),
        figures=GARDENS.figures[1:],
        documents=(),
        goals=(),
        fields=tuple(replace(one, relevant="") for one in GARDENS.fields),
    )
    after = edited(lone, Remove("field", "reason"))
    assert after.choices == ()
    assert settled(after) == after


# -- the chain of steps ----------------------------------------------------------------------------------


def test_a_new_step_stands_in_the_chain() -> None:
    check = replace(GARDENS.steps[0], code="check", name=Words("复核"), next=(), gate="", evidence=())
    between = edited(GARDENS, Put("step", check, after="survey"))
    assert [(one.code, one.next) for one in between.steps] == [
        ("survey", ("check",)),
        ("check", ("clear",)),
        ("clear", ("accept",)),
        ("accept", ()),
    ]
    assert edited(between, Remove("step", "check")) == GARDENS
    last = edited(GARDENS, Put("step", check))
    assert (last.steps[-1].code, last.step("accept").next, last.step("check").next) == (
        "check",
        ("check",),
        (),
    )
    first = edited(GARDENS, Put("step", check, after=""))
    assert (first.steps[0].code, first.steps[0].next) == ("check", ("survey",))


def test_parts_move_one_place_at_a_time() -> None:
    moved = edited(GARDENS, Move("field", "before", False))
    assert [one.name for one in moved.find("clearing").children] == ["basis", "before"]
    assert edited(moved, Move("field", "before", True)) == GARDENS
    assert edited(GARDENS, Move("field", "owner", True)) == GARDENS
    moved = edited(GARDENS, Move("condition", "lawful:1", False))
    assert [one.kind for one in moved.gates[0].conditions][:2] == ["notice", "expression"]
    moved = edited(GARDENS, Move("rate", "2", True))
    assert [one.amount for one in moved.rates] == [GARDENS.rates[1].amount, GARDENS.rates[0].amount]


def test_a_field_moves_into_a_group_and_out() -> None:
    owner = GARDENS.find("owner")
    inside = edited(GARDENS, Put("field", owner, "owner", "clearing"))
    assert [one.name for one in inside.find("clearing").children] == ["before", "basis", "owner"]
    outside = edited(inside, Put("field", owner, "owner", ""))
    assert outside.fields[-1].name == "owner"


# -- faults ----------------------------------------------------------------------------------------------


def test_faults_lead_to_their_place() -> None:
    def broken(one: Field) -> Field:
        children = tuple(broken(child) for child in one.children)
        return replace(one, constraint=". >" if one.name == "size" else one.constraint, children=children)

    steps = (replace(GARDENS.steps[0], who=(), gate="lawful"), *GARDENS.steps[1:])
    conditions = (
        replace(GARDENS.gates[0].conditions[0], expression="${nobody} = 1"),
        *GARDENS.gates[0].conditions[1:],
    )
    bad = replace(
        GARDENS,
        fields=tuple(map(broken, GARDENS.fields)),
        steps=steps,
        gates=(replace(GARDENS.gates[0], conditions=conditions),),
        figures=(replace(GARDENS.figures[0], where="("), *GARDENS.figures[1:]),
    )
    found = {(one.kind, one.key, one.box) for one in faults_of(bad)}
    assert found == {
        ("field", "size", "constraint"),
        ("step", "survey", "who"),
        ("condition", "lawful:1", "expression"),
        ("figure", "sites", "where"),
    }
    with pytest.raises(Faulty):
        settled(bad)


def test_what_no_workbook_could_hold_is_a_fault_too() -> None:
    empty = Definition("路灯")
    assert [(one.kind, one.key) for one in faults_of(empty)] == [("field", ""), ("step", "")]
    gate = replace(GARDENS.gates[0], conditions=())
    found = [(one.kind, one.key) for one in faults_of(replace(GARDENS, gates=(gate,)))]
    assert ("gate", "lawful") in found
    choices = tuple(replace(one, choices=()) for one in GARDENS.choices)
    found = [(one.kind, one.key, one.box) for one in faults_of(replace(GARDENS, choices=choices))]
    assert found[0] == ("field", "reason", "choices")
    group = Field("nothing", "group", Words("空"))
    found = [(one.kind, one.key) for one in faults_of(replace(GARDENS, fields=(*GARDENS.fields, group)))]
    assert found == [("field", "nothing")]


# -- what people type ------------------------------------------------------------------------------------


def test_choices_one_a_line() -> None:
    before = GARDENS.list_of("reason")
    assert as_lines(before) == "refused = 拒绝清理 | Refused\nunable = 无力自行清理 | Unable"
    assert from_lines(as_lines(before), before) == before
    found = from_lines("拒绝清理 | Refused\nx = 其他\nOther place\n其他\n", before)
    assert found == (
        Choice("refused", Words("拒绝清理", "Refused"), (("colour", "red"),)),
        Choice("x", Words("其他")),
        Choice("other_place", Words("", "Other place")),
        Choice("其他", Words("其他")),
    )


@pytest.mark.parametrize(
    ("field", "how", "value", "written"),
    [
        ("reason", "is", "拒绝清理", "${reason} = 'refused'"),
        ("reason", "is_not", "unable", "${reason} != 'unable'"),
        ("owner", "is", "O'Brien", '${owner} = "O\'Brien"'),
        ("owner", "filled", "", "${owner} != ''"),
        ("owner", "empty", "", "${owner} = ''"),
        ("size", "least", "20", "${size} >= 20"),
        ("size", "is", "2.5", "${size} = 2.5"),
        ("cleared", "before", "2026-01-31", "${cleared} <= date('2026-01-31')"),
    ],
)
def test_simple_conditions_are_written(field: str, how: str, value: str, written: str) -> None:
    form = BuilderForm(GARDENS, {"b-field": field, "b-how": how, "b-value": value}, prefix="b", own=False)
    assert form.is_valid(), form.errors
    assert built(GARDENS, own=False, **form.cleaned_data) == written


@pytest.mark.parametrize(
    ("how", "value", "written"),
    [
        ("most", "20", ". <= 20"),
        ("past", "", ". <= today()"),
        ("future", "", ". >= today()"),
        ("short", "50", "string-length(.) <= 50"),
    ],
)
def test_conditions_of_the_answer_itself_are_written(how: str, value: str, written: str) -> None:
    form = BuilderForm(GARDENS, {"b-how": how, "b-value": value}, prefix="b", own=True)
    assert form.is_valid(), form.errors
    assert built(GARDENS, own=True, **form.cleaned_data) == written
    one = edited(GARDENS, Put("field", replace(GARDENS.find("cleared"), constraint=written), "cleared"))
    assert faults_of(one) == ()


@pytest.mark.parametrize(
    ("how", "value"), [("least", "viel"), ("after", "1.2.2026"), ("is", ""), ("is", "'\"")]
)
def test_a_condition_that_says_nothing_is_not_written(how: str, value: str) -> None:
    form = BuilderForm(GARDENS, {"b-field": "owner", "b-how": how, "b-value": value}, prefix="b", own=False)
    assert not form.is_valid()
