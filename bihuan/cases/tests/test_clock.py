"""The clocks of a case: limits, promises, pauses, reminders and flags at exactly their moments."""

from datetime import date, timedelta

import pytest

from bihuan.audit.queries import entries_about
from bihuan.cases import actions, clocks, limits
from bihuan.cases.models import Case, Matter
from bihuan.cases.tests.conftest import moment
from bihuan.core.clock import now, travel

pytestmark = pytest.mark.usefixtures("at_nine")
MINUTE, HOUR = 60, 3_600
DAY = 7 * HOUR  # an office day: 8:30 to 12:00 and 14:30 to 18:00
SECOND = timedelta(seconds=1)


def verbs(case):
    return [entry.verb.removeprefix("case.") for entry in entries_about(case)]


def sweep_at(at, case):
    """Let the worker look at that moment; returns the steps taken and the case as it then is."""
    with travel(at):
        taken = actions.take_due_steps()
    return taken, Case.objects.get(pk=case.pk)


@pytest.fixture
def handled(make_case, cast):
    """`handled(cast.plots)`: a case in hand under that matter."""
    return lambda matter: make_case(at="handling", matter=matter)


# -- limits ---------------------------------------------------------------------------------------------

TABLE = {
    "critical": ("natural", HOUR, 15 * MINUTE, 24 * HOUR),
    "urgent": ("natural", 2 * HOUR, HOUR, 24 * HOUR),
    "ordinary": ("working", DAY, 4 * HOUR, 7 * DAY),
    "difficult": ("working", DAY, DAY, 15 * DAY),
}


@pytest.mark.parametrize("urgency", TABLE)
def test_each_urgency_has_its_three_limits(make_case, cast, urgency):
    kind, assign, acknowledge, resolve = TABLE[urgency]
    matter = Matter.objects.create(code="09", name="其他", urgency=urgency)
    case = make_case(at="filed", matter=matter)
    assert (case.clock, case.stage_limit) == (kind, assign)
    case = make_case.assign(case, matter)
    assert (case.clock, case.stage_limit) == (kind, acknowledge)
    case = make_case.acknowledge(case, matter)
    assert (case.clock, case.stage_limit) == (kind, resolve)
    assert case.promise["on_site"] == (2 * HOUR if urgency == "critical" else 0)
    assert case.promised_at == limits.clock_of(kind).add(now(), assign + acknowledge + resolve)


def test_a_matter_has_limits_of_its_own(make_case):
    own = {"assign_limit": "30m", "acknowledge_limit": "2h", "resolve_limit": "3d"}
    matter = Matter.objects.create(code="09", name="其他", urgency="ordinary", **own)
    case = make_case(at="filed", matter=matter)
    assert (case.stage_limit, case.promise["acknowledge"], case.promise["resolve"]) == (
        30 * MINUTE, 2 * HOUR, 3 * DAY
    )  # fmt: skip


def test_another_urgency_goes_by_its_own_limits(make_case, clerk):
    matter = Matter.objects.create(code="09", name="其他", urgency="ordinary", resolve_limit="3d")
    case = actions.file_case(make_case(), by=clerk, matter=matter, urgency="urgent")
    assert (case.promise["clock"], case.promise["resolve"]) == ("natural", 24 * HOUR)


def test_what_was_promised_stays_whatever_becomes_of_the_catalogue(make_case, cast):
    case = make_case(at="filed", matter=cast.plots)
    promised = (case.promise, case.promised_at, case.due_at)
    Matter.objects.filter(pk=cast.plots.pk).update(
        name="别的", urgency="critical", acknowledge_limit="1m", resolve_limit="1m", needs_after_photo=False
    )
    case = make_case.acknowledge(make_case.assign(case, cast.plots), cast.plots)
    case.refresh_from_db()
    assert (case.promise, case.promised_at) == promised[:2]
    assert (case.stage_limit, case.promise["needs_after_photo"]) == (7 * DAY, True)


@pytest.mark.parametrize(
    ("state", "days"),
    [("reported", 1), ("verifying", 1), ("self_handled", 2), ("resolved", 2), ("inspected", 3)],
)
def test_the_desks_own_stages_have_limits_too(make_case, state, days):
    case = make_case(at=state)
    assert (case.clock, case.stage_limit) == ("working", days * DAY)


@pytest.mark.parametrize("written", ["", "7", "d7", "7w", "-1d", "1.5h", "７d ｄ"])
def test_a_limit_that_means_nothing_is_no_limit(written):
    with pytest.raises(ValueError, match=r"^.*$"):
        limits.seconds_of(written, "working")


# -- reminders and flags --------------------------------------------------------------------------------


def test_a_limit_runs_over_a_holiday_with_moved_working_days(cast, make_case):
    """Sunday 28 September and Saturday 11 October 2025 were worked for the eight days of National Day."""
    with travel(moment("2025-09-26 09:00")):
        case = make_case(at="handling", matter=cast.plots)
    assert case.step_at == moment("2025-10-10 15:42")
    assert case.due_at == moment("2025-10-13 09:00")


