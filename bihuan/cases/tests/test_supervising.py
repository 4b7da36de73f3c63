"""Notices by hand and their answers; being on site in time; writing to the reporter."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bihuan.accounts.tests.factories import hold, make_person
from bihuan.audit.queries import entries_about
from bihuan.cases import actions, queries, rules
from bihuan.cases.models import Case, Matter
from bihuan.cases.tests.browsing import address, client_of
from bihuan.cases.tests.test_clock import HOUR, sweep_at, verbs
from bihuan.cases.tests.verbs_supervision import critical_case
from bihuan.core.clock import now, travel

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def case(make_case):
    return make_case(at="handling")


def supervise(case, by, level="ordinary", words="请于周五前修复。"):
    return actions.supervise_case(case, by=by, level=level, words=words)


# -- by hand --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["supervisor", "leader"])
def test_a_notice_by_hand_says_what_is_wanted(cast, case, entry_of, told, who):
    case = supervise(case, getattr(cast, who))
    notice = case.supervision_notices.get()
    assert (notice.level, notice.why, notice.unit, notice.issued_by, notice.words) == (
        "ordinary", "hand", cast.bureau, getattr(cast, who), "请于周五前修复。"
    )  # fmt: skip
    assert case.supervision == "ordinary"
    assert entry_of(case).data["notice"] == notice.number
    assert ("handler", "case.supervised") in told(case)


def test_it_raises_the_level_by_one_and_never_lowers_it(cast, case, refused, unchanged):
    for level in ("yellow", "red", "", "purple"):
        with unchanged(), refused("case.one_level_at_a_time"):
            supervise(case, cast.supervisor, level)
    case = supervise(case, cast.supervisor, "ordinary")
    case = supervise(case, cast.supervisor, "yellow")
    with refused("case.one_level_at_a_time"):
        supervise(case, cast.supervisor, "ordinary")
    case = supervise(case, cast.supervisor, "red")
    assert (case.supervision, case.agenda_on.isoformat()) == ("red", "2025-09-15")
    assert [level.value for level in rules.levels_for(case)] == ["red"]


def test_one_notice_of_a_level_waits_for_its_answer_before_the_next(cast, case, refused):
    supervise(case, cast.supervisor)
    with refused("case.notice_stands"):
        supervise(case, cast.leader)
    actions.answer_supervision(case, by=cast.handler, words="周五修复。")
    assert supervise(case, cast.leader, words="今天是周五。").supervision_notices.count() == 2


def test_a_supervisor_of_another_street_supervises_nothing_here(cast, case, refused, unchanged):
    other = make_person(duties=[("supervisor", cast.places.other)])
    with unchanged(), refused("case.not_your_duty"):
        supervise(case, other)


def test_where_no_unit_has_it_the_notice_is_for_the_desk(cast, make_case, entry_of):
    case = supervise(make_case(at="reported"), cast.supervisor, words="请今天受理。")
    assert case.supervision_notices.get().addressee == cast.places.street
    case = actions.answer_supervision(case, by=cast.clerk, words="今天受理。")
    assert case.supervision_notices.get().answered_by == cast.clerk
    assert entry_of(case).data["notices"] == [f"{case.number}-01"]


# -- the answer -----------------------------------------------------------------------------------------


def test_one_answer_is_enough_for_all_notices_and_stays(cast, case, refused, told):
    _taken, case = sweep_at(now() + timedelta(hours=36), case)
    with travel(now() + timedelta(hours=36)):
        supervise(case, cast.supervisor, "yellow")
        actions.answer_supervision(case, by=cast.handler, words="  配件周四到。 ")
        answers = set(case.supervision_notices.values_list("answer", "answered_by", "answered_at"))
        assert answers == {("配件周四到。", cast.handler.pk, now())}
        with refused("case.nothing_to_answer"):
            actions.answer_supervision(case, by=cast.handler, words="再说一次")
    assert ("supervisor", "case.supervision_answered") in told(case)


def test_whoever_stands_in_reads_the_answer(cast, case, stand_in_for, told):
    supervise(case, cast.leader)
    stand_in = stand_in_for(cast.leader)
    actions.answer_supervision(case, by=cast.handler, words="配件周四到。")
    found = told(case)
    for person in (cast.leader, stand_in):
        assert (person.username, "case.supervision_answered") in found


def test_only_whom_it_is_for_answers(cast, case, refused, unchanged):
    supervise(case, cast.supervisor)
    for person in (cast.clerk, cast.dispatcher, cast.stranger, cast.supervisor, cast.resident):
        with unchanged(), refused("case.not_your_duty"):
            actions.answer_supervision(case, by=person, words="知道了")


def test_a_unit_answers_its_own_notices_only(cast, make_case):
    """Returned and given to another unit, the first unit's notice stays the first unit's."""
    case = supervise(make_case(at="assigned"), cast.supervisor)
    case = actions.return_case(case, by=cast.handler, right_unit=cast.works, reason="不归我们")
    case = actions.assign_case(case, by=cast.dispatcher, unit=cast.works)
    case = supervise(case, cast.supervisor, "yellow")
    hold(cast.stranger, "handler", cast.works)
    actions.answer_supervision(case, by=cast.stranger, words="马上去。")
    answered = dict(case.supervision_notices.values_list("unit__code", "answer"))
    assert answered == {"CG": "", "ZJ": "马上去。"}


# -- on site --------------------------------------------------------------------------------------------


def test_the_desk_answers_for_a_unit_that_has_it_no_more(cast, make_case, refused, unchanged):
    case = make_case(at="resolved")
    for reason in ("一", "二", "三"):
        case = actions.rework_case(case, by=cast.inspector, reason=reason)
        if case.state == "handling":
            case = actions.resolve_case(case, by=cast.handler, note="已修复")
    assert (case.unit, case.supervision_notices.get().unit) == (None, cast.bureau)
    with unchanged(), refused("case.not_your_duty"):
        actions.answer_supervision(case, by=cast.handler, words="马上去。")
    case = actions.answer_supervision(case, by=cast.district_dispatcher, words="改由住建局承办。")
    assert case.supervision_notices.get().answered_by == cast.district_dispatcher


def test_what_is_critical_needs_somebody_there_within_two_hours(cast, told):
    case = critical_case(cast)
    assert case.on_site_due == now() + timedelta(hours=2)
    missed = case.on_site_due
    taken, case = sweep_at(missed, case)
    assert (taken, verbs(case)[-1], case.supervision, case.on_site_due) == (
        1, "on_site_missed", "ordinary", None
    )  # fmt: skip
    notice = case.supervision_notices.get()
    assert (notice.why, notice.unit, notice.issued_at) == ("on_site", cast.bureau, missed)
    assert {"handler", "dispatcher"} <= {who for who, kind in told(case) if kind == "case.on_site_missed"}
    assert sweep_at(missed + timedelta(hours=1), case)[0] == 0, "once"


def test_whoever_is_there_in_time_hears_no_more_of_it(cast, entry_of):
    case = critical_case(cast)
    with travel(now() + timedelta(minutes=90)):
        case = actions.arrive_on_site(case, by=cast.handler)
    assert (case.arrived_at, case.on_site_due) == (now() + timedelta(minutes=90), None)
    assert (entry_of(case).verb, entry_of(case).data["late"]) == ("case.arrived", False)
    sweep_at(now() + timedelta(hours=3), case)
    assert "on_site_missed" not in verbs(case)


def test_one_may_arrive_late_and_says_it_once(cast, refused):
    case = critical_case(cast)
    with travel(now() + timedelta(hours=3)):
        case = actions.arrive_on_site(case, by=cast.handler)
        assert verbs(case)[-2:] == ["on_site_missed", "arrived"], "though no worker had come by"
        assert entries_about(case).last().data["late"] is True
        with refused("case.arrived_already"):
            actions.arrive_on_site(case, by=cast.handler)


def test_whoever_is_done_need_not_arrive(cast):
    case = actions.resolve_case(critical_case(cast), by=cast.handler, note="阀门已关")
    assert case.on_site_due is None
    sweep_at(now() + timedelta(hours=5), case)
    assert "on_site_missed" not in verbs(case)


def test_elsewhere_nobody_has_to_be_on_site(cast, case, refused):
    assert case.on_site_due is None
    with refused("case.no_on_site"):
        actions.arrive_on_site(case, by=cast.handler)
    assert "arrive" not in [choice.verb for choice in queries.choices_for(case, cast.handler)]


def test_the_page_has_one_button_for_it(cast):
    case = critical_case(cast)
    handler = client_of(cast.handler)
    page = handler.get(reverse("cases:show", args=[case.number])).content.decode()
    assert 'class="on-site"' in page
    assert handler.post(address(case, "arrive")).status_code == 302
    assert Case.objects.get(pk=case.pk).arrived_at == now()
    page = handler.get(reverse("cases:show", args=[case.number])).content.decode()
    assert 'class="on-site"' not in page


# -- contact --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("matter", "hours"), [("pipes", 2), ("plots", 24)])
def test_reporters_are_to_hear_from_somebody(cast, make_case, matter, hours):
    """Within two hours when it is urgent, else within a working day: the same hour of the next one."""
    case = make_case(at="handling", matter=getattr(cast, matter))
    assert case.contact_due == now() + timedelta(hours=hours)


def test_the_first_message_counts_and_each_is_read_where_it_is_followed(cast, make_case, told, client):
    case = make_case(at="handling")
    case = actions.contact_reporters(case, by=cast.handler, words="下午四点前来水。")
    first = case.contacted_at
    with travel(now() + timedelta(hours=1)):
        case = actions.contact_reporters(case, by=cast.clerk, words="还要两小时。")
    assert case.contacted_at == first == now()
    assert [entry.data["first"] for entry in entries_about(case).filter(verb="case.contacted")] == [
        True,
        False,
    ]
    assert ("resident", "report.message") in told(case)
    report = case.reports.get()
    page = client.get(reverse("cases:track", args=[report.tracking_code])).content.decode()
    assert "下午四点前来水。" in page
    assert "还要两小时。" in page


def test_a_message_holds_no_reporters_phone(cast, make_case, refused, unchanged):
    case = make_case(at="handling", consenting=True)
    for words in ("已致电13800000001。", "请回电 138-0000-0001", "电话+86 138 0000 0001"):
        with unchanged(), refused("case.phone_in_message"):
            actions.contact_reporters(case, by=cast.clerk, words=words)
    actions.contact_reporters(case, by=cast.clerk, words="请致电水务公司 96390，编号 20250910001。")


def test_where_nobody_can_read_it_nothing_is_owed_and_nothing_written(cast, make_case, refused):
    report = make_case.report(by=cast.clerk, channel="sheet")
    case = actions.file_case(report.case, by=cast.clerk, matter=cast.pipes)
    case = actions.assign_case(case, by=cast.dispatcher, unit=cast.bureau)
    case = actions.acknowledge_case(case, by=cast.handler)
    assert case.contact_due is None
    with refused("case.nobody_to_tell"):
        actions.contact_reporters(case, by=cast.handler, words="马上来。")


def test_another_unit_begins_anew_with_being_there_but_not_with_the_word_given(cast, make_case):
    matter = Matter.objects.create(code="09", name="其他", urgency="critical")
    case = make_case(at="handling", matter=matter)
    case = actions.arrive_on_site(case, by=cast.handler)
    case = actions.contact_reporters(case, by=cast.handler, words="到了。")
    contacted, due = case.contacted_at, case.contact_due
    for _ in range(3):
        case = actions.resolve_case(case, by=cast.handler, note="已修复")
        case = actions.rework_case(case, by=cast.inspector, reason="不行")
    case = actions.assign_case(case, by=cast.district_dispatcher, unit=cast.bureau)
    with travel(now() + timedelta(seconds=HOUR / 12)):
        case = actions.acknowledge_case(case, by=cast.handler)
        assert (case.arrived_at, case.on_site_due) == (None, now() + timedelta(hours=2))
    assert (case.contacted_at, case.contact_due) == (contacted, due)


def test_handlers_never_see_the_number_they_answer_to(cast, make_case):
    case = make_case(at="handling", consenting=True)
    page = client_of(cast.handler).get(address(case, "contact")).content.decode()
    assert "13800000001" not in page
