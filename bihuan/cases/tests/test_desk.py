"""My desk: whose work stands where, what those see who watch over it, and how it renews itself."""

from datetime import timedelta

import pytest

from bihuan.accounts.models import Cover
from bihuan.accounts.tests.factories import hold, make_person
from bihuan.cases import actions, queries
from bihuan.cases.models import Case
from bihuan.cases.tests.browsing import client_of, multiply
from bihuan.core.clock import now, today, travel

# -- the desk -----------------------------------------------------------------------------------------


def desk(person):
    person.forget_duties()
    return {group.verb: [case.pk for case in group.cases] for group in queries.desk_of_user(person)}


@pytest.mark.parametrize(
    ("state", "consenting", "who", "verb"),
    [
        ("verifying", False, "grid_worker", "verify"),
        ("reported", False, "clerk", "file"),
        ("filed", False, "dispatcher", "assign"),
        ("assigned", False, "handler", "acknowledge"),
        ("handling", False, "handler", "resolve"),
        ("resolved", False, "inspector", "inspect"),
        ("self_handled", False, "inspector", "spot_check"),
        ("inspected", True, "clerk", "call_back"),
        ("inspected", False, "inspector", "close"),
    ],
)
def test_each_of_the_cast_finds_their_work_under_its_verb(cast, make_case, state, consenting, who, verb):
    case = make_case(at=state, consenting=consenting)

    for name, person in vars(cast).items():
        if hasattr(person, "duties_now"):
            expected = {verb: [case.pk]} if name == who else {}
            assert desk(person) == expected, name


def test_more_time_asked_for_waits_for_the_dispatcher_and_not_for_the_unit(cast, make_case):
    case = make_case(at="handling")
    actions.ask_extension(case, by=cast.handler, seconds=3_600, reason="等配件")

    assert desk(cast.dispatcher) == {"decide_extension": [case.pk]}


def test_overdue_work_shows_one_level_up_as_well(cast, make_case):
    case = make_case(at="filed")
    assert desk(cast.district_dispatcher) == {}

    with travel(case.due_at + timedelta(minutes=1)):
        actions.take_due_steps()

        assert desk(cast.dispatcher) == {"assign": [case.pk]}
        assert desk(cast.district_dispatcher) == {"assign": [case.pk]}


def test_a_stand_in_sees_the_absent_persons_desk(cast, make_case):
    case = make_case(at="reported")
    assert desk(cast.stranger) == {}

    Cover.objects.create(absent=cast.clerk, stand_in=cast.stranger, starts_on=today(), ends_on=today())

    assert desk(cast.stranger) == {"file": [case.pk]}


def test_a_handler_is_not_offered_the_inspection_of_their_own_work(cast, make_case):
    make_case(at="resolved")
    hold(cast.handler, "inspector", cast.places.street)

    assert desk(cast.handler) == {}


def test_nobody_is_called_twice_on_one_day(cast, make_case):
    case = make_case(at="inspected", consenting=True)
    actions.call_back_case(case, by=cast.clerk, answered=False)

    assert desk(cast.clerk) == {}
    with travel(now() + timedelta(days=1)):
        assert desk(cast.clerk) == {"call_back": [case.pk]}


def test_the_most_urgent_comes_first(cast, make_case):
    later, sooner = make_case(), make_case()
    Case.objects.filter(pk=sooner.pk).update(due_at=now() + timedelta(minutes=1))

    assert desk(cast.clerk) == {"file": [sooner.pk, later.pk]}


def test_a_thousand_new_reports_do_not_hide_one_call(cast, make_case):
    call = make_case(at="inspected", consenting=True)
    multiply(make_case(), 999)
    Case.objects.filter(state="reported").update(due_at=now() - timedelta(days=9))

    file, call_back = queries.desk_of_user(cast.clerk)

    assert (file.verb, file.total, file.late, file.beyond) == ("file", 1_000, 1_000, 1_000 - len(file.cases))
    assert [case.pk for case in call_back.cases] == [call.pk]


def test_the_desk_page_says_what_is_to_be_done(cast, make_case):
    case = make_case()
    page = client_of(cast.clerk).get("/desk/").content.decode()

    assert case.title in page
    assert case.number in page
    assert f"/cases/{case.number}/file/?from=desk" in page
    assert "<strong>1</strong> case waits for you" in page


def test_an_empty_desk_leads_on(cast):
    page = client_of(cast.clerk).get("/desk/").content.decode()

    assert "Nothing waits for you" in page
    assert "/cases/?show=open" in page


def test_the_desk_of_who_rules_for_the_district_leads_to_appeals(cast, make_case):
    """Their cases are closed, so that no desk has them."""
    actions.appeal_case(make_case(at="closed"), by=cast.handler, against="lateness", reason="等待停水")

    page = client_of(cast.district_dispatcher).get("/desk/").content.decode()
    assert '<a href="/supervision/">Appeals · 1 waits for you</a>' in page
    for who in (cast.dispatcher, cast.clerk, cast.supervisor):
        assert client_of(who).get("/desk/").context["rulings"] == []


@pytest.mark.parametrize("who", ["supervisor", "leader", "auditor"])
def test_who_watches_over_cases_sees_what_is_overdue(cast, make_case, who):
    client = client_of(getattr(cast, who))
    make_case(at="handling")
    assert "Nothing is overdue" in client.get("/desk/").content.decode()

    with travel(now() + timedelta(days=60)):
        client = client_of(getattr(cast, who))
        page = client.get("/desk/").content.decode()

    assert "The most overdue" in page
    assert "Urban Management Bureau" in page
    assert cast.handler.name not in page


def test_a_leader_of_a_street_sees_nothing_of_the_others(cast, make_case):
    person = make_person("街道领导", duties=[("leader", cast.places.other)])
    make_case(at="handling")

    with travel(now() + timedelta(days=60)):
        overview = queries.overview_for(person)

    assert overview is not None
    assert (overview.open, overview.late, overview.rows) == (0, 0, [])


# -- the desk renews itself ---------------------------------------------------------------------------


def test_the_desk_answers_304_until_something_changes(cast, make_case):
    make_case()
    with travel(now(), tick=False):
        client = client_of(cast.clerk)
        first = client.get("/desk/rows/")
        assert first.status_code == 200
        again = client.get("/desk/rows/", headers={"if-none-match": first["ETag"]})
        assert again.status_code == 304
        assert again.content == b""

        newer = make_case()
        changed = client.get("/desk/rows/", headers={"if-none-match": first["ETag"]})

    assert changed.status_code == 200
    assert newer.number in changed.content.decode()
    assert changed["ETag"] != first["ETag"]


def test_clocks_on_an_unchanged_desk_are_renewed_after_some_minutes(cast, make_case):
    make_case()
    with travel(now()):
        before = queries.desk_stamp(cast.clerk)
    with travel(now() + timedelta(minutes=6)):
        assert queries.desk_stamp(cast.clerk) != before
