"""Of a confidential campaign nobody is listed for what they have not done, and no small number leaves."""

from dataclasses import replace
from datetime import time
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.core.clock import travel
from bihuan.ledgers import actions as ledgers
from bihuan.ledgers.definition import Document, Figure, Words
from bihuan.ledgers.tests.conftest import moment
from bihuan.ledgers.tests.factories import plots, step_changed
from bihuan.reports import rules
from bihuan.reports.documents import Fewer
from bihuan.reports.models import Told
from bihuan.reports.tests.conftest import again, rows, said, value
from bihuan.reports.writing.outside import tellable

pytestmark = pytest.mark.usefixtures("at_nine")
ANYBODY = ("team", "role:清理队")
QUIET = step_changed(
    plots(confidential=True), "survey", who=ANYBODY, evidence=(), limit="1d", calendar="natural"
)
QUIET = replace(
    step_changed(QUIET, "clear", gate="", relevant=""),
    documents=(),
    figures=(
        Figure("all", Words("总户数", "All")),
        Figure("surveyed", Words("已勘测", "Surveyed"), of="step:survey"),
        Figure("money", Words("金额", "Amount"), kind="sum", of="field:size"),
    ),
)


@pytest.fixture
def campaign(make_campaign):
    return make_campaign(definition=QUIET, summary_at=time(18, 30))


def test_inside_there_are_numbers_of_items_and_no_list_of_who_has_not(campaign, make_item, evening, force):
    done, blocked = make_item(campaign=campaign), make_item(campaign=campaign)
    make_item(campaign=campaign)
    ledgers.take_step(done, by=force.member, answers={})
    ledgers.block_item(blocked, by=force.member, why="不同意")
    (_first, _second, third) = evening("2025-09-12 18:30")
    for code in ("blocked", "overdue"):
        assert all(one["number"] is None and one["responsible"] is None for one in rows(third, code))
    assert [(str(one["title"].zh), one["step"].zh) for one in rows(third, "overdue")] == [("2件", "摸底排查")]
    text = str(third.content)
    assert "不同意" not in text and blocked.title not in text
    assert {one["title"] for one in rows(_first, "changes")} == {None}


def test_outside_there_are_only_counts_and_none_of_a_few(campaign, make_item, evening, force):
    items = [make_item(campaign=campaign) for _time in range(25)]
    (first,) = evening("2025-09-10 18:30")
    with travel(moment("2025-09-11 10:00")):
        for item in items[:4]:
            ledgers.take_step(again(item), by=force.member, answers={})
    (second,) = evening("2025-09-11 18:30")
    with travel(moment("2025-09-12 10:00")):
        for item in items[4:12]:
            ledgers.take_step(again(item), by=force.member, answers={})
    (third,) = evening("2025-09-12 18:30")
    with travel(moment("2025-09-13 10:00")):
        ledgers.take_step(again(items[12]), by=force.member, answers={})
    (fourth,) = evening("2025-09-13 18:30")
    told = [value(one, "surveyed", outside=True) for one in (first, second, third, fourth)]
    assert told == [(0, None), (Fewer(10), None), (12, None), (12, None)]
    assert str(value(fourth, "surveyed", outside=True)[0]) == "12", "and not 12.0000"
    assert value(fourth, "surveyed") == (13, 1), "the task force reads what is"
    outside = said(fourth, outside=True).parts[0]
    assert outside.tables == () and outside.texts == ()
    assert value(first, "money", outside=True) is None, "a sum does not say how many stand behind it"
    assert {one.figure: one.amount for one in Told.objects.all()} == {"all": 25, "surveyed": 12}


def test_a_document_that_names_one_figure_does_not_tell_that_a_few_are_left(
    make_campaign, make_item, evening, force
):
    document = Document("day", Words("日报", "Day"), "daily", "18:30", figures=("surveyed",))
    campaign = make_campaign(definition=replace(QUIET, documents=(document,)), summary_at=time(18, 30))
    items = [make_item(campaign=campaign) for _time in range(15)]
    for item in items[:13]:
        ledgers.take_step(item, by=force.member, answers={})
    (report,) = evening("2025-09-10 18:30")
    assert value(report, "surveyed") == (13, 13)
    assert value(report, "surveyed", outside=True) == (None, None), "two of fifteen are left"
    assert said(report, outside=True).parts[0].figures[0].target is None


def test_who_reads_what(campaign, make_campaign, cast, force):
    assert rules.version_for(cast.clerk, campaign) == rules.WHOLE
    assert rules.version_for(force.lawyer, campaign) == rules.WHOLE
    assert rules.version_for(force.member, campaign) == rules.FIGURES, "of another team they see nothing"
    assert rules.version_for(cast.dispatcher, campaign) == rules.FIGURES
    own = make_campaign(visibility="task_force")
    assert rules.version_for(force.member, own) == rules.WHOLE
    assert rules.version_for(cast.dispatcher, own) == ""
    assert rules.version_for(cast.dispatcher, make_campaign()) == rules.WHOLE


@given(
    values=st.lists(st.integers(0, 60), min_size=1, max_size=30),
    whole=st.integers(0, 60),
    least=st.integers(2, 15),
)
def test_no_two_numbers_that_were_told_differ_by_a_few(values, whole, least):
    last, told = None, []
    for amount in values:
        found = tellable(Decimal(min(amount, whole)), last, Decimal(whole), least)
        if isinstance(found, Decimal):
            told.append(found)
            last = found
    for one in told:
        assert one == 0 or one >= least
        assert one == whole or whole - one >= least
    for one, other in pairwise(told):
        assert one == other or abs(one - other) >= least or 0 in (one, other)
