"""From a report to a filed case: 上报, 即办, 撤回, 核实, 不予受理, 立案."""

import secrets

import pytest
from django.contrib.auth.models import AnonymousUser

from bihuan.audit.models import Entry
from bihuan.audit.queries import entries_about
from bihuan.cases import actions, rules
from bihuan.cases.models import Case, Report
from bihuan.cases.tests.conftest import moment
from bihuan.core.clock import travel
from bihuan.core.numbers import is_case_number
from bihuan.files.queries import attachments_of
from bihuan.territory.tests.factories import make_place

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def report(make_case):
    return make_case.report


@pytest.fixture
def lot(monkeypatch):
    """`lot(drawn=True)`: what the next draw of a spot check says."""

    def decide(*, drawn):
        monkeypatch.setattr(secrets, "randbelow", lambda _below: 0 if drawn else 99)

    return decide


# -- report 上报 ----------------------------------------------------------------------------------------


def test_anybody_reports_without_an_account(report, places, entry_of):
    told = report(by=AnonymousUser(), words="楼下水管爆裂，水流了一地。请派人。", address="庆丰街 8 号")
    case = Case.objects.get(pk=told.case_id)

    assert is_case_number(case.number)
    assert case.number.startswith("250910-")
    assert (case.state, case.title) == ("reported", "楼下水管爆裂，水流了一地")
    assert (case.area, case.community, case.subdistrict) == (places.grid, places.community, places.street)
    assert (case.desk, case.is_outside) == (places.street, False)
    assert case.due_at == moment("2025-09-11 09:00")  # one working day
    assert told.reporter is None
    entry = entry_of(case)
    assert (entry.verb, entry.by, entry.area_id) == ("case.reported", None, places.grid.pk)
    assert entry.data == {
        "report": told.pk, "channel": "web", "photos": 0, "state": "reported", "due": case.due_at.isoformat()
    }  # fmt: skip


def test_a_person_with_an_account_is_the_reporter(report, resident, entry_of):
    told = report(by=resident)
    assert told.reporter == resident
    assert entry_of(told.case).by == resident


def test_a_phone_is_kept_for_calling_back_and_out_of_the_audit(report):
    told = report(phone="138 0000-0001", may_call=True)
    told.refresh_from_db()
    assert (told.phone, told.may_call) == ("13800000001", True)
    assert told.phone_index
    assert not any("13800000001" in str(entry.data) for entry in Entry.objects.all())


def test_nobody_agrees_to_a_call_without_a_phone(report):
    assert report(phone="", may_call=True).may_call is False


def test_photos_come_with_the_report(report, photo):
    case = report(photos=[photo(1), photo(2)]).case
    assert [found.role for found in attachments_of(case)] == ["report", "report"]


def test_a_place_gives_its_point_and_its_area(report, places):
    place = make_place("良苑小区", area=places.community, lon=114.605, lat=33.605)
    case = report(lon=None, lat=None, place=place).case
    assert (case.lon, case.lat, case.area, case.place) == (114.605, 33.605, places.grid, place)


def test_a_report_from_outside_goes_to_the_district_and_says_so(report, places, entry_of):
    lon, lat = places.outside
    case = report(lon=lon, lat=lat).case
    assert (case.is_outside, case.area, case.desk) == (True, places.district, places.district)
    assert entry_of(case).data["outside"] is True


def test_a_report_without_a_place_is_not_lost(report, places):
    case = report(lon=None, lat=None).case
    assert (case.area, case.desk, case.is_outside) == (places.district, places.district, False)


def test_swapped_degrees_are_put_right(report, places, entry_of):
    lon, lat = places.inside
    case = report(lon=lat, lat=lon).case
    assert (case.lon, case.lat, case.area) == (lon, lat, places.grid)
    assert entry_of(case).data["swapped"] is True


def test_the_same_report_sent_twice_is_one(report):
    first = report(source="sheet", source_key="17")
    assert report(source="sheet", source_key="17", words="别的话") == first
    assert report(source="desk", source_key="17") != first
    assert Case.objects.count() == Report.objects.count() == 2
    assert entries_about(first.case).count() == 1


def test_a_report_that_fails_half_way_leaves_nothing(report, photo, breaking_record, unchanged):
    photos = [photo()]
    broken = breaking_record("bihuan.cases.actions.intake")
    with unchanged(), pytest.raises(broken):
        report(photos=photos)


# -- handle on the spot 即办 -----------------------------------------------------------------------------


def test_a_grid_worker_settles_a_small_matter(make_case, grid_worker, cast, photo, entry_of):
    case = make_case()
    case = actions.self_handle_case(case, by=grid_worker, matter=cast.litter, note="已清扫", photos=[photo()])
    case.refresh_from_db()
    assert (case.state, case.matter, case.resolution) == ("self_handled", cast.litter, "已清扫")
    assert case.handlers == [grid_worker.pk]
    assert case.due_at == moment("2025-09-12 09:00")  # two working days for the check
    assert [found.role for found in attachments_of(case)] == ["after"]
    assert entry_of(case).data["photos"] == 1


def test_what_is_not_drawn_closes_by_itself_and_is_never_counted_as_satisfied(make_case, told, lot, entry_of):
    lot(drawn=False)
    case = make_case(at="self_handled")
    assert told(case) == {("resident", "report.closed")}
    case.refresh_from_db()
    assert (case.state, case.satisfaction, case.reply) == ("closed", "unrated", "已清扫")
    assert (entry_of(case).verb, entry_of(case).by, entry_of(case).data["drawn"]) == (
        "case.closed",
        None,
        False,
    )


