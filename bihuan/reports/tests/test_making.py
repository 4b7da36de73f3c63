"""Reports are made in their hour, once, and add up; what comes late is told in the next one."""

from dataclasses import replace
from datetime import date, time

import pytest
from django.db import IntegrityError, connection, transaction

from bihuan.audit.models import Entry
from bihuan.core.clock import travel
from bihuan.ledgers import actions as ledgers
from bihuan.ledgers.definition import Figure, Words
from bihuan.ledgers.tests.conftest import moment
from bihuan.ledgers.tests.factories import plots, step_changed
from bihuan.reports import actions
from bihuan.reports.documents import digest
from bihuan.reports.models import Remark, Report
from bihuan.reports.tests.conftest import again, rows, said, value

pytestmark = pytest.mark.usefixtures("at_nine")

ANYBODY = ("team", "role:清理队")
EASY = step_changed(plots(), "survey", who=ANYBODY, evidence=())
EASY = step_changed(EASY, "clear", who=ANYBODY, evidence=(), gate="", relevant="${reason} != 'unable'")
EASY = replace(
    step_changed(EASY, "accept", who=ANYBODY, other_than=""),
    documents=(),
    figures=(
        *EASY.figures,
        Figure("big", Words("大地块", "Large"), of="field:size", where="${size} >= 100"),
    ),
)


@pytest.fixture
def campaign(make_campaign):
    return make_campaign(definition=EASY, summary_at=time(18, 30))


def test_the_evening_summary_comes_at_its_hour_and_once(campaign, make_item, evening, force):
    item = make_item(campaign=campaign)
    with travel(moment("2025-09-10 10:00")):
        ledgers.take_step(item, by=force.member, answers={"reason": "refused"})
    assert evening("2025-09-10 18:29") == []
    (report,) = evening("2025-09-10 18:30")
    assert evening("2025-09-10 18:31") == []
    assert report.number == f"{campaign.number}-日-001"
    assert (report.begins, report.ends) == (date(2025, 9, 10), date(2025, 9, 10))
    assert report.made_by is None and report.until == moment("2025-09-10 18:30")
    assert bytes(report.digest).hex() == digest(said(report))
    assert value(report, "sites") == (1, 1)
    done = rows(report, "changes")
    assert [(one["number"], one["step"], one["by"]) for one in done] == [
        ("1", Words("登记", "Entered"), "受理员"),
        ("1", Words("统一清理", "Clear"), "组员"),
    ]
    assert said(report).title == Words("小菜园清理每日小结", "小菜园清理: Daily summary")


def test_what_happens_after_the_hour_stands_in_the_next_one(campaign, make_item, evening, force):
    evening("2025-09-10 18:30")
    with travel(moment("2025-09-10 20:00")):
        make_item(campaign=campaign)
    (second,) = evening("2025-09-11 18:30")
    assert value(second, "sites") == (1, 1)
    assert [one["number"] for one in rows(second, "changes")] == ["1"]
    assert second.number.endswith("-日-002")


def test_missed_evenings_are_caught_up_with_their_own_values(campaign, make_item, evening, force):
    make_item(campaign=campaign)
    for day in (11, 12):
        with travel(moment(f"2025-09-{day} 10:00")):
            make_item(campaign=campaign)
            make_item(campaign=campaign)
    made = evening("2025-09-13 09:00")
    assert [value(one, "sites") for one in made] == [(1, 1), (3, 2), (5, 2)]
    assert [len(rows(one, "changes")) for one in made] == [1, 2, 2]
    assert made[0].until == moment("2025-09-11 00:00")
    assert [one.number[-3:] for one in made] == ["001", "002", "003"]


def test_a_campaign_that_sets_no_hour_has_no_daily_summary(make_campaign, make_item, evening):
    campaign = make_campaign(definition=EASY)
    make_item(campaign=campaign)
    assert evening("2025-09-10 23:59") == []


