"""The ladder of supervision: a reminder, three levels of notice, each once and at its own moment."""

from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from bihuan.audit.queries import entries_about
from bihuan.cases import actions, climbing, clocks, queries
from bihuan.cases.models import Case, SupervisionNotice, Why
from bihuan.cases.tests.conftest import moment
from bihuan.cases.tests.test_clock import HOUR, SECOND, sweep_at, verbs
from bihuan.core.clock import now, today, travel

pytestmark = pytest.mark.usefixtures("at_nine")

RUNGS = ["reminded", "became_overdue", "yellow_noticed", "red_noticed"]
LADDER = [
    (0.8, "", None),
    (1.0, "ordinary", None),
    (1.5, "yellow", None),
    (2.0, "red", date(2025, 9, 15)),  # the Monday after
]


@pytest.fixture
def handled(make_case, cast):
    """`handled(cast.plots)`: a case in hand under that matter."""
    return lambda matter: make_case(at="handling", matter=matter)


def test_the_whole_ladder_is_climbed_at_its_shares(handled, cast):
    case = handled(cast.pipes)
    for share, level, agenda in LADDER:
        at = now() + timedelta(hours=24 * share)
        assert sweep_at(at - SECOND, case)[0] == 0
        taken, case = sweep_at(at, case)
        assert (taken, case.supervision, case.agenda_on) == (1, level, agenda)
    assert case.step_at is None
    assert sweep_at(now() + timedelta(days=90), case)[0] == 0
    assert verbs(case)[-4:] == RUNGS


def test_a_worker_that_was_down_takes_every_step_in_order(handled, cast):
    case = handled(cast.pipes)
    due = case.due_at
    taken, case = sweep_at(due + timedelta(days=3), case)
    assert (taken, verbs(case)[-4:]) == (4, RUNGS)
    assert case.overdue_at == due, "overdue since its deadline, not since somebody looked"
    moments = [entry.data["moment"] for entry in entries_about(case).filter(data__has_key="moment")]
    assert moments == [(now() + timedelta(hours=24 * share)).isoformat() for share, *_ in LADDER]
    assert [notice.issued_at for notice in case.supervision_notices.order_by("id")] == [
        now() + timedelta(hours=24 * share) for share, *_ in LADDER[1:]
    ]


def test_a_verb_first_lets_the_time_that_has_passed_take_its_effect(handled, cast):
    """A worker that was down must not spare a unit its notice."""
    case = handled(cast.pipes)
    with travel(case.due_at + timedelta(hours=13)):
        case = actions.resolve_case(case, by=cast.handler, note="已修复")
    assert verbs(case)[-4:] == [*RUNGS[:3], "resolved"]
    assert (case.supervision, case.step, case.overdue_at) == ("yellow", 0, None)


def test_a_refused_verb_leaves_the_steps_to_the_worker(handled, cast, unchanged, refused):
    case = handled(cast.pipes)
    with travel(case.due_at), unchanged(), refused("case.not_your_unit"):
        actions.resolve_case(case, by=cast.stranger, note="已修复")


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(hours=st.lists(st.integers(min_value=0, max_value=30 * 24), max_size=8))
def test_the_steps_are_the_same_whenever_workers_come_by(make_case, cast, hours):
    """Often, rarely or never: each step once, in order, dated by its own moment."""
    start = now()
    case = make_case(at="handling")
    for after in sorted(hours):
        sweep_at(start + timedelta(hours=after), case)
    _taken, case = sweep_at(start + timedelta(days=30), case)
    steps = entries_about(case).filter(data__has_key="moment")
    assert [entry.verb.removeprefix("case.") for entry in steps] == RUNGS
    assert [entry.data["moment"] for entry in steps] == [
        (start + timedelta(hours=24 * share)).isoformat() for share, *_ in LADDER
    ]
    assert (case.overdue_at, case.supervision) == (start + timedelta(hours=24), "red")


def extend(case, cast, seconds, at):
    with travel(at):
        return actions.decide_extension(case, by=cast.dispatcher, granted=True)


