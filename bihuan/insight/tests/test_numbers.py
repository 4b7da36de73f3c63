"""What the Numbers page says: right in what was worked out by hand, and with the cases to prove it."""

from datetime import date
from typing import Any

import pytest

from bihuan.cases import actions as loop
from bihuan.cases.models import Case
from bihuan.cases.tests.conftest import moment
from bihuan.core.clock import travel
from bihuan.insight import background
from bihuan.insight.periods import DAY, KINDS, MONTH, QUARTER, WEEK, YEAR, Period
from bihuan.insight.queries import View, figures_for

pytestmark = pytest.mark.django_db


def figures(cast: Any, period: Period, **narrower: Any) -> dict[str, Any]:
    view = View(period, narrower.pop("area", cast.places.district), **narrower)
    return figures_for(view).figures


def part(figure: Any) -> tuple[int | None, int | None]:
    return figure.top, figure.bottom


SEPTEMBER = Period(date(2025, 9, 1), MONTH)


# -- worked out by hand ------------------------------------------------------------------------------------


def test_a_case_done_in_time_and_one_done_late(make_case: Any, settle: Any, cast: Any) -> None:
    with travel(moment("2025-09-09 10:00")):  # urgent: 2 h + 1 h + 24 h of natural time
        make_case(at="closed")
        late = make_case(at="handling")
    with travel(moment("2025-09-11 10:00")):
        make_case.close(make_case.inspect(make_case.resolve(late, None), None), None)
        settle()
        found = figures(cast, SEPTEMBER)
    assert part(found["in_time_rate"]) == (1, 2)
    assert part(found["closing_rate"]) == (2, 2)
    assert part(found["suspension_rate"]) == (0, 2)
    assert found["in_time_rate"].value == 0.5
    assert part(found["reported"]) == (2, None)
    assert part(found["filing_rate"]) == (2, 2)
    assert found["mean_time"].value == 24 * 3600  # none and two days
    assert found["red"].top == 1  # the limit was 24 hours


def test_a_suspended_case_is_left_out_until_it_is_taken_up(make_case: Any, settle: Any, cast: Any) -> None:
    with travel(moment("2025-09-09 10:00")):
        case = make_case(at="suspended")  # for five days; due 10 September, 13:00
        make_case(at="closed")
        settle()
    with travel(moment("2025-09-11 10:00")):
        found = figures(cast, Period(date(2025, 9, 8), WEEK))
        assert part(found["suspension_rate"]) == (1, 2)
        assert part(found["in_time_rate"]) == (1, 1)
    with travel(moment("2025-09-13 10:00")):
        loop.resume_case(case, by=cast.dispatcher)
        make_case.close(make_case.inspect(make_case.resolve(case, None), None), None)
        settle()
    with travel(moment("2025-09-15 10:00")):
        assert part(figures(cast, Period(date(2025, 9, 10), DAY))["in_time_rate"]) == (1, 1)
        assert part(figures(cast, Period(date(2025, 9, 14), DAY))["in_time_rate"]) == (1, 1)


def test_more_time_moves_the_day(make_case: Any, settle: Any, cast: Any) -> None:
    with travel(moment("2025-09-09 10:00")):
        case = make_case(at="handling")
        loop.ask_extension(case, by=cast.handler, seconds=20 * 3600, reason="等待配件")
        loop.decide_extension(case, by=cast.dispatcher, granted=True)
        settle()
    with travel(moment("2025-09-12 10:00")):
        found = figures(cast, Period(date(2025, 9, 11), DAY))  # 10 September 13:00 and twenty hours
        assert part(found["extension_rate"]) == (1, 1)


def test_a_return_is_upheld_when_another_unit_gets_it(make_case: Any, settle: Any, cast: Any) -> None:
    with travel(moment("2025-09-09 10:00")):
        rightly, wrongly = make_case(at="assigned"), make_case(at="assigned")
        for case, unit in ((rightly, cast.works), (wrongly, cast.bureau)):
            loop.return_case(case, by=cast.handler, right_unit=cast.works, reason="不归我们")
            loop.assign_case(case, by=cast.dispatcher, unit=unit, note="按职责")
        settle()
    with travel(moment("2025-09-12 10:00")):
        assert part(figures(cast, SEPTEMBER)["dispatch_accuracy"]) == (3, 4)
        assert part(figures(cast, SEPTEMBER, unit=cast.bureau)["dispatch_accuracy"]) == (2, 3)
        assert part(figures(cast, SEPTEMBER, unit=cast.works)["dispatch_accuracy"]) == (1, 1)


def test_rework_counts_once_and_late_work_is_late(make_case: Any, settle: Any, cast: Any) -> None:
    with travel(moment("2025-09-09 10:00")):
        case = loop.rework_case(make_case(at="resolved"), by=cast.inspector, reason="仍在漏水")
    with travel(moment("2025-09-10 18:00")):
        make_case.close(make_case.inspect(make_case.resolve(case, None), None), None)
        settle()
        found = figures(cast, SEPTEMBER)
    assert part(found["rework_rate"]) == (1, 1)
    assert part(found["in_time_rate"]) == (0, 1)