def test_weekly_and_final_reports_come_in_the_same_way(make_campaign, make_item, evening, cast):
    campaign = make_campaign()  # its ledger has a weekly document, on Fridays at five
    make_item(campaign=campaign)
    made = evening("2025-09-12 19:00")
    assert [(one.kind, one.begins.day, one.ends.day) for one in made] == [
        ("daily", 10, 10), ("daily", 11, 11), ("daily", 12, 12), ("weekly", 10, 12),
    ]  # fmt: skip
    assert [one.code for one in said(made[3]).parts[0].figures] == ["done"]
    with travel(moment("2025-09-15 11:00")):
        ledgers.finish_campaign(campaign, by=cast.clerk, lessons="先易后难")
    last = evening("2025-09-15 11:01")
    assert [(one.kind, one.ends.day) for one in last] == [
        ("daily", 13), ("daily", 14), ("daily", 15), ("final", 15),
    ]  # fmt: skip
    assert last[-1].number == f"{campaign.number}-终-001"
    assert value(last[-1], "sites") == (1, 1)
    assert evening("2025-10-15 11:01") == []


def test_a_correction_stands_in_the_next_one_with_the_report_that_it_corrects(
    campaign, make_item, evening, force, cast
):
    item = make_item(campaign=campaign)
    ledgers.fill_item(item, by=force.member, answers={"plots": [{"size": "100"}]})
    ledgers.take_step(again(item), by=force.member, answers={"reason": "refused"})
    (first,) = evening("2025-09-10 18:30")
    assert value(first, "area") == (100, 100)
    with travel(moment("2025-09-11 10:00")):
        ledgers.correct_item(
            again(item), by=cast.clerk, answers={"plots": [{"size": "80"}]}, reason="复量为八十"
        )
    (second,) = evening("2025-09-11 18:30")
    assert rows(first, "corrections") == []
    assert value(second, "area") == (80, -20)
    found = {str(one["figure"].zh): one for one in rows(second, "corrections")}
    area = found["复绿面积"]
    assert (area["report"], area["day"]) == (first.number, date(2025, 9, 10))
    assert (area["was"], area["now"], area["difference"], area["why"]) == (100, 80, -20, "复量为八十")
    assert found["大地块"]["now"] == 0
    assert set(found) == {"复绿面积", "大地块"}
    (third,) = evening("2025-09-12 18:30")
    assert rows(third, "corrections") == []


def test_a_correction_names_the_report_that_told_the_figure_not_that_of_the_answer(
    make_campaign, make_item, evening, force, cast
):
    refused = replace(plots().figures[2], where="${reason} = 'refused'")
    figures = (*plots().figures[:2], refused)
    campaign = make_campaign(definition=replace(EASY, figures=figures), summary_at=time(18, 30))
    item = make_item(campaign=campaign)
    ledgers.take_step(again(item), by=force.member, answers={"reason": "refused"})
    evening("2025-09-10 18:30")
    with travel(moment("2025-09-11 10:00")):
        ledgers.take_step(again(item), by=force.cleaner, answers={"cleared": "2025-09-11"})
    (second,) = evening("2025-09-11 18:30")
    assert value(second, "done") == (1, 1)
    with travel(moment("2025-09-12 10:00")):
        ledgers.correct_item(again(item), by=cast.clerk, answers={"reason": "unable"}, reason="原因登记有误")
    (third,) = evening("2025-09-12 18:30")
    (row,) = rows(third, "corrections")
    assert (row["report"], row["was"], row["now"], row["difference"]) == (second.number, 1, 0, -1)


def test_what_is_corrected_before_its_report_is_no_correction(campaign, make_item, evening, force, cast):
    item = make_item(campaign=campaign)
    ledgers.fill_item(item, by=force.member, answers={"plots": [{"size": "100"}]})
    evening("2025-09-09 18:30")
    ledgers.correct_item(again(item), by=cast.clerk, answers={"plots": [{"size": "8"}]}, reason="量错")
    (first,) = evening("2025-09-10 18:30")
    assert rows(first, "corrections") == [] and value(first, "area") == (8, 8)


