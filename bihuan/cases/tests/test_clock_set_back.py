"""The clock is set back, by a day even: work goes on, the record holds, no time is given or taken."""

from datetime import timedelta

import pytest

from bihuan.audit.actions import seal_days
from bihuan.audit.models import Entry
from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions, clocks, queries
from bihuan.cases.models import Case
from bihuan.core.clock import now, travel

pytestmark = pytest.mark.usefixtures("at_nine")
DAY = timedelta(days=1)


def test_the_loop_goes_on_and_the_record_stays_whole(make_case, cast):
    case = make_case(at="assigned")
    with travel(now() + 2 * DAY):
        assert len(seal_days()) >= 1
        case = actions.acknowledge_case(case, by=cast.handler)
        due = case.due_at

    case = actions.resolve_case(case, by=cast.handler, note="已修复")  # two days before it was acknowledged

    assert (case.state, case.handling_used) == ("resolved", 0)
    assert due is not None and case.due_at is not None
    case = actions.inspect_case(case, by=cast.inspector, reply="已修复。")
    case = actions.close_case(case, by=cast.inspector)
    told = [entry.verb for entry in entries_about(case)]
    assert told[-4:] == ["case.acknowledged", "case.resolved", "case.inspected", "case.closed"]
    assert queries.timeline(case, public=False)[-1].verb == "case.closed"
    with travel(now() + 9 * DAY):
        seal_days()
        assert list(faults()) == []
    sealed_before = Entry.objects.filter(verb="case.closed", subject_id=case.pk).get()
    assert sealed_before.day > sealed_before.at.date(), (
        "the day it fell back into is sealed: it joins the next"
    )


def test_a_limit_neither_grows_nor_shrinks(make_case):
    case = make_case(at="handling")
    limit, due, step = case.stage_limit, case.due_at, case.step_at
    with travel(now() - DAY):
        assert clocks.used(case, now()) == 0
        assert actions.take_due_steps() == 0
        face = queries.clock_face(case)
        assert (face.level, face.share) == ("ok", 0)
    stored = Case.objects.get(pk=case.pk)
    assert (stored.stage_limit, stored.due_at, stored.step_at) == (limit, due, step)


def test_a_step_taken_is_not_taken_again(make_case):
    case = make_case(at="handling")
    with travel(case.due_at + timedelta(minutes=1)):
        assert actions.take_due_steps() >= 2
    taken = Case.objects.get(pk=case.pk).step
    with travel(now() - DAY):
        assert actions.take_due_steps() == 0
    with travel(case.due_at + timedelta(minutes=2)):
        actions.take_due_steps()
    assert Case.objects.get(pk=case.pk).step == taken
    verbs = [entry.verb for entry in entries_about(case)]
    assert (verbs.count("case.reminded"), verbs.count("case.became_overdue")) == (1, 1)
