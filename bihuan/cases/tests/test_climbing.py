"""Desks that leave a case waiting lose it to the next one up; a verification that nobody makes lapses."""

from datetime import timedelta

import pytest

from bihuan.accounts.tests.factories import make_person
from bihuan.audit.queries import entries_about
from bihuan.cases import actions, clocks, queries
from bihuan.cases.models import Case
from bihuan.cases.tests.conftest import moment
from bihuan.cases.tests.test_clock import DAY, SECOND, sweep_at, verbs
from bihuan.core.clock import now, travel
from bihuan.territory.models import Area

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def desks(cast):
    """Every level has a desk with its people: the community, the street, the district."""
    Area.objects.filter(pk=cast.places.community.pk).update(has_desk=True)
    from bihuan.territory.queries import forget_index

    forget_index()
    for kind in ("clerk", "dispatcher"):
        make_person(username=f"community_{kind}", duties=[(kind, cast.places.community)])
    cast.district_clerk = make_person(username="district_clerk", duties=[("clerk", cast.places.district)])
    return cast


def climbs(case):
    return [
        (entry.data["from_desk_name"], entry.data["desk_name"], entry.data["moment"])
        for entry in entries_about(case).filter(verb="case.climbed")
    ]


def working(days):
    """So many office days after nine o'clock today."""
    from bihuan.territory.queries import working_calendar

    return working_calendar().add(now(), days * DAY)


# -- climbing -------------------------------------------------------------------------------------------


def test_a_report_left_waiting_climbs_from_desk_to_desk(desks, make_case, told):
    case = make_case()
    assert (case.desk, case.climb_at) == (desks.places.community, working(2))
    assert sweep_at(working(2) - SECOND, case)[1].desk == desks.places.community
    clock = {name: getattr(case, name) for name in ("stage_started_at", "stage_limit", "due_at")}

    _taken, case = sweep_at(working(2), case)

    assert (case.desk, case.state, case.climb_at) == (desks.places.street, "reported", working(7))
    assert {name: getattr(case, name) for name in clock} == clock, "the clock runs on as it was"
    _taken, case = sweep_at(working(7), case)
    assert (case.desk, case.climb_at) == (desks.places.district, None)
    assert [step[:2] for step in climbs(case)] == [("庆丰", "人和街"), ("人和街", "川汇区")]
    climbed = {person for person, kind in told(case) if kind == "case.climbed"}
    assert climbed == {"community_clerk", "clerk", "district_clerk"}
    assert sweep_at(working(100), case)[1].desk == desks.places.district


def test_however_late_the_worker_comes_each_desk_is_left_at_its_moment(desks, make_case):
    case = make_case()
    _taken, case = sweep_at(working(30), case)
    assert [step[2] for step in climbs(case)] == [working(2).isoformat(), working(7).isoformat()]
    moments = [entry.data["moment"] for entry in entries_about(case) if "moment" in entry.data]
    assert moments == sorted(moments), "what happened is told in its order"


def test_the_days_count_from_when_it_came_to_the_desk_whatever_the_desk_does(desks, make_case):
    case = make_case()
    with travel(now() + timedelta(hours=1)):
        case = actions.send_to_verify(case, by=desks.clerk)
        case = actions.verify_case(case, by=desks.grid_worker, finding="exists")
        case = actions.file_case(case, by=desks.clerk, matter=desks.plots)
    assert (case.state, case.desk, case.climb_at) == ("filed", desks.places.community, working(2))


def test_with_a_unit_nothing_climbs_and_a_return_begins_anew(desks, make_case):
    case = make_case(at="assigned", matter=desks.plots)
    assert case.climb_at is None
    with travel(now() + timedelta(hours=2)):
        case = actions.return_case(case, by=desks.handler, right_unit=desks.works, reason="不归我们")
        assert case.climb_at == working(2)