def test_blocked_due_and_overdue_are_listed_with_reason_and_person(make_campaign, make_item, evening, force):
    campaign = make_campaign(definition=step_changed(EASY, "survey", limit="1d", calendar="natural"))
    campaign.summary_at = time(18, 30)
    campaign.save(update_fields=["summary_at"])
    item = make_item(campaign=campaign)
    ledgers.block_item(item, by=force.member, why="外出务工，联系不上")
    (first,) = evening("2025-09-10 18:30")
    assert [(one["title"], one["why"], one["responsible"]) for one in rows(first, "blocked")] == [
        (item.title, "外出务工，联系不上", "组员")
    ]
    assert [one["number"] for one in rows(first, "due")] == ["1"]
    assert rows(first, "overdue") == []
    (_second, third) = evening("2025-09-12 18:30")
    assert [(one["number"], one["late"]) for one in rows(third, "overdue")] == [("1", 1)]


def test_long_lists_are_cut_and_say_by_how_much(campaign, make_item, evening, monkeypatch):
    monkeypatch.setattr("bihuan.reports.writing.lists.MOST_ROWS", 2)
    for _time in range(5):
        make_item(campaign=campaign)
    (report,) = evening("2025-09-10 18:30")
    table = next(one for one in said(report).parts[0].tables if one.code == "changes")
    assert (len(table.rows), table.beyond) == (2, 3)


def test_what_somebody_wrote_goes_into_the_next_report_once(campaign, evening, cast):
    written = actions.write_remark(campaign, by=cast.clerk, document="daily", text="继续清运")
    actions.write_remark(campaign, by=cast.clerk, document="daily", text="明日继续清运")
    assert Remark.objects.get() == written
    (first,) = evening("2025-09-10 18:30")
    (second,) = evening("2025-09-11 18:30")
    assert [one.text for one in said(first).parts[0].texts] == ["明日继续清运"]
    assert said(second).parts[0].texts == ()
    assert Remark.objects.get().report == first
    assert "清运" not in str(list(Entry.objects.values_list("data", flat=True)))


def test_an_empty_text_is_taken_away(campaign, cast):
    actions.write_remark(campaign, by=cast.clerk, document="daily", text="继续清运")
    assert actions.write_remark(campaign, by=cast.clerk, document="daily", text=" ") is None
    assert not Remark.objects.exists()


def test_only_who_runs_the_campaign_writes_for_it(campaign, force, cast, refused):
    with refused("report.not_yours"):
        actions.write_remark(campaign, by=force.member, document="daily", text="继续")
    with refused("report.no_document"):
        actions.write_remark(campaign, by=cast.clerk, document="nonsense", text="继续")
    ledgers.finish_campaign(campaign, by=cast.clerk)
    with refused("campaign.wrong_state"):
        actions.write_remark(campaign, by=cast.clerk, document="daily", text="继续")
    assert not Remark.objects.exists()


def test_a_remark_fails_whole(campaign, cast, breaking_record):
    down = breaking_record("bihuan.reports.actions.remarking")
    with pytest.raises(down):
        actions.write_remark(campaign, by=cast.clerk, document="daily", text="继续")
    assert not Remark.objects.exists()


# -- interim ------------------------------------------------------------------------------------------


def test_an_interim_report_has_no_number_and_changes_nothing(campaign, make_item, evening, cast, entry_of):
    make_item(campaign=campaign)
    report = actions.make_interim_report(campaign, by=cast.clerk)
    assert (report.number, report.interim, report.made_by) == ("", True, cast.clerk)
    assert value(report, "sites") == (1, 1)
    assert entry_of(report).data["interim"] is True
    (evenings,) = evening("2025-09-10 18:30")
    assert value(evenings, "sites") == (1, 1), "it is nobody's predecessor"
    actions.make_interim_report(campaign, by=cast.clerk)


