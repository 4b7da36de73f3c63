"""Merging, answering and ruling at the same moment, for real: nobody blocks, nothing happens twice."""

from collections import Counter
from datetime import timedelta

import pytest

from bihuan.audit.queries import entries_about, faults
from bihuan.cases import actions
from bihuan.cases.models import Appeal, Case, Report
from bihuan.core.clock import now, travel
from tests.test_threads import at_once, once_more

pytestmark = [pytest.mark.threads, pytest.mark.django_db(transaction=True)]


def test_crosswise_merging_leaves_one_open_case(make_case, cast):
    """A into B while B goes into A, eight times over: nobody waits for ever, and one of them stays open."""
    first, second = make_case(), make_case()

    def merge(case, into):
        return actions.merge_case(case, by=once_more(cast.clerk), into=into).state

    said = Counter(
        at_once([lambda pair=pair: merge(*pair) for pair in [(first, second), (second, first)] * 4])
    )

    assert said["merged"] == 1
    assert set(said) <= {"merged", "case.wrong_state", "case.merge_finished", "case.changed_meanwhile"}
    states = sorted(Case.objects.values_list("state", flat=True))
    assert states == ["merged", "reported"]
    assert set(Report.objects.values_list("case__state", flat=True)) == {"reported"}
    assert list(faults()) == []


def test_a_ring_of_cases_is_merged_into_one(make_case, cast):
    """A into B, B into C, C into A at once: whatever comes first, every report lies in the one open case."""
    ring = [make_case() for _ in range(3)]

    def merge(case, into):
        return actions.merge_case(case, by=once_more(cast.clerk), into=into).state

    at_once([lambda n=n: merge(ring[n], ring[(n + 1) % 3]) for n in range(3)] * 2)

    open_ones = list(Case.objects.open())
    assert open_ones
    for report in Report.objects.select_related("case"):
        assert report.case in open_ones
    for case in Case.objects.filter(state="merged"):
        assert case.merged_into in open_ones, "directly in the case that is worked on"
    assert list(faults()) == []


def test_a_merge_taken_back_while_another_is_made(make_case, cast):
    target, other = make_case(), make_case()
    merged = actions.merge_case(make_case(), by=cast.clerk, into=target)
    said = at_once(
        [
            lambda: actions.unmerge_case(merged, by=once_more(cast.clerk), reason="另一栋").state,
            lambda: actions.merge_case(target, by=once_more(cast.clerk), into=other).state,
        ]
    )
    assert set(said) <= {"reported", "merged", "case.changed_meanwhile"}
    merged.refresh_from_db()
    assert merged.merged_into in (None, other)
    report = merged.first_reports.first() or merged.reports.get()
    assert report.case == (merged.merged_into or merged)
    assert list(faults()) == []


def test_two_reporters_say_not_solved_at_the_same_moment(make_case, cast):
    first, second = make_case.report(), make_case.report()
    case = actions.merge_case(second.case, by=cast.clerk, into=first.case).merged_into
    for step in ("file", "assign", "acknowledge", "resolve", "inspect", "close"):
        case = getattr(make_case, step)(case, cast.pipes)

    said = at_once(
        [
            lambda report=report: (
                actions.answer_report(Report.objects.get(pk=report.pk), by=None, solved=False).state
            )
            for report in (first, second)
        ]
    )

    assert Counter(said) == {"handling": 1, "case.wrong_state": 1}
    assert Case.objects.get(pk=case.pk).reopened
    assert list(faults()) == []


def test_of_two_rulings_one_counts(make_case, cast):
    case = make_case(at="declined")
    asked = actions.appeal_report(case.reports.get(), by=None, reason="就在三号楼").appeals.get()

    def rule(upheld):
        return actions.decide_appeal(
            case, by=once_more(cast.district_dispatcher), appeal=asked, upheld=upheld, ruling="已查明"
        ).state

    said = at_once([lambda: rule(True), lambda: rule(False)] * 2)

    assert sum(not state.startswith("case.") for state in said) == 1
    assert set(said) <= {"reported", "declined", "case.no_appeal", "case.wrong_state"}
    assert entries_about(case).filter(verb="case.appeal_decided").count() == 1
    assert Appeal.objects.get().state in ("upheld", "rejected")


def test_four_workers_remind_the_district_once(make_case, cast):
    for _ in range(6):
        actions.appeal_report(make_case(at="declined").reports.get(), by=None, reason="就在三号楼")

    def sweep():
        with travel(now() + timedelta(days=30)):
            return actions.take_due_review_steps()

    assert sum(at_once([sweep] * 4)) + sweep() == 6 * 2
    for appeal in Appeal.objects.select_related("case"):
        verbs = [entry.verb for entry in entries_about(appeal.case)][-2:]
        assert verbs == ["case.appeal_reminded", "case.appeal_overdue"]
    assert list(faults()) == []
