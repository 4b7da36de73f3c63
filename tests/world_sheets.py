"""Imports, exports, money and households in the world of `tests.world`: one thing for each route."""

from decimal import Decimal
from typing import Any

from bihuan.files.actions import accept_upload
from bihuan.files.models import Kind
from bihuan.files.tests.samples import upload
from bihuan.ledgers import actions
from bihuan.ledgers.models import Item, ItemSheet
from bihuan.ledgers.sheets.exporting import write_items_export
from bihuan.ledgers.sheets.running import take_in

LIST = "名称,种菜人,面积\n一号,王某,1\n二号,李某,x\n"


def put_sheets(world: Any, campaign: Any, make_item: Any) -> None:
    """The clerk's workbooks and lists, and items whose money stands at each of its stages."""
    cast, number = world.cast, campaign.number
    waiting, begun, done = (
        _sheet(campaign, cast.clerk),
        _sheet(campaign, cast.clerk),
        _sheet(campaign, cast.clerk),
    )
    for sheet in (begun, done):
        actions.confirm_items(
            sheet,
            by=cast.clerk,
            name="list.csv",
            header=1,
            columns={"title": 0, "field:owner": 1, "field:size": 2},
            titles=["名称", "种菜人", "面积"],
            signature="x",
            last_row=3,
        )
    take_in(done.pk)
    export = actions.ask_items(campaign, by=cast.clerk, query="", rows=1, filters=[], language="en")
    write_items_export(export.pk)
    of_campaign = ("import", "blank_sheet", "exports", "export_rows", "ask_items", "rates")
    world.arguments |= {f"ledgers:{name}": [number] for name in of_campaign}
    world.arguments |= {
        "ledgers:import_sheet": [number, waiting.pk],
        "ledgers:import_sheet (finished)": [number, done.pk],
        "ledgers:check_sheet": [number, waiting.pk],
        "ledgers:confirm_sheet": [number, waiting.pk],
        "ledgers:discard_sheet": [number, waiting.pk],
        "ledgers:sheet_progress": [number, begun.pk],
        "ledgers:refused_rows": [number, done.pk],
        "ledgers:fetch_items": [number, export.pk],
        "ledgers:discard_items": [number, export.pk],
        "ledgers:sweep_case": [world.arguments["cases:show"][0]],
    }
    world.forms |= {
        "ledgers:import": {"file": ""},
        "ledgers:check_sheet": {"sheet": "list.csv", "header": "1", "column_0": "title"},
        "ledgers:confirm_sheet": {"sheet": "list.csv", "header": "1", "column_0": "title"},
        "ledgers:rates": {"basis": "街道文件", "valid_from": "2026-08-01", "amount_0": "14"},
        "ledgers:sweep_case": {"name": "举一反三"},
        "ledgers:sweep_item": {"name": "举一反三"},
    }
    _put_money(world, campaign, make_item)


def _sheet(campaign: Any, by: Any) -> ItemSheet:
    file = accept_upload(upload(LIST.encode(), "list.csv"), kinds=[Kind.DOCUMENT])
    return actions.receive_items(campaign, by=by, file=file, name="list.csv")


def _put_money(world: Any, campaign: Any, make_item: Any) -> None:
    force = make_item.force
    stages: dict[str, Item] = {}
    for stage in ("", "begun", "checked", "locked"):
        item = make_item(campaign=campaign)
        if stage:
            actions.begin_reckoning(item, by=force.member)
            actions.add_line(item, by=force.member, rate="soil", quantity=Decimal(2))
        if stage in ("checked", "locked"):
            actions.check_reckoning(item, by=force.team_leader)
        if stage == "locked":
            actions.lock_reckoning(item, by=force.team_leader)
        stages[stage] = item
    at = {
        "money_begin": "", "money": "begun", "money_statement": "begun", "money_add": "begun",
        "money_subsidy": "begun", "money_remove": "begun", "money_check": "begun", "money_lock": "checked",
        "money_correct": "locked", "money_late": "locked", "item_household": "", "sweep_item": "",
    }  # fmt: skip
    world.arguments |= {
        f"ledgers:{name}": [campaign.number, stages[stage].number] for name, stage in at.items()
    }
    line = stages["begun"].reckoning.lines.get().pk
    signed = stages["locked"].reckoning.lines.get().pk
    remark = actions.ask_correction(stages[""], text="面积不对")
    world.arguments["ledgers:answer_remark"] = [campaign.number, stages[""].number, remark.pk]
    world.forms |= {
        "ledgers:money_add": {"add-rate": "soil", "add-quantity": "1"},
        "ledgers:money_subsidy": {"subsidy-name": "奖励", "subsidy-amount": "100", "subsidy-quantity": "1"},
        "ledgers:money_remove": {"line": line},
        "ledgers:money_correct": {
            "correct-line": signed, "correct-quantity": "3", "correct-reason": "复量",
        },
        "ledgers:money_late": {"late-name": "误工", "late-amount": "50", "late-reason": "漏算"},
        "ledgers:answer_remark": {"answer": "已更正"},
        "ledgers:household": {"code": stages[""].own_code},
        "ledgers:household_remark": {"text": "面积不对"},
    }  # fmt: skip