def test_the_reminder_and_the_flag_come_at_exactly_their_moments_and_once(handled, cast, told):
    case = handled(cast.plots)
    told(case)
    reminder, due = case.step_at, case.due_at
    assert clocks.used(case, reminder) == 0.8 * 7 * DAY

    assert sweep_at(reminder - SECOND, case)[0] == 0
    taken, case = sweep_at(reminder, case)
    assert (taken, case.step, case.step_at, case.overdue_at) == (1, 1, due, None)
    assert sweep_at(due - SECOND, case)[0] == 0
    taken, case = sweep_at(due, case)
    assert (taken, case.step, case.overdue_at, case.due_at) == (1, 2, due, due)
    assert clocks.used(case, case.step_at) == 1.5 * 7 * DAY
    assert verbs(case)[-2:] == ["reminded", "became_overdue"]
    assert {("handler", "case.reminded"), ("handler", "case.became_overdue")} <= told(case)


@pytest.mark.parametrize(
    ("state", "who"),
    [
        ("reported", "clerk"),
        ("verifying", "grid_worker"),
        ("self_handled", "inspector"),
        ("filed", "dispatcher"),
        ("assigned", "handler"),
        ("handling", "handler"),
        ("resolved", "inspector"),
    ],
)
def test_who_holds_it_is_reminded(make_case, told, monkeypatch, state, who):
    monkeypatch.setattr("secrets.randbelow", lambda _below: 0)  # drawn for a spot check
    case = make_case(at=state)
    sweep_at(case.step_at, case)
    assert (who, "case.reminded") in told(case)


@pytest.mark.parametrize(("consenting", "who"), [(True, "clerk"), (False, "inspector")])
def test_after_the_inspection_who_calls_or_closes_is_reminded(make_case, told, consenting, who):
    case = make_case(at="inspected", consenting=consenting)
    sweep_at(case.step_at, case)
    reminded = {person for person, kind in told(case) if kind == "case.reminded"}
    assert reminded - {"district_inspector"} == {who}  # who inspects for the whole district inspects here too


def test_the_next_stage_starts_with_a_clean_clock(handled, cast):
    case = handled(cast.pipes)
    at = case.due_at + timedelta(hours=1)
    _taken, case = sweep_at(at, case)
    with travel(at):
        case = actions.resolve_case(case, by=cast.handler, note="已修复")
    assert (case.step, case.stage_used, case.overdue_at) == (0, 0, None)
    assert case.step_at is not None


@pytest.mark.parametrize("state", ["closed", "declined"])
def test_a_finished_case_takes_no_steps(make_case, state):
    case = make_case(at=state)
    assert sweep_at(now() + timedelta(days=400), case)[0] == 0


def test_a_failing_step_leaves_every_case_of_its_batch_for_the_next_turn(
    make_case, breaking_record, unchanged
):
    cases = [make_case(), make_case()]
    with travel(cases[0].step_at):
        broken = breaking_record("bihuan.cases.actions.ticking")
        with unchanged(), pytest.raises(broken):
            actions.take_due_steps()


def test_many_due_steps_are_taken_batch_by_batch(make_case, monkeypatch):
    monkeypatch.setattr("bihuan.cases.actions.ticking.BATCH", 2)
    cases = [make_case() for _ in range(5)]
    assert sweep_at(cases[0].step_at, cases[0])[0] == 5


# -- extension ------------------------------------------------------------------------------------------


def extend(case, cast, seconds, at):
    with travel(at):
        return actions.decide_extension(case, by=cast.dispatcher, granted=True)


def test_granted_time_moves_the_deadline_and_restarts_nothing(handled, cast):
    case = handled(cast.pipes)
    actions.ask_extension(case, by=cast.handler, seconds=12 * HOUR, reason="等待配件")
    at, due = now() + timedelta(hours=10), case.due_at
    case = extend(case, cast, 12 * HOUR, at)
    assert case.due_at == due + timedelta(hours=12)
    assert (case.stage_started_at, clocks.used(case, at)) == (now(), 10 * HOUR)
    assert case.step_at == now() + timedelta(seconds=round(0.8 * 36 * HOUR))


def test_a_reminder_that_was_given_is_not_given_again(handled, cast):
    case = handled(cast.pipes)
    actions.ask_extension(case, by=cast.handler, seconds=12 * HOUR, reason="等待配件")
    _taken, case = sweep_at(case.step_at, case)
    case = extend(case, cast, 12 * HOUR, now() + timedelta(hours=20))
    assert (case.step, case.step_at) == (1, case.due_at)
    sweep_at(case.due_at + timedelta(days=9), case)
    rungs = ["reminded", "became_overdue", "yellow_noticed", "red_noticed"]
    assert [verbs(case).count(rung) for rung in rungs] == [1, 1, 1, 1]


