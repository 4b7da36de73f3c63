"""Lists of items as workbooks: what somebody sees, in their language, for them alone."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage

from bihuan.accounts.actions import end_duty, give_duty
from bihuan.audit.running import Interrupted
from bihuan.core.clock import now, travel
from bihuan.core.sheets import read_workbook
from bihuan.ledgers import actions
from bihuan.ledgers.models import ItemExport
from bihuan.ledgers.queries.sheets import item_exports_of, outworn_item_exports, workbook_of_item_export
from bihuan.ledgers.sheets.exporting import write_items_export
from bihuan.ledgers.tests.factories import plots

pytestmark = pytest.mark.usefixtures("at_nine")


def ask(campaign: Any, by: Any, *, query: str = "", rows: int = 1, language: str = "en") -> ItemExport:
    return actions.ask_items(campaign, by=by, query=query, rows=rows, filters=[], language=language)


def table_of(export: ItemExport) -> Any:
    attachment = workbook_of_item_export(export)
    with default_storage.open(attachment.file.storage_name) as file:
        return read_workbook(BytesIO(file.read()), "items.xlsx")[0]


def test_a_list_holds_what_one_sees(make_item, cast, told):
    campaign = make_item.make_campaign()
    answers = {"owner": "王某 13800000000", "reason": "refused", "plots": [{"size": "2"}, {"size": "3"}]}
    item = make_item(campaign=campaign, answers=answers, source_key="key:A-1")
    make_item(campaign=campaign)
    export = ask(campaign, cast.clerk)
    write_items_export(export.pk)

    export.refresh_from_db()
    assert (export.state, export.rows, export.share) == ("finished", 2, 100)
    table = table_of(export)
    cells = table.rows[0].cells
    assert (cells["Number"], cells["Own number"], cells["Heading"]) == (1, "A-1", item.title)
    assert cells["Grower"] == "王某 [phone left out]"
    assert cells["Reason"] == "Refused"
    assert "2" in cells["Plots"] and "；" in cells["Plots"]
    assert cells["Step"] == "Survey"
    assert item.own_code not in str([row.cells for row in table.rows])
    assert ("clerk", "item_export.finished") in told(export)


def test_filters_are_kept(make_item, cast):
    campaign = make_item.make_campaign()
    make_item(campaign=campaign, answers={"owner": "王", "reason": "refused"})
    make_item(campaign=campaign, answers={"owner": "李", "reason": "unable"})
    export = ask(campaign, cast.clerk, query="f.reason=unable", language="zh-hans")
    write_items_export(export.pk)

    rows = table_of(export).rows
    assert len(rows) == 1
    assert rows[0].cells["原因"] == "无力自行清理"


def test_of_a_confidential_campaign_each_team_takes_out_its_own(make_item, cast, force, refused):
    campaign = make_item.make_campaign(definition=plots(confidential=True))
    own, other = make_item(campaign=campaign), make_item(campaign=campaign, responsible=False)
    actions.assign_item(other, by=cast.clerk, team=campaign.teams.get(name="二组"), responsible=None)
    export = ask(campaign, force.team_leader)
    write_items_export(export.pk)

    assert [row.cells["Number"] for row in table_of(export).rows] == [own.number]
    for person in (cast.stranger, cast.grid_worker, cast.dispatcher, cast.administrator):
        with refused("item.not_yours"):
            ask(campaign, person)


def test_who_leaves_the_task_force_takes_nothing_out(make_item, cast, force, refused):
    campaign = make_item.make_campaign(visibility="task_force")
    make_item(campaign=campaign, responsible=False)
    waiting, written = ask(campaign, force.member), ask(campaign, force.member, query="late=on")
    write_items_export(written.pk)
    actions.leave_campaign(campaign.posts.get(person=force.member, until=None), by=cast.clerk)

    write_items_export(waiting.pk)

    waiting.refresh_from_db()
    assert waiting.state == "expired"
    with refused("item.not_yours"):
        actions.fetch_items(written, by=force.member)


def test_who_leaves_a_team_takes_out_no_list_written_before(make_item, cast, force, refused):
    campaign = make_item.make_campaign(definition=plots(confidential=True))
    make_item(campaign=campaign, responsible=False)
    export = ask(campaign, force.member)
    write_items_export(export.pk)
    assert actions.fetch_items(export, by=force.member)

    post = campaign.posts.get(person=force.member, until=None)
    actions.leave_campaign(post, by=cast.clerk)
    other = campaign.teams.get(name="二组")
    actions.join_campaign(campaign, by=cast.clerk, person=force.member, role=post.role, team=other)
    with refused("export.rights_changed"):
        actions.fetch_items(export, by=force.member)

    actions.join_campaign(campaign, by=cast.clerk, person=force.member, role=post.role, team=post.team)
    assert actions.fetch_items(export, by=force.member)


def test_a_list_of_a_street_is_not_for_who_works_in_a_part_of_it_now(make_item, cast, places, refused):
    campaign = make_item.make_campaign()
    make_item(campaign=campaign)
    inspector = cast.inspector
    export = ask(campaign, inspector)
    write_items_export(export.pk)
    assert actions.fetch_items(export, by=inspector)

    duty = inspector.duties.get()
    give_duty(inspector, kind="inspector", area=places.community, by=cast.administrator)
    assert actions.fetch_items(export, by=inspector)
    end_duty(duty, by=cast.administrator)
    inspector.forget_duties()
    with refused("export.rights_changed"):
        actions.fetch_items(export, by=inspector)


def test_what_is_refused(make_item, cast, force, refused):
    item = make_item()
    with refused("export.no_items"):
        ask(item.campaign, cast.clerk, rows=0)
    with refused("export.too_many_items"):
        ask(item.campaign, cast.clerk, rows=100_001)
    first = ask(item.campaign, cast.clerk)
    assert ask(item.campaign, cast.clerk) == first
    ask(item.campaign, cast.clerk, query="late=on")
    ask(item.campaign, cast.clerk, query="blocked=on")
    with refused("export.still_writing"):
        ask(item.campaign, cast.clerk, query="state=open")
    with refused("export.not_finished"):
        actions.fetch_items(first, by=cast.clerk)
    with refused("export.not_yours"):
        actions.fetch_items(first, by=force.member)
    with refused("export.not_yours"):
        actions.expire_items_export(first, by=force.member)
    assert not item_exports_of(force.member, item.campaign).exists()


def test_a_list_is_written_anew_after_an_interruption_and_put_away_after_a_week(make_item, cast, refused):
    item = make_item()
    export = ask(item.campaign, cast.clerk)
    with pytest.raises(Interrupted):
        write_items_export(export.pk, stopping=lambda: True)
    write_items_export(export.pk)
    assert actions.fetch_items(export, by=cast.clerk)

    with travel(now() + timedelta(days=8)):
        assert [one.pk for one in outworn_item_exports()] == [export.pk]
        with refused("export.expired"):
            actions.fetch_items(export, by=cast.clerk)
        actions.expire_items_export(export)
        assert workbook_of_item_export(export) is None


@pytest.mark.parametrize("name", ["ask", "finish", "fetch", "expire"])
def test_a_failure_half_way_leaves_a_list_as_it_was(make_item, cast, unchanged, breaking_record, name):
    item = make_item()
    export = ask(item.campaign, cast.clerk)
    if name in ("fetch", "expire"):
        write_items_export(export.pk)
    before = list(ItemExport.objects.values())
    down = breaking_record("bihuan.ledgers.actions.exporting")
    with unchanged(), pytest.raises(down):
        {
            "ask": lambda: ask(item.campaign, cast.clerk, query="late=on"),
            "finish": lambda: write_items_export(export.pk),
            "fetch": lambda: actions.fetch_items(export, by=cast.clerk),
            "expire": lambda: actions.expire_items_export(export, by=cast.clerk),
        }[name]()
    unsettled = {"state", "rows_done", "changed_at", "rows"} if name == "finish" else set()
    for was, after in zip(before, ItemExport.objects.values(), strict=True):
        assert {k: v for k, v in was.items() if k not in unsettled} == {
            k: v for k, v in after.items() if k not in unsettled
        }