def test_more_time_takes_back_no_notice(handled, cast):
    """Granted after the yellow notice: overdue anew at the new limit, and the next rung is the red one."""
    case = handled(cast.pipes)
    actions.ask_extension(case, by=cast.handler, seconds=24 * HOUR, reason="等待配件")
    start = now()
    _taken, case = sweep_at(start + timedelta(hours=37), case)
    assert (case.step, case.supervision) == (3, "yellow")
    case = extend(case, cast, 24 * HOUR, start + timedelta(hours=38))
    assert (case.step, case.supervision, case.overdue_at) == (3, "yellow", None)
    assert case.step_at == case.due_at == start + timedelta(hours=48)
    _taken, case = sweep_at(start + timedelta(hours=48), case)
    assert (case.overdue_at, case.step_at) == (start + timedelta(hours=48), start + timedelta(hours=96))
    _taken, case = sweep_at(start + timedelta(hours=96), case)
    assert [verbs(case).count(rung) for rung in RUNGS] == [1, 2, 1, 1]
    assert [notice.level for notice in case.supervision_notices.order_by("id")] == [
        "ordinary", "yellow", "red"
    ]  # fmt: skip


# -- levels and notices ---------------------------------------------------------------------------------


def notices_of(case):
    return [
        (notice.level, notice.why, notice.addressee.name)
        for notice in case.supervision_notices.order_by("id")
    ]


def test_a_new_stage_starts_at_the_first_rung_and_lowers_nothing(handled, cast):
    case = handled(cast.pipes)
    _taken, case = sweep_at(now() + timedelta(hours=36), case)
    with travel(now() + timedelta(hours=37)):
        case = actions.resolve_case(case, by=cast.handler, note="已修复")
        assert (case.step, case.overdue_at, case.supervision) == (0, None, "yellow")
        due = case.due_at
    _taken, case = sweep_at(due, case)
    assert case.supervision == "yellow", "an ordinary notice does not take a yellow one back"
    assert notices_of(case) == [
        ("ordinary", "limit", "城市管理局"),
        ("yellow", "limit", "城市管理局"),
        ("ordinary", "limit", "人和街"),
    ]


def test_what_comes_back_a_second_time_is_supervised(handled, cast):
    case = handled(cast.pipes)
    for _ in range(2):
        case = actions.resolve_case(case, by=cast.handler, note="已修复")
        case = actions.rework_case(case, by=cast.inspector, reason="仍在漏水")
    assert case.supervision == "ordinary"
    assert notices_of(case) == [("ordinary", Why.REWORK, "城市管理局")]


def test_notices_are_numbered_within_their_case(handled, cast):
    case = handled(cast.pipes)
    _taken, case = sweep_at(case.due_at + timedelta(days=9), case)
    numbers = [notice.number for notice in case.supervision_notices.order_by("id")]
    assert numbers == [f"{case.number}-{n:02}" for n in (1, 2, 3)]
    assert [entry.data.get("notice") for entry in entries_about(case)][-3:] == numbers


@pytest.mark.parametrize(
    ("day", "agenda"),
    [
        ("2025-09-10", "2025-09-15"),  # a Wednesday
        ("2025-09-15", "2025-09-22"),  # a Monday has its own agenda already
        ("2025-09-14", "2025-09-15"),  # a Sunday
        ("2025-09-28", "2025-09-29"),  # a Sunday that is worked
        ("2025-10-03", "2025-10-09"),  # the holidays fill Monday to Wednesday
    ],
)
def test_the_agenda_is_read_out_on_the_first_working_day_of_the_next_week(places, day, agenda):
    assert climbing.next_assignment_day(date.fromisoformat(day)) == date.fromisoformat(agenda)


def test_a_late_worker_puts_nothing_on_an_agenda_of_the_past(handled, cast):
    case = handled(cast.pipes)
    _taken, case = sweep_at(moment("2025-11-05 09:00"), case)
    assert case.agenda_on == date(2025, 11, 10)
    red = case.supervision_notices.get(level="red")
    assert (red.agenda_on, red.issued_at) == (date(2025, 11, 10), moment("2025-09-12 09:00"))


# -- who is told ----------------------------------------------------------------------------------------


@pytest.fixture
def above(cast, hold):
    """People on every level: a supervisor and a leader of the street, beside those of the district."""
    from bihuan.accounts.tests.factories import make_person

    for kind in ("supervisor", "leader"):
        make_person(username=f"street_{kind}", duties=[(kind, cast.places.street)])
        make_person(username=f"other_{kind}", duties=[(kind, cast.places.other)])
    return cast


DESK = {"handler", "dispatcher", "street_supervisor"}