def test_only_who_runs_a_running_campaign_makes_one(campaign, make_campaign, force, cast, refused):
    with refused("report.not_yours"):
        actions.make_interim_report(campaign, by=force.member)
    with refused("campaign.wrong_state"):
        actions.make_interim_report(make_campaign(begun=False), by=cast.clerk)
    assert not Report.objects.exists()


def test_an_interim_report_fails_whole(campaign, cast, breaking_record):
    down = breaking_record("bihuan.reports.actions.making")
    with pytest.raises(down):
        actions.make_interim_report(campaign, by=cast.clerk)
    assert not Report.objects.exists()


def test_a_report_that_cannot_be_recorded_is_made_later(campaign, evening, breaking_record, monkeypatch):
    down = breaking_record("bihuan.reports.actions.making")
    with travel(moment("2025-09-10 18:30")), pytest.raises(down):
        actions.make_next_report(campaign)
    assert not Report.objects.exists()
    monkeypatch.undo()


# -- for good -----------------------------------------------------------------------------------------


def test_the_database_keeps_a_report_as_it_was_made(campaign, evening):
    (report,) = evening("2025-09-10 18:30")
    for statement in (
        "UPDATE reports_report SET kind = 'weekly'",
        "DELETE FROM reports_report",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    copy = Report.objects.get(pk=report.pk)
    copy.pk = None
    copy.number += "x"
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_leaders_are_told(campaign, evening, told, stand_in_for, cast):
    (report,) = evening("2025-09-10 18:30")
    assert told(report) == {("clerk", "summary.made")}


def test_making_costs_the_same_whatever_the_number_of_items(
    campaign, make_item, evening, django_assert_max_num_queries, force
):
    for _time in range(3):
        ledgers.take_step(make_item(campaign=campaign), by=force.member, answers={"reason": "refused"})
    with travel(moment("2025-09-10 18:30")), django_assert_max_num_queries(34):
        actions.make_next_report(campaign)
    with travel(moment("2025-09-11 10:00")):
        for _time in range(12):
            item = make_item(campaign=campaign)
            ledgers.take_step(item, by=force.member, answers={"reason": "refused"})
    with travel(moment("2025-09-11 18:30")), django_assert_max_num_queries(34):
        actions.make_next_report(campaign)


def test_a_document_of_a_newer_edition_goes_on_where_the_one_before_ended(
    make_campaign, make_item, evening, cast
):
    documents = plots().documents
    campaign = make_campaign()
    make_item(campaign=campaign)
    evening("2025-09-11 18:30")
    renamed = replace(
        campaign.edition.definition, documents=(replace(documents[0], code="evening"), documents[1])
    )
    edition = ledgers.keep_edition(campaign.edition.ledger, by=cast.clerk, definition=renamed)
    ledgers.use_edition(campaign, by=cast.clerk, edition=edition)
    made = [one for one in evening("2025-09-12 18:30") if one.kind == "daily"]
    assert [(one.document, one.ends.day, one.number[-3:]) for one in made] == [("evening", 12, "003")]
    assert value(made[0], "sites") == (1, 0)


def test_a_campaign_whose_report_fails_does_not_hold_up_others(make_campaign, monkeypatch):
    from bihuan.reports.actions import making

    first, second = make_campaign(), make_campaign()
    usual = making.write_summary

    def fail_for_first(campaign, *args, **more):
        assert campaign.pk != first.pk, "broken"
        return usual(campaign, *args, **more)

    monkeypatch.setattr(making, "write_summary", fail_for_first)
    with travel(moment("2025-09-10 18:30")), pytest.raises(AssertionError, match="broken"):
        actions.make_due_reports()
    assert [one.campaign_id for one in Report.objects.all()] == [second.pk]