def test_time_granted_late_lifts_the_flag_until_the_new_deadline(handled, cast):
    case = handled(cast.pipes)
    actions.ask_extension(case, by=cast.handler, seconds=12 * HOUR, reason="等待配件")
    due = case.due_at
    _taken, case = sweep_at(due + timedelta(hours=1), case)
    assert case.overdue_at == due
    case = extend(case, cast, 12 * HOUR, due + timedelta(hours=2))
    assert (case.overdue_at, case.due_at, case.step_at) == (None, due + timedelta(hours=12), case.due_at)
    _taken, case = sweep_at(case.due_at, case)
    assert case.overdue_at == due + timedelta(hours=12)
    assert case.supervision_notices.count() == 1, "one rung of one stage is one notice"


def test_time_granted_too_late_lifts_nothing(handled, cast):
    case = handled(cast.pipes)
    actions.ask_extension(case, by=cast.handler, seconds=HOUR, reason="等待配件")
    due = case.due_at
    _taken, case = sweep_at(due, case)
    case = extend(case, cast, HOUR, due + timedelta(hours=2))
    assert (case.overdue_at, case.step_at) == (due, now() + timedelta(seconds=1.5 * 25 * HOUR))


# -- pauses ---------------------------------------------------------------------------------------------


def suspend(case, cast, at, until, by=None):
    with travel(at):
        return actions.suspend_case(case, by=by or cast.dispatcher, reason="等待天气", resume_on=until)


def test_pauses_add_up(handled, cast):
    case = handled(cast.pipes)
    case = suspend(case, cast, now() + timedelta(hours=5), date(2025, 9, 13))
    assert clocks.used(case, moment("2025-09-12 00:00")) == 5 * HOUR
    with travel(moment("2025-09-11 08:00")):
        case = actions.resume_case(case, by=cast.dispatcher)
    assert case.due_at == moment("2025-09-12 03:00")  # 19 hours were left
    case = suspend(case, cast, moment("2025-09-11 18:00"), date(2025, 9, 15), cast.district_dispatcher)
    _taken, case = sweep_at(moment("2025-09-15 00:00"), case)
    assert case.due_at == moment("2025-09-15 09:00")
    with travel(moment("2025-09-15 06:00")):
        assert clocks.used(case, now()) == 21 * HOUR
        case = actions.resolve_case(case, by=cast.handler, note="已修复")
    assert case.handling_used == 21 * HOUR


def test_a_suspended_case_takes_no_reminder_and_wakes_by_itself(handled, cast, told):
    case = suspend(handled(cast.pipes), cast, now(), date(2025, 9, 20))
    wakes = moment("2025-09-20 00:00")
    assert sweep_at(wakes - SECOND, case)[0] == 0
    taken, case = sweep_at(wakes, case)
    assert (taken, case.state, case.resume_on, verbs(case)[-1]) == (1, "handling", None, "resumed")
    assert case.due_at == wakes + timedelta(hours=24)
    assert ("handler", "case.resumed") in told(case)


def test_it_wakes_at_its_hour_however_late_the_worker_comes(handled, cast):
    case = suspend(handled(cast.pipes), cast, now(), date(2025, 9, 20))
    wakes = moment("2025-09-20 00:00")
    _taken, case = sweep_at(wakes + timedelta(hours=10), case)
    assert (case.running_since, case.due_at) == (wakes, wakes + timedelta(hours=24))


def test_a_pause_does_not_make_a_late_case_punctual(handled, cast):
    case = handled(cast.pipes)
    due = case.due_at
    _taken, case = sweep_at(due, case)
    case = suspend(case, cast, due + timedelta(hours=2), date(2025, 9, 20))
    _taken, case = sweep_at(moment("2025-09-20 00:00"), case)
    assert (case.overdue_at, case.step_at, clocks.left(case, moment("2025-09-20 00:00"))) == (
        due, moment("2025-09-20 10:00"), -2 * HOUR
    )  # fmt: skip


# -- the clock does not restart ---------------------------------------------------------------------------


def test_what_changes_no_stage_restarts_no_clock(handled, cast):
    case = handled(cast.plots)
    clock = {name: getattr(case, name) for name in clocks.CLOCK_FIELDS}
    with travel(now() + timedelta(days=1)):
        case.title, case.address = "改过的标题", "改过的地址"
        case.save(update_fields=["title", "address"])
        actions.ask_extension(case, by=cast.handler, seconds=HOUR, reason="等待配件")
        case = actions.decide_extension(case, by=cast.dispatcher, granted=False)
    case.refresh_from_db()
    assert {name: getattr(case, name) for name in clocks.CLOCK_FIELDS} == clock


def test_lengths_of_time_in_words(places):
    from django.utils.translation import override

    with override("en"):
        words = [limits.in_words(seconds, "working") for seconds in (7 * DAY, DAY, 90 * MINUTE, HOUR, MINUTE)]
        assert words == ["7 working days", "1 working day", "1.5 working hours", "1 working hour", "1 minute"]
        assert limits.in_words(24 * HOUR, "natural") == "1 day"
