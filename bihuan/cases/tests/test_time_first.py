"""Time comes first: however late a worker is, what was due has happened before a verb takes effect."""

from datetime import timedelta

import pytest

from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions
from bihuan.cases.models import Assistance, Call
from bihuan.cases.tests.verbs_joint import assisted, whistled
from bihuan.core.clock import now, travel

pytestmark = pytest.mark.usefixtures("at_nine")


def verbs(case):
    return [entry.verb.removeprefix("case.") for entry in entries_about(case)]


def test_what_is_merged_late_is_late_all_the_same(make_case, cast):
    into, case = make_case(), make_case()
    with travel(case.due_at + timedelta(minutes=1)):
        case = actions.merge_case(case, by=cast.clerk, into=into)
    assert verbs(case)[-3:] == ["reminded", "became_overdue", "merged"]
    assert case.supervision_notices.count() == 1
    assert list(faults()) == []


def test_a_verification_that_has_lapsed_can_be_merged(make_case, cast):
    into, case = make_case(), make_case(at="verifying")
    with travel(case.due_at):
        case = actions.merge_case(case, by=cast.clerk, into=into)
    assert (case.state, verbs(case)[-2:]) == ("merged", ["verification_lapsed", "merged"])


def test_a_unit_works_on_its_part_on_the_day_the_pause_is_over(make_case, cast):
    case = assisted(make_case(at="handling"), cast)
    case = make_case.suspend(case, cast.pipes)
    with travel(now() + timedelta(days=5)):
        part = actions.acknowledge_assistance(case.assistances.get(), by=cast.stranger)
    assert verbs(case)[-2:] == ["resumed", "assistance_acknowledged"]
    case.refresh_from_db()
    assert (case.state, part.state) == ("handling", "in_hand")
    woken = case.running_since
    assert Assistance.objects.get(pk=part.pk).running_since == woken


def test_a_departments_answer_comes_after_what_was_due(make_case, cast):
    case = whistled(make_case(at="filed"), cast)
    with travel(case.due_at + timedelta(minutes=1)):
        actions.answer_whistle(Call.objects.get(unit=cast.works), by=cast.stranger, comes=True)
    assert verbs(case)[-2:] == ["became_overdue", "whistle_answered"]
