"""The reckoning: what fields tell is there, four eyes check it, signing locks it, corrections are lines."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bihuan.audit.models import Entry
from bihuan.audit.queries import faults
from bihuan.core.verdicts import Refusal
from bihuan.ledgers import actions, rules
from bihuan.ledgers.actions.money import to_fen
from bihuan.ledgers.definition import Rate, Words
from bihuan.ledgers.models import Item, MoneyLine, RateTable, Reckoning
from bihuan.ledgers.queries.money import latest_table, money_of, rates_in_force
from bihuan.ledgers.tests.factories import plots, step_changed

pytestmark = pytest.mark.usefixtures("at_nine")
RATES = (
    Rate("soil", Words("换土", "Soil"), "平方米", Decimal("12.335"), date(2025, 1, 1), quantity="size"),
    Rate("soil", Words("换土", "Soil"), "平方米", Decimal("99"), date(2099, 1, 1), quantity="size"),
    Rate("plot", Words("地块", "Plot"), "处", Decimal("100"), date(2025, 1, 1), quantity="plots"),
    Rate("move", Words("搬家", "Moving"), "户", Decimal("800"), date(2025, 1, 1)),
)
PAID = plots(rates=RATES)
SIGNED = step_changed(PAID, "survey", locks_money=True)


@pytest.fixture
def make_paid(make_item: Any, force: Any) -> Callable[..., Item]:
    """`make_paid("checked")`: an item whose reckoning has come that far, written by the member."""

    def make(at: str = "", *, definition: Any = PAID, **fields: Any) -> Item:
        campaign = make_item.make_campaign(definition=definition)
        answers = {"owner": "王某", "plots": [{"size": "2.5"}, {"size": "1"}]}
        item = make_item(campaign=campaign, answers=answers, **fields)
        if at:
            actions.begin_reckoning(item, by=force.member)
        if at in ("checked", "locked"):
            actions.check_reckoning(item, by=force.team_leader)
        if at == "locked":
            actions.lock_reckoning(item, by=force.team_leader)
        return Item.objects.with_names().get(pk=item.pk)

    return make


def _lines(item: Item) -> list[tuple[str, Decimal, Decimal]]:
    return [
        (line.name, line.quantity, line.amount) for line in MoneyLine.objects.filter(reckoning__item=item)
    ]


def _first(item: Item) -> MoneyLine:
    return MoneyLine.objects.filter(reckoning__item=item).first() or MoneyLine(pk=0)


@dataclass(frozen=True)
class Press:
    at: str
    who: str
    do: Callable[[Item, Any], Any]
    wrong: tuple[str, str]  # a state in which it is refused, and the code


PRESSES = {
    "begin": Press("", "member", lambda i, by: actions.begin_reckoning(i, by=by), ("begun", "money.begun")),
    "add": Press(
        "begun", "member",
        lambda i, by: actions.add_line(i, by=by, rate="move", quantity=Decimal(1)),
        ("locked", "money.locked"),
    ),
    "subsidy": Press(
        "begun", "member",
        lambda i, by: actions.add_subsidy(i, by=by, name="奖励", amount=Decimal("0.005")),
        ("", "money.not_begun"),
    ),
    "remove": Press(
        "begun", "member", lambda i, by: actions.remove_line(i, by=by, line=_first(i)),
        ("locked", "money.locked"),
    ),
    "check": Press(
        "begun", "team_leader", lambda i, by: actions.check_reckoning(i, by=by), ("checked", "money.checked")
    ),
    "lock": Press(
        "checked", "team_leader", lambda i, by: actions.lock_reckoning(i, by=by),
        ("begun", "money.not_checked"),
    ),
    "correct": Press(
        "locked", "team_leader",
        lambda i, by: actions.correct_line(i, by=by, line=_first(i), quantity=Decimal(2), reason="量错了"),
        ("begun", "money.not_locked"),
    ),
    "late": Press(
        "locked", "team_leader",
        lambda i, by: actions.add_late_line(i, by=by, name="误工", amount=Decimal("-5"), reason="多算"),
        ("checked", "money.not_locked"),
    ),
}  # fmt: skip
VERB = {"subsidy": "add", "late": "correct"}
every_press = pytest.mark.parametrize("name", PRESSES)


def test_every_verb_of_money_is_proved():
    assert {VERB.get(name, name) for name in PRESSES} == set(rules.MONEY)


@every_press
def test_a_verb_of_money_works(make_paid, force, entry_of, name):
    item = make_paid(PRESSES[name].at)

    PRESSES[name].do(item, getattr(force, PRESSES[name].who))

    entry = entry_of(item)
    assert entry.verb == rules.MONEY[VERB.get(name, name)].event
    assert entry.by == getattr(force, PRESSES[name].who)
    found = Reckoning.objects.get(item=item)
    assert found.total == sum(line.amount for line in found.lines.all())
    assert list(faults()) == []


@every_press
def test_a_verb_of_money_is_refused_in_the_wrong_state(make_paid, force, unchanged_money, name):
    at, code = PRESSES[name].wrong
    item = make_paid(at)

    with unchanged_money(), pytest.raises(Refusal) as refusal:
        PRESSES[name].do(item, getattr(force, PRESSES[name].who))

    assert refusal.value.code == code


@every_press
def test_a_verb_of_money_is_refused_to_strangers(make_paid, cast, force, unchanged_money, name):
    item = make_paid(PRESSES[name].at)

    for person in (cast.stranger, force.other_member, cast.resident, cast.leader):
        with unchanged_money(), pytest.raises(Refusal) as refusal:
            PRESSES[name].do(item, person)
        assert refusal.value.code in ("item.not_yours", "item.not_on_task_force", "item.not_leader")


@every_press
def test_a_failure_half_way_reckons_nothing(make_paid, force, unchanged_money, breaking_record, name):
    item = make_paid(PRESSES[name].at)
    down = breaking_record("bihuan.ledgers.actions.money")

    with unchanged_money(), pytest.raises(down):
        PRESSES[name].do(item, getattr(force, PRESSES[name].who))


@pytest.fixture
def unchanged_money(unchanged: Any) -> Any:
    """`unchanged`, and no line, total or version moved."""
    from contextlib import contextmanager

    @contextmanager
    def watch() -> Any:
        before = [
            list(kept.objects.order_by("pk").values_list()) for kept in (RateTable, Reckoning, MoneyLine)
        ]
        with unchanged():
            yield
        after = [
            list(kept.objects.order_by("pk").values_list()) for kept in (RateTable, Reckoning, MoneyLine)
        ]
        assert before == after

    return watch


# -- what it comes to ----------------------------------------------------------------------------------


def test_what_fields_tell_is_there_at_once(make_paid):
    item = make_paid("begun")

    assert _lines(item) == [
        ("换土", Decimal("3.5"), Decimal("43.17")),  # 43.1725
        ("地块", Decimal(2), Decimal(200)),
    ]
    assert item.reckoning.total == Decimal("243.17")
    assert latest_table(item.campaign).basis.endswith("v1")


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [("0.005", "0.01"), ("0.0049", "0.00"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("1.0050", "1.01")],
)
def test_half_a_fen_goes_up(exact, rounded):
    assert to_fen(Decimal(exact)) == Decimal(rounded)


def test_of_two_days_the_later_one_in_force_counts(make_paid):
    item = make_paid("begun")
    table = RateTable.objects.get(campaign=item.campaign)

    assert {r["code"]: r["amount"] for r in rates_in_force(table, date(2025, 9, 1))}["soil"] == "12.335"
    assert {r["code"]: r["amount"] for r in rates_in_force(table, date(2099, 9, 1))}["soil"] == "99"
    assert rates_in_force(table, date(2024, 1, 1)) == []


@pytest.mark.parametrize(
    ("do", "code"),
    [
        (lambda i, by: actions.add_line(i, by=by, rate="x", quantity=Decimal(1)), "money.no_such_rate"),
        (lambda i, by: actions.add_line(i, by=by, rate="move", quantity=Decimal(0)), "money.nothing"),
        (lambda i, by: actions.add_line(i, by=by, rate="move", quantity=Decimal(-1)), "money.negative"),
        (
            lambda i, by: actions.add_line(i, by=by, rate="move", quantity=Decimal("NaN")),
            "money.not_a_number",
        ),
        (
            lambda i, by: actions.add_line(i, by=by, rate="move", quantity=Decimal("1e12")),
            "money.not_a_number",
        ),
        (lambda i, by: actions.add_subsidy(i, by=by, name=" ", amount=Decimal(1)), "money.name_missing"),
    ],
)
def test_amounts_that_cannot_be_are_refused(make_paid, force, do, code):
    item = make_paid("begun")

    with pytest.raises(Refusal) as refusal:
        do(item, force.member)

    assert refusal.value.code == code


def test_a_new_version_leaves_what_is_begun_alone(make_paid, make_item, cast, force):
    item = make_paid("begun")
    dearer = [replace(RATES[0], amount=Decimal(20))]

    table = actions.set_rates(item.campaign, by=cast.clerk, basis="街道 2025 年第 3 号文件", rates=dearer)
    other = make_item(campaign=item.campaign, answers={"owner": "李某", "plots": [{"size": "1"}]})
    actions.begin_reckoning(other, by=force.member)

    assert table.number == 2
    assert item.reckoning.table.number == 1
    assert _lines(other) == [("换土", Decimal(1), Decimal(20))]


def test_without_rates_nothing_is_reckoned(make_item, force):
    item = make_item(campaign=make_item.make_campaign(definition=plots(rates=())))

    with pytest.raises(Refusal) as refusal:
        actions.begin_reckoning(item, by=force.member)

    assert refusal.value.code == "money.no_rates"


# -- four eyes, signing, corrections -------------------------------------------------------------------


def test_nobody_checks_their_own_lines(make_paid, force, stand_in_for):
    item = make_paid("begun")
    actions.add_line(item, by=force.team_leader, rate="move", quantity=Decimal(1))

    for person in (force.member, force.team_leader, stand_in_for(force.member)):
        assert rules.may_reckon("check", item, person).code == "money.somebody_else"


def test_who_stands_in_is_an_author_as_well_as_the_absent_person(make_paid, force, stand_in_for):
    item = make_paid()
    stand_in = stand_in_for(force.member)
    actions.begin_reckoning(item, by=stand_in)

    assert MoneyLine.objects.filter(by=stand_in, by_for=force.member).count() == 2
    assert rules.may_reckon("check", item, force.member).code == "money.somebody_else"


def test_a_change_after_the_check_asks_for_another(make_paid, force, told):
    item = make_paid("checked")

    actions.add_line(item, by=force.member, rate="move", quantity=Decimal(1))

    assert not Reckoning.objects.get(item=item).is_checked
    assert ("team_leader", "item.reckoning_reopened") in told(item)


def test_a_quantity_that_changes_after_the_check_asks_for_another(make_paid, cast, force, told):
    item = make_paid("checked")
    actions.fill_item(item, by=force.member, answers={"owner": "李某"})
    assert Reckoning.objects.get(item=item).is_checked, "that is none of its quantities"

    actions.correct_item(item, by=cast.clerk, answers={"plots": [{"size": "9"}]}, reason="量错")

    assert not Reckoning.objects.get(item=item).is_checked
    assert ("team_leader", "item.reckoning_reopened") in told(item)


def test_nobody_changes_a_quantity_while_signing(make_paid, make_item, force, refused, unchanged):
    item = make_paid("checked", definition=SIGNED)
    make_item.open_gate(item)
    item = Item.objects.with_names().get(pk=item.pk)
    with unchanged(), refused("money.outdated"):
        actions.take_step(item, by=force.member, answers={"plots": [{"size": "9"}]})
    actions.take_step(item, by=force.member, answers={"plots": item.answers["plots"]})
    assert Reckoning.objects.get(item=item).is_locked


def test_the_step_that_signs_waits_for_the_check_and_locks(make_paid, make_item, force):
    item = make_paid("begun", definition=SIGNED)
    make_item.open_gate(item)
    item = Item.objects.with_names().get(pk=item.pk)
    assert rules.may("take_step", item, force.member).code == "money.not_checked"

    actions.check_reckoning(item, by=force.team_leader)
    assert rules.may_reckon("lock", item, force.team_leader).code == "money.locked_by_step"
    actions.take_step(item, by=force.member)

    found = Reckoning.objects.get(item=item)
    assert (found.is_locked, found.locked_by) == (True, force.member)


def test_a_correction_is_the_difference_and_keeps_what_was_signed(make_paid, force):
    item = make_paid("locked")
    line = _first(item)

    actions.correct_line(item, by=force.team_leader, line=line, quantity=Decimal("3"), reason="复量")
    actions.correct_line(item, by=force.team_leader, line=line, quantity=Decimal("4"), reason="再量")

    money = money_of(force.team_leader, item)
    assert [(one.quantity, one.reason) for one in money.corrections] == [
        (Decimal("-0.5"), "复量"), (Decimal("1"), "再量"),
    ]  # fmt: skip
    assert money.before_corrections == Decimal("243.17")
    assert money.reckoning.total == Decimal("243.17") + Decimal("-6.17") + Decimal("12.34")
    with pytest.raises(Refusal) as refusal:
        actions.correct_line(item, by=force.team_leader, line=line, quantity=Decimal("4"), reason="又量")
    assert refusal.value.code == "money.nothing_wrong"


def test_who_wrote_the_lines_corrects_nothing(make_paid, cast, force):
    item = make_paid()
    actions.begin_reckoning(item, by=cast.clerk)
    actions.check_reckoning(item, by=force.member)
    actions.lock_reckoning(item, by=force.team_leader)

    assert rules.may_reckon("correct", item, cast.clerk).code == "money.somebody_else"
    with pytest.raises(Refusal) as refusal:
        actions.add_late_line(item, by=force.team_leader, name="误工", amount=Decimal(5), reason=" ")
    assert refusal.value.code == "item.reason_missing"


def test_the_record_holds_no_words_and_no_amounts(make_paid, force):
    item = make_paid("locked")
    actions.add_late_line(item, by=force.team_leader, name="误工补助", amount=Decimal("77.31"), reason="漏算")

    recorded = list(Entry.objects.about(item).values_list("data", flat=True))
    assert not any(word in str(recorded) for word in ("误工", "漏算", "77.31", "王某", "243.17"))
    of_the_item = {"number", "due", "step", "state", "team", "responsible", "campaign"}
    assert {key for data in recorded for key in data} <= of_the_item | {"table", "lines", "line"}


def test_people_are_told(make_paid, force, told):
    item = make_paid("checked")
    assert ("member", "item.reckoning_checked") in told(item)

    actions.lock_reckoning(item, by=force.team_leader)
    actions.add_late_line(item, by=force.team_leader, name="误工", amount=Decimal(5), reason="漏算")

    assert ("member", "item.reckoning_corrected") in told(item)
