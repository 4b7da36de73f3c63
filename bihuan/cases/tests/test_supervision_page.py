"""The Supervision page: its figures are the lists behind them, its cost does not grow, its rows renew."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.accounts.tests.factories import hold, make_person, make_unit
from bihuan.cases import actions, queries
from bihuan.cases.actions.ticking import catch_up
from bihuan.cases.models import Case, SupervisionNotice
from bihuan.cases.tests.browsing import client_of, multiply
from bihuan.core.clock import now, travel

pytestmark = pytest.mark.usefixtures("at_nine")
PAGE = "/supervision/"


def page_of(person, path=PAGE, language="en"):
    return client_of(person, language).get(path)


@pytest.fixture
def busy(cast, make_case):
    """Cases of every colour, at a unit and at desks, in two streets."""
    hold(cast.stranger, "dispatcher", cast.places.other)
    red, yellow, late, near = (make_case(at="handling") for _ in range(4))
    for case, hours in ((red, 48), (yellow, 36), (late, 24), (near, 19.2)):
        with transaction.atomic():
            catch_up(Case.objects.locked(case.pk), now() + timedelta(hours=hours))
    make_case()
    make_case(at="closed")
    lon, lat = cast.places.elsewhere
    make_case.report(lon=lon, lat=lat)
    # The pages are read after 25 hours; the fourth is to be late later.
    Case.objects.filter(pk=near.pk).update(due_at=now() + timedelta(hours=40))
    return cast


@pytest.mark.parametrize("who", ["supervisor", "leader", "auditor", "district_dispatcher", "dispatcher"])
def test_every_figure_is_the_list_behind_it(busy, who):
    person = getattr(busy, who)
    with travel(now() + timedelta(hours=25)):
        watch = queries.watch_for(person)
        client = client_of(person)
        figures = [
            *watch.totals,
            *(figure for line in (*watch.areas, *watch.units) for figure in line.figures),
        ]
        for figure in figures:
            rows = client.get(figure.url).context["rows"]
            assert len(rows) == figure.value, figure
        totals = {figure.name: figure.value for figure in watch.totals}
    # Late are the first three, and what has not been accepted since yesterday: here one, elsewhere another.
    here = who == "dispatcher"
    assert totals == {"red": 1, "yellow": 1, "late": 4 if here else 5, "near": 1, "open": 5 if here else 6}


def test_areas_and_units_below_are_counted_with_those_above(busy, make_case):
    part = make_unit("城管一中队", parent=busy.bureau)
    hold(busy.handler, "handler", part)
    case = make_case(at="filed")
    actions.assign_case(case, by=busy.dispatcher, unit=part)
    units = {line.label: line.figures[-1].value for line in queries.watch_for(busy.supervisor).units}
    assert units == {busy.bureau.label: 5, part.label: 1}


@pytest.mark.parametrize(
    ("who", "areas"),
    [("supervisor", {"人和街", "七一路"}), ("dispatcher", {"庆丰"}), ("community_leader", {"庆丰一格"})],
)
def test_the_lines_are_those_of_the_level_below(busy, who, areas):
    busy.community_leader = make_person(duties=[("leader", busy.places.community)])
    watch = queries.watch_for(getattr(busy, who))
    assert {line.label for line in watch.areas} == areas


def test_the_worst_stand_first(busy, make_case):
    lon, lat = busy.places.elsewhere
    for _ in range(9):
        make_case.report(lon=lon, lat=lat)
    assert [line.label for line in queries.watch_for(busy.supervisor).areas] == ["人和街", "七一路"]


def test_the_page_costs_the_same_at_ten_and_at_a_thousand(busy, make_case):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert page_of(busy.supervisor).status_code == 200
        return len(captured)

    page_of(busy.supervisor)
    actions.ask_extension(Case.objects.filter(step=1).get(), by=busy.handler, seconds=3_600, reason="缺件")
    case = make_case(at="handling")
    case = actions.supervise_case(case, by=busy.supervisor, level="ordinary", words="请尽快。")
    SupervisionNotice.objects.filter(level="red").update(agenda_on=date(2025, 9, 12))
    few = cost()
    copies = multiply(case, 1_000)
    SupervisionNotice.objects.bulk_create(
        SupervisionNotice(
            case=copy, number=f"{copy.number}-01", level="red", why="limit", step=4, unit=copy.unit,
            stage_started_at=copy.stage_started_at, issued_at=now(), agenda_on=date(2025, 9, 12),
        )
        for copy in copies
    )  # fmt: skip
    assert cost() == few <= 28


def test_the_notices_page_costs_the_same_whatever_its_number(busy):
    def cost(path):
        with CaptureQueriesContext(connection) as captured:
            assert page_of(busy.supervisor, path).status_code == 200
        return len(captured)

    path = reverse("cases:supervision_notices") + "?show=all"
    cost(path)
    few = cost(path)
    case = SupervisionNotice.objects.first().case
    copies = multiply(case, 100)
    SupervisionNotice.objects.bulk_create(
        SupervisionNotice(
            case=copy, number=f"{copy.number}-01", level="ordinary", why="limit", step=2, unit=copy.unit,
            stage_started_at=copy.stage_started_at, issued_at=now(),
        )
        for copy in copies
    )  # fmt: skip
    assert cost(path) == few


# -- notices --------------------------------------------------------------------------------------------


def test_notices_are_shown_until_they_are_answered(busy):
    watch = queries.watch_for(busy.supervisor)
    assert watch.unanswered == 6  # three rungs of one case, two and one of the others
    assert [notice.level for notice in watch.notices] == ["red", "yellow", "ordinary"]
    case = Case.objects.get(supervision="red")
    with travel(now() + timedelta(hours=48)):
        actions.answer_supervision(case, by=busy.handler, words="配件周四到。")
        assert queries.watch_for(busy.supervisor).unanswered == 3
        found = {
            shown: len(queries.notices_listed_for(busy.supervisor, shown))
            for shown in ("unanswered", "answered", "all")
        }
        assert found == {"unanswered": 3, "answered": 3, "all": 6}
        page = page_of(busy.supervisor, reverse("cases:supervision_notices") + "?show=answered")
        assert "配件周四到。" in page.content.decode()
    assert (
        page_of(busy.supervisor, reverse("cases:supervision_notices") + "?show=mischief").status_code == 200
    )


def test_nobody_sees_the_notices_of_another_street(busy):
    other = make_person(duties=[("supervisor", busy.places.other)])
    watch = queries.watch_for(other)
    assert (watch.unanswered, watch.notices, watch.agenda.notices) == (0, [], [])
    assert [figure.value for figure in watch.totals] == [0, 0, 0, 0, 1]


# -- requests -------------------------------------------------------------------------------------------


def test_what_waits_for_my_decision_stands_above_all(cast, make_case):
    case = make_case(at="handling")
    actions.ask_extension(case, by=cast.handler, seconds=3_600, reason="等配件")
    waiting = queries.requests_waiting_for(cast.dispatcher)
    assert [(str(kind.label), kind.total, kind.rows[0].number) for kind in waiting] == [
        ("More time", 1, case.number)
    ]
    page = page_of(cast.dispatcher).content.decode()
    assert reverse("cases:decide_extension", args=[case.number]) in page
    assert queries.requests_waiting_for(cast.leader) == []


def test_returns_that_nobody_wants_wait_for_the_district(cast, make_case):
    case = make_case(at="assigned")
    case = actions.return_case(case, by=cast.handler, right_unit=cast.works, reason="不归我们")
    case = actions.assign_case(case, by=cast.dispatcher, unit=cast.works)
    actions.return_case(case, by=cast.stranger, right_unit=cast.bureau, reason="不归我们")
    assert queries.requests_waiting_for(cast.dispatcher) == []
    (waiting,) = queries.requests_waiting_for(cast.district_dispatcher)
    assert (str(waiting.label), waiting.total) == ("Disputed returns", 1)


# -- the agenda -----------------------------------------------------------------------------------------


def test_red_notices_stand_on_the_agenda_of_their_week(busy):
    red = Case.objects.get(supervision="red")
    agenda = queries.agenda_for(busy.leader, date(2025, 9, 17))
    assert (agenda.monday, agenda.sunday) == (date(2025, 9, 15), date(2025, 9, 21))
    assert [notice.case for notice in agenda.notices] == [red]
    assert queries.agenda_for(busy.leader, date(2025, 9, 14)).notices == []
    this_week = page_of(busy.leader, reverse("cases:supervision_agenda"))
    assert red.number not in this_week.content.decode()
    following = page_of(busy.leader, reverse("cases:supervision_agenda") + "?week=2025-09-18")
    assert red.number in following.content.decode()
    assert "data-print" in following.content.decode()
    assert page_of(busy.leader, reverse("cases:supervision_agenda") + "?week=2025-13-45").status_code == 200


# -- live -----------------------------------------------------------------------------------------------


def test_the_page_renews_itself_only_when_something_changed(busy, make_case):
    client = client_of(busy.supervisor)
    path = reverse("cases:supervision_live")
    first = client.get(path)
    assert first.status_code == 200
    same = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    with CaptureQueriesContext(connection) as captured:
        client.get(path, headers={"if-none-match": first["ETag"]})
    assert len(captured) <= 6
    make_case()
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_an_answer_renews_it_as_well(busy):
    client = client_of(busy.supervisor)
    path = reverse("cases:supervision_live")
    etag = client.get(path)["ETag"]
    case = Case.objects.get(supervision="yellow")
    with travel(now() + timedelta(hours=36)):
        actions.answer_supervision(case, by=busy.handler, words="周五。")
    assert client.get(path, headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_empty_district_is_a_calm_page(cast, language):
    page = page_of(cast.leader, language=language)
    assert page.status_code == 200
    assert page.content.decode().count('class="stat-value">0<') == 5


def test_the_menu_leads_there_who_watches(cast):
    assert f'href="{PAGE}"' in page_of(cast.leader, "/desk/").content.decode()
    assert f'href="{PAGE}"' not in page_of(cast.handler, "/desk/").content.decode()