def test_what_is_drawn_waits_for_the_inspector(make_case, told, lot):
    lot(drawn=True)
    case = make_case(at="self_handled")
    assert told(case) == set()
    case.refresh_from_db()
    assert case.state == "self_handled"


def test_what_was_checked_in_the_meantime_is_not_closed_again(make_case, inspector, settle, lot):
    lot(drawn=False)
    case = make_case(at="self_handled")
    actions.spot_check_case(case, by=inspector, passed=False)
    settle()
    case.refresh_from_db()
    assert case.state == "reported"


def test_only_small_matters_are_handled_on_the_spot(make_case, grid_worker, cast, refused, unchanged):
    case = make_case()
    with unchanged(), refused("case.not_small"):
        actions.self_handle_case(case, by=grid_worker, matter=cast.pipes, note="修好了")


def test_a_matter_that_asks_for_a_photo_gets_one(make_case, grid_worker, cast, photo, refused, unchanged):
    case = make_case()
    cast.litter.needs_after_photo = True
    with unchanged(), refused("case.after_photo_missing"):
        actions.self_handle_case(case, by=grid_worker, matter=cast.litter, note="已清扫")
    done = actions.self_handle_case(case, by=grid_worker, matter=cast.litter, note="已清扫", photos=[photo()])
    assert done.state == "self_handled"


# -- withdraw 撤回 ---------------------------------------------------------------------------------------


def test_a_reporter_takes_it_back_and_nobody_is_told(report, resident, told, entry_of):
    mine = report()
    case = actions.withdraw_case(mine.case, by=resident, report=mine)
    assert (case.state, entry_of(case).verb) == ("withdrawn", "case.withdrawn")
    assert told(case) == set()


def test_a_reporter_without_an_account_takes_it_back_by_their_report(report):
    mine = report(by=AnonymousUser())
    assert actions.withdraw_case(mine.case, by=AnonymousUser(), report=mine).state == "withdrawn"


def test_nothing_is_taken_back_once_somebody_acted_on_it(make_case, resident, refused, unchanged):
    case = make_case(at="verifying")
    with unchanged(), refused("case.wrong_state"):
        actions.withdraw_case(case, by=resident, report=case.reports.get())


# -- verify 核实 -----------------------------------------------------------------------------------------


def test_the_grid_worker_is_asked(make_case, told):
    case = make_case(at="verifying")
    assert case.due_at == moment("2025-09-11 09:00")
    assert told(case) == {("grid_worker", "case.to_verify")}


@pytest.mark.parametrize(("where", "code"), [("outside", "case.no_grid"), ("beside", "case.no_grid_worker")])
def test_nobody_is_sent_where_no_grid_worker_goes(
    report, clerk, hold, places, refused, unchanged, where, code
):
    hold(clerk, "clerk", places.district)
    lon, lat = getattr(places, where)
    case = report(lon=lon, lat=lat).case
    with unchanged(), refused(code):
        actions.send_to_verify(case, by=clerk)


@pytest.mark.parametrize("finding", ["exists", "absent", "unclear"])
def test_a_finding_goes_back_to_the_clerk(make_case, grid_worker, photo, entry_of, finding):
    case = make_case(at="verifying")
    case = actions.verify_case(case, by=grid_worker, finding=finding, note="三号楼前", photos=[photo()])
    assert (case.state, case.due_at) == ("reported", moment("2025-09-11 09:00"))
    assert [found.role for found in attachments_of(case)] == ["before"]
    assert (entry_of(case).data["finding"], entry_of(case).data["note"]) == (finding, "三号楼前")


# -- decline 不予受理 -------------------------------------------------------------------------------------


def test_a_decline_says_why_and_where_to_turn(make_case, clerk, told, entry_of):
    case = make_case()
    case = actions.decline_case(case, by=clerk, reason="elsewhere", note="由水务公司负责", turn_to="96390")
    assert (case.state, case.decline_reason, case.reply) == ("declined", "elsewhere", "由水务公司负责")
    assert entry_of(case).data["turn_to"] == "96390"
    assert told(case) == {("resident", "report.declined")}


# -- file 立案 -------------------------------------------------------------------------------------------


def test_filing_promises_a_day_and_tells_the_reporter(make_case, clerk, cast, told, entry_of):
    case = actions.file_case(make_case(), by=clerk, matter=cast.plots)
    assert (case.state, case.urgency, case.filed_at) == ("filed", "ordinary", moment("2025-09-10 09:00"))
    assert case.due_at == moment("2025-09-11 09:00")
    # One day to assign, four hours to acknowledge, seven days to resolve.
    assert case.promised_at == moment("2025-09-22 15:30")
    assert entry_of(case).data["promised"] == case.promised_at.isoformat()
    assert told(case) == {("resident", "report.accepted")}


def test_the_clerk_may_call_it_more_urgent_than_the_catalogue(make_case, clerk, cast):
    case = actions.file_case(make_case(), by=clerk, matter=cast.plots, urgency="critical")
    assert (case.urgency, case.due_at) == ("critical", moment("2025-09-10 10:00"))


def test_nothing_is_filed_under_a_retired_matter(make_case, clerk, cast, refused, unchanged):
    actions.retire_matter(cast.plots, by=cast.administrator)
    cast.plots.refresh_from_db()
    case = make_case()
    with unchanged(), refused("case.matter_retired"):
        actions.file_case(case, by=clerk, matter=cast.plots)


def test_a_duty_that_has_ended_opens_nothing(make_case, clerk):
    case = make_case()
    clerk.duties.update(ends_on="2025-09-10")
    clerk.forget_duties()
    assert rules.may("file", case, clerk)
    with travel(moment("2025-09-11 09:00")):
        assert rules.may("file", case, clerk).code == "case.not_your_duty"