@pytest.mark.parametrize(
    ("hours", "kind", "people"),
    [
        (19.2, "case.reminded", {"handler"}),
        (24, "case.became_overdue", DESK),
        (36, "case.yellow_noticed", DESK | {"street_leader"}),
        (48, "case.red_noticed", DESK | {"street_leader", "supervisor", "leader"}),
    ],
)
def test_those_who_are_told_become_more_level_by_level(handled, above, told, hours, kind, people):
    case = handled(above.pipes)
    sweep_at(now() + timedelta(hours=hours), case)
    assert {person for person, what in told(case) if what == kind} == people


def test_where_a_level_has_nobody_the_next_one_is_told(handled, cast, told):
    """The street has no supervisor and no leader of its own: the district hears of the yellow notice."""
    case = handled(cast.pipes)
    sweep_at(now() + timedelta(hours=36), case)
    people = {person for person, kind in told(case) if kind == "case.yellow_noticed"}
    assert people == {"handler", "dispatcher", "supervisor", "leader"}


@pytest.mark.parametrize(
    ("hours", "kind", "who"),
    [
        (19.2, "case.reminded", "handler"),
        (24, "case.became_overdue", "dispatcher"),
        (48, "case.red_noticed", "leader"),
    ],
)
def test_a_stand_in_receives_what_the_absent_person_would(
    handled, cast, told, stand_in_for, hours, kind, who
):
    case = handled(cast.pipes)
    with travel(now() + timedelta(hours=hours)):
        stand_in = stand_in_for(getattr(cast, who))
        actions.take_due_steps()
        assert {(who, kind), (stand_in.username, kind)} <= told(case)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_notice_can_be_read(handled, cast, told, language):
    from django.utils.translation import override

    from bihuan.notices import kinds
    from bihuan.notices.models import Notice

    case = handled(cast.pipes)
    sweep_at(now() + timedelta(hours=48), case)
    told(case)
    with override(language):
        for notice in Notice.objects.all():
            assert case.title in kinds.get(notice.kind).title_for(notice.params)


# -- the public sees little -----------------------------------------------------------------------------


def test_the_public_reads_once_that_it_took_longer(handled, cast):
    case = handled(cast.pipes)
    with travel(now() + timedelta(hours=50)):
        case = actions.resolve_case(case, by=cast.handler, note="已修复")
    sweep_at(case.due_at + timedelta(days=30), case)
    assert verbs(case).count("became_overdue") == 2
    lines = [str(event.sentence) for event in queries.timeline(case, public=True)]
    assert lines.count("This took longer than we promised.") == 1
    assert not [line for line in lines if "notice" in line or "supervision" in line]


def test_the_story_dates_a_step_by_its_own_moment(handled, cast):
    case = handled(cast.pipes)
    sweep_at(now() + timedelta(days=9), case)
    shown = {event.verb: event.at for event in queries.timeline(case, public=False)}
    assert shown["case.yellow_noticed"] == now() + timedelta(hours=36)


# -- nothing restarts a clock ---------------------------------------------------------------------------


def test_what_is_done_beside_the_way_moves_no_clock(handled, cast, photo, make_case):
    case = handled(cast.plots)
    clock = {name: getattr(case, name) for name in clocks.CLOCK_FIELDS}
    with travel(now() + timedelta(days=1)):
        case.title, case.address = "改过的标题", "改过的地址"
        case.save(update_fields=["title", "address"])
        actions.contact_reporters(case, by=cast.handler, words="明天上午来。")
        actions.supervise_case(case, by=cast.supervisor, level="ordinary", words="请尽快。")
        actions.answer_supervision(case, by=cast.handler, words="明天修好。")
        actions.ask_extension(case, by=cast.handler, seconds=HOUR, reason="等待配件")
        actions.decide_extension(case, by=cast.dispatcher, granted=False)
        actions.merge_case(make_case(), by=cast.clerk, into=case)
    case = Case.objects.get(pk=case.pk)
    assert {name: getattr(case, name) for name in clocks.CLOCK_FIELDS} == clock


def test_what_comes_next_is_told(handled, cast):
    case = handled(cast.pipes)
    ahead = queries.ahead_of(case)
    assert (str(ahead.label), ahead.at) == ("Reminder", case.step_at)
    _taken, case = sweep_at(now() + timedelta(hours=48), case)
    assert queries.ahead_of(case) is None
    assert SupervisionNotice.objects.filter(case=case, agenda_on__gt=today()).count() == 1
