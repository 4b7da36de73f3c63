"""The steps of the kill test of items that need the product: a campaign with work to do, counting afterwards.

python -m bench.torture_items_inside prepare ROWS ITEMS | rescue | check
"""

import json
import sys
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import django
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from bihuan.config.embedded import ensure_server


def prepare(rows: int, items: int) -> dict[str, Any]:
    """A campaign, a workbook of which every tenth row is bad, and a batch; both wait for a worker."""
    call_command("migrate", verbosity=0)
    call_command("create_district", "411602", "川汇区", stdout=sys.stderr)
    from bihuan.accounts import actions as accounts
    from bihuan.core.clock import today
    from bihuan.files.actions import accept_upload
    from bihuan.files.models import Kind
    from bihuan.ledgers import actions
    from bihuan.ledgers.definition import Definition, Field, Figure, Settings, Step, Words
    from bihuan.ledgers.drafts import Draft
    from bihuan.territory.models import Area

    district = Area.objects.get()
    admin = accounts.create_first_administrator(
        username="admin", name="管理员", password="", district=district
    )
    clerk = accounts.create_person(username="clerk", name="受理员", by=admin)
    accounts.give_duty(clerk, kind="clerk", by=admin, area=district)
    definition = Definition(
        "清单",
        settings=Settings(code="list"),
        fields=(Field("size", "integer", label=Words("面积")),),
        steps=(Step("look", Words("查看"), who=("team",)),),
        figures=(Figure("all", Words("件数")), Figure("area", Words("面积"), kind="sum", of="field:size")),
    )
    edition = actions.keep_ledger(definition, by=clerk, area=district)
    day = today()
    campaign = actions.make_campaign(
        edition, by=clerk, name="清单", area=district, starts_on=day, ends_on=day + timedelta(days=9)
    )
    team = actions.add_team(campaign, by=clerk, name="一组")
    campaign = actions.begin_campaign(campaign, by=clerk)
    there = actions.add_items(
        campaign, by=clerk, drafts=[Draft(f"旧 {n}", source_key=f"old:{n}") for n in range(items)]
    )
    lines = ["名称,编号,面积", *(f"{n} 号,{n},{'x' if n % 10 == 0 else n % 7}" for n in range(1, rows + 1))]
    content = SimpleUploadedFile("list.csv", "\n".join(lines).encode())
    sheet = actions.receive_items(campaign, by=clerk, file=accept_upload(content, kinds=[Kind.DOCUMENT]))
    actions.confirm_items(
        sheet,
        by=clerk,
        name="list.csv",
        header=1,
        columns={"title": 0, "key": 1, "field:size": 2},
        titles=["名称", "编号", "面积"],
        signature="-",
        last_row=rows + 1,
    )
    told = {"team": team.pk, "responsible": None}
    actions.start_item_batch(
        "assign", by=clerk, token=uuid4(), campaign=campaign, items=there, arguments=told
    )
    return {"rows": rows, "items": items}


def rescue() -> int:
    """Give the jobs of the killed worker back at once."""
    from bihuan.audit import actions

    actions.WORKER_SILENCE = 0
    return actions.rescue_jobs()


def check() -> dict[str, Any]:
    """Whether every row is in exactly once or refused once, every item was given once, and figures agree."""
    from bihuan.audit.models import Entry
    from bihuan.audit.queries import faults as broken_chains
    from bihuan.core.clock import now, today
    from bihuan.ledgers import figures
    from bihuan.ledgers.models import BatchRow, Campaign, Item, ItemSheet, RefusedItemRow

    campaign, sheet = Campaign.objects.get(), ItemSheet.objects.get()
    faults: list[str] = []
    brought = Counter(Item.objects.filter(source_key__startswith="key:").values_list("source_key", flat=True))
    good = {f"key:{n}" for n in range(1, sheet.rows + 1) if n % 10}
    faults += [f"{key} is there {times} times" for key, times in brought.items() if times > 1]
    faults += [f"{key} is missing" for key in sorted(good - brought.keys())]
    faults += [f"{key} should not be there" for key in sorted(brought.keys() - good)]
    refused = RefusedItemRow.objects.count()
    if (sheet.state, sheet.created, sheet.known, sheet.refused) != ("finished", len(good), 0, refused):
        faults.append(f"the import says {sheet.state} {sheet.created} {sheet.known} {sheet.refused}")
    if refused != sheet.rows - len(good):
        faults.append(f"{refused} rows were refused")
    numbers = list(Item.objects.order_by("number").values_list("number", flat=True))
    if numbers != list(range(1, len(numbers) + 1)):
        faults.append("numbers have gaps")
    given = Counter(Entry.objects.filter(verb="item.assigned").values_list("subject_id", flat=True))
    faults += [f"item {pk} was given {times} times" for pk, times in given.items() if times > 1]
    wanted = BatchRow.objects.count()
    if len(given) != wanted or BatchRow.objects.filter(ok=True).count() != wanted:
        faults.append(f"{len(given)} of {wanted} items were given")
    if figures.sums_at(campaign, today()) != figures.recount(campaign, now()):
        faults.append("the figures differ from what history tells")
    faults += [str(fault) for fault in broken_chains()]
    return {
        "rows": sheet.rows,
        "created": sheet.created,
        "refused": refused,
        "given": wanted,
        "faults": faults,
    }


if __name__ == "__main__":
    ensure_server()
    django.setup()
    step, *numbers = sys.argv[1:]
    answer: Any = {"prepare": prepare, "rescue": rescue, "check": check}[step](*map(int, numbers))
    json.dump(answer, sys.stdout, ensure_ascii=False)