def test_what_the_upper_desk_assigned_is_its_own_desks_again(desks, make_case):
    """The upper desk decides what was left undecided; inspecting stays with the desk of the place."""
    case = make_case(at="filed", matter=desks.plots)
    _taken, case = sweep_at(working(2), case)
    assert case.desk == desks.places.street
    with travel(working(2) + timedelta(hours=1)):
        case = actions.assign_case(case, by=desks.dispatcher, unit=desks.bureau)
    assert (case.desk, case.climb_at) == (desks.places.community, None)


def test_what_the_district_decides_stays_with_the_district(desks, make_case):
    case = make_case(at="assigned", matter=desks.plots)
    case = actions.return_case(case, by=desks.handler, right_unit=desks.works, reason="不归我们")
    case = actions.assign_case(case, by=desks.dispatcher, unit=desks.works)
    case = actions.return_case(case, by=desks.stranger, right_unit=desks.bureau, reason="不归我们")
    assert (case.desk, case.climb_at) == (desks.places.district, None)
    case = actions.assign_case(case, by=desks.district_dispatcher, unit=desks.bureau, note="由城管局承办")
    assert case.desk == desks.places.district


def test_a_desk_without_anybody_is_passed_over(cast, make_case):
    """Nobody takes reports in at the district: the street keeps the case, and its supervisors hear of it."""
    case = make_case()
    assert case.climb_at == working(5)
    _taken, case = sweep_at(working(5), case)
    assert (case.desk, case.climb_at, climbs(case)) == (cast.places.street, None, [])


def test_it_climbs_to_a_desk_where_only_a_stand_in_is(cast, make_case, stand_in_for):
    clerk = make_person(username="district_clerk", duties=[("clerk", cast.places.district)])
    case = make_case()
    with travel(working(5)):
        stand_in = stand_in_for(clerk)
        actions.take_due_steps()
        case = Case.objects.get(pk=case.pk)
        assert case.desk == cast.places.district
        assert [group.verb for group in queries.desk_of_user(stand_in)] == ["file"]


def test_a_failure_half_way_leaves_it_at_its_desk(desks, make_case, breaking_record, unchanged):
    make_case()
    broken = breaking_record("bihuan.cases.actions.ticking")
    with travel(working(2)), unchanged(), pytest.raises(broken):
        actions.take_due_steps()


# -- verification ---------------------------------------------------------------------------------------


def test_a_verification_nobody_makes_goes_back_by_itself(cast, make_case, told):
    case = make_case(at="verifying")
    due = case.due_at
    assert due == working(1)
    _taken, case = sweep_at(due, case)
    assert verbs(case)[-3:] == ["reminded", "became_overdue", "verification_lapsed"]
    assert (case.state, case.stage_started_at, case.supervision) == ("reported", due, "ordinary")
    assert clocks.left(case, due) == DAY
    lapsed = {person for person, kind in told(case) if kind == "case.verification_lapsed"}
    assert lapsed == {"clerk", "grid_worker"}
    assert case.supervision_notices.get().addressee == cast.places.street


def test_a_stuck_verification_lapses_at_its_moment_and_once(cast, make_case):
    case = make_case(at="verifying")
    due = case.due_at
    _taken, case = sweep_at(moment("2025-09-30 12:00"), case)
    assert verbs(case).count("verification_lapsed") == 1
    assert case.stage_started_at == due
    assert verbs(case).count("became_overdue") == 2, (
        "once of the verification, once of the acceptance after it"
    )


def test_the_clerk_need_not_wait_for_it(cast, make_case, told):
    case = make_case(at="verifying")
    case = actions.take_back_verification(case, by=cast.clerk, note="电话已问清")
    assert (case.state, clocks.left(case, now())) == ("reported", DAY)
    assert ("grid_worker", "case.verification_taken_back") in told(case)


def test_a_grid_worker_who_comes_too_late_is_told_so(cast, make_case, refused):
    case = make_case(at="verifying")
    with travel(case.due_at), refused("case.wrong_state"):
        actions.verify_case(case, by=cast.grid_worker, finding="exists")
