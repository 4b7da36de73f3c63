"""What cases from before the ladder, the counted suspensions and the public reasons become in an upgrade."""

from importlib import import_module

import pytest
from django.db import connection

from bihuan.cases import actions
from bihuan.cases.models import Case
from bihuan.core.clock import now, travel

UPGRADE = import_module("bihuan.cases.migrations.0015_older_cases")


def upgrade(case):
    with connection.cursor() as cursor:
        for statement in (UPGRADE.SUSPENSIONS, UPGRADE.REASONS, UPGRADE.CLIMBING, UPGRADE.LADDER):
            cursor.execute(statement)
    case.refresh_from_db()
    return case


def made_older(case, **columns):
    Case.objects.filter(pk=case.pk).update(**columns)
    return case


def test_a_suspended_case_keeps_its_reason_and_counts_as_suspended_once(make_case):
    case = make_case(at="suspended")
    reason = case.waits_because
    assert reason
    case = upgrade(made_older(case, suspensions=0, waits_because=""))
    assert (case.suspensions, case.waits_because) == (1, reason)


@pytest.mark.usefixtures("at_nine")
def test_what_was_overdue_goes_on_up_the_ladder(make_case):
    case = make_case(at="handling")
    while case.step < 2:
        with travel(case.step_at):
            actions.take_due_steps()
        case.refresh_from_db()
    reckoned = case.step_at
    case = upgrade(made_older(case, step_at=None, supervision=""))
    assert case.supervision == "ordinary"
    assert case.due_at < case.step_at and abs((case.step_at - reckoned).days) <= 3
    with travel(case.step_at):
        actions.take_due_steps()
    case.refresh_from_db()
    assert (case.supervision, case.step) == ("yellow", 3)


def test_what_waits_at_a_desk_climbs_from_now_on(make_case):
    case = upgrade(made_older(make_case(), climb_at=None))
    assert case.climb_at > now()


def test_what_is_as_it_should_be_stays(make_case):
    case = make_case(at="suspended")
    before = Case.objects.values().get(pk=case.pk)
    upgrade(case)
    assert Case.objects.values().get(pk=case.pk) == before