def test_who_gives_no_rating_is_never_satisfied(make_case: Any, settle: Any, cast: Any) -> None:
    said = [("satisfied", True), ("fairly", True), ("dissatisfied", False), ("", True)]
    with travel(moment("2025-09-09 10:00")):
        for satisfaction, solved in said:
            case = make_case(at="inspected", consenting=True)
            loop.call_back_case(case, by=cast.clerk, answered=True, solved=solved, satisfaction=satisfaction)
        silent = make_case(at="inspected", consenting=True)
        loop.call_back_case(silent, by=cast.clerk, answered=False)
        make_case(at="closed")  # nobody to call
        settle()
    with travel(moment("2025-09-12 10:00")):
        found = figures(cast, SEPTEMBER)
    assert part(found["callback_rate"]) == (4, 5)
    assert part(found["solved_rate"]) == (3, 4)
    assert part(found["satisfaction_rate"]) == (2, 3)


def test_of_several_reporters_not_the_last_one_counts_but_all(make_case: Any, settle: Any, cast: Any) -> None:
    """One says it is not solved, then another is content: the case is neither solved nor satisfactory."""
    with travel(moment("2025-09-09 10:00")):
        into = make_case()
        loop.merge_case(make_case(), by=cast.clerk, into=into)
        case = into
        for step in make_case.way_to("inspected"):
            case = getattr(make_case, step)(case, cast.pipes)
        Case.objects.filter(pk=case.pk).update(reopened=True)
        first, second = case.reports.order_by("pk")
        loop.answer_report(first, by=cast.resident, solved=False, satisfaction="dissatisfied")
        loop.answer_report(second, by=cast.resident, solved=True, satisfaction="satisfied")
        settle()
    with travel(moment("2025-09-12 10:00")):
        found = figures(cast, SEPTEMBER)
    assert part(found["callback_rate"]) == (1, 1)
    assert part(found["solved_rate"]) == (0, 1)
    assert part(found["satisfaction_rate"]) == (0, 1)


def test_merged_withdrawn_and_declined(make_case: Any, settle: Any, cast: Any) -> None:
    with travel(moment("2025-09-09 10:00")):
        make_case(at="declined")
        into = make_case(at="handling")
        loop.merge_case(make_case(), by=cast.clerk, into=into)
        taken_back = make_case.report()
        loop.withdraw_case(taken_back.case, by=cast.resident, report=taken_back)
        settle()
        found = figures(cast, SEPTEMBER)
    assert part(found["filing_rate"]) == (1, 2)
    assert [found[name].top for name in ("reported", "merged", "withdrawn", "declined")] == [4, 1, 1, 1]


def test_spot_checks_and_handling_on_the_spot(
    make_case: Any, settle: Any, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda _below: 0)
    with travel(moment("2025-09-09 10:00")):
        loop.spot_check_case(make_case(at="self_handled"), by=cast.inspector, passed=True)
        loop.spot_check_case(make_case(at="self_handled"), by=cast.inspector, passed=False)
        settle()
        found = figures(cast, SEPTEMBER)
    assert part(found["check_rate"]) == (1, 2)
    assert part(found["filing_rate"]) == (2, 2)
    assert part(found["in_time_rate"]) == (0, 0)
    assert found["in_time_rate"].value is None


def test_the_same_place_and_matter_again(make_case: Any, settle: Any, cast: Any) -> None:
    with travel(moment("2025-09-09 10:00")):
        make_case(at="closed")
        settle()
    with travel(moment("2025-09-29 10:00")):
        make_case(at="filed", matter=cast.litter)  # another matter
        settle()
        assert part(figures(cast, SEPTEMBER)["repeat_rate"]) == (0, 1)
        make_case(at="filed")
        settle()
        assert part(figures(cast, SEPTEMBER)["repeat_rate"]) == (1, 1)


def test_an_excused_case_is_nobodys_fault(make_case: Any, settle: Any, cast: Any) -> None:
    with travel(moment("2025-09-09 10:00")):
        case = make_case(at="closed")
        make_case(at="closed")
        loop.appeal_case(case, by=cast.handler, against="lateness", reason="停水未到。")
        asked = case.appeals.get()
        loop.decide_appeal(case, by=cast.district_dispatcher, appeal=asked, upheld=True, ruling="属实")
        settle()
    with travel(moment("2025-09-12 10:00")):
        assert part(figures(cast, SEPTEMBER)["in_time_rate"]) == (1, 1)
        case.refresh_from_db()
        loop.answer_report(case.reports.get(), by=cast.resident, solved=False)
        settle()
        assert part(figures(cast, SEPTEMBER)["in_time_rate"]) == (1, 2), "taken up again, it is judged anew"


def test_what_stood_open_at_night(make_case: Any, settle: Any, cast: Any) -> None:
    with travel(moment("2025-09-09 10:00")):
        make_case(at="handling")
        make_case(at="closed")
        settle()
    for night, overdue in ((9, 0), (10, 1)):
        with travel(moment(f"2025-09-{night + 1} 01:23")):
            background.close_the_day()
            found = figures(cast, Period(date(2025, 9, night), DAY))
            assert (found["open_at_end"].top, found["overdue_at_end"].top) == (1, overdue)


def test_a_running_period_counts_what_is_due_up_to_today(make_case: Any, settle: Any, cast: Any) -> None:
    with travel(moment("2025-09-09 10:00")):
        make_case(at="handling")  # due tomorrow
        settle()
        for kind in (WEEK, MONTH, QUARTER, YEAR):
            assert figures(cast, Period.holding(date(2025, 9, 9), kind))["suspension_rate"].bottom == 0
    with travel(moment("2025-09-10 10:00")):
        for kind in KINDS:
            assert figures(cast, Period.holding(date(2025, 9, 10), kind))["suspension_rate"].bottom == 1
