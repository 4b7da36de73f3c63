"""Items taken in from a workbook, against a plain COPY of the rows that come of them."""

import json
import sys
from io import BytesIO
from random import Random
from typing import Any

import psycopg
import xlsxwriter
from psycopg import sql

from bench import district, ledgers, site
from bench.timing import timed

DATABASE = "items_taken_in"
TABLES = ("ledgers_item", "ledgers_passage", "ledgers_revision")


def measure(rows: int) -> dict[str, float]:
    """Seconds for a workbook of so many rows, and for copying what it became."""
    from bihuan.ledgers.models import Campaign, Item
    from bihuan.ledgers.sheets.running import take_in

    campaign = Campaign.objects.get()
    before = Item.objects.order_by("-pk").values_list("pk", flat=True)[0]
    sheet = _confirmed(campaign, workbook(rows, campaign.area.name))
    took, done = timed(lambda: take_in(sheet.pk))
    if done.created != rows:
        raise RuntimeError(f"{done.created} of {rows} rows were taken in, {done.refused} refused")
    copied, size = 0.0, 0
    with psycopg.connect(**district.address(DATABASE), autocommit=True) as server:
        for table in TABLES:
            seconds, volume = _copied_again(server, table, before)
            copied, size = copied + seconds, size + volume
    return {"rows": rows, "import": took, "copy": copied, "bytes": size}


def workbook(rows: int, area: str) -> bytes:
    """A list as a subdistrict would send it: heading, own number, team, and what the ledger asks first."""
    chance, target = Random(7), BytesIO()
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        sheet.write_row(0, 0, ["名称", "编号", "区域", "组别", "形式", "户数"])
        for row in range(1, rows + 1):
            kind = chance.choice(["充电箱", "充电棚", "充电桩"])
            team = f"第{1 + row % ledgers.TEAMS}组"
            sheet.write_row(row, 0, [f"{row}号楼", f"B-{row}", area, team, kind, chance.randrange(10, 60)])
    return target.getvalue()


def _confirmed(campaign: Any, content: bytes) -> Any:
    """The workbook as somebody confirmed it on the page, its columns as they were guessed."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from bihuan.accounts.models import User
    from bihuan.files.actions import accept_upload
    from bihuan.files.models import Kind
    from bihuan.ledgers.actions.sheets import confirm_items, receive_items
    from bihuan.ledgers.queries.sheets import open_items
    from bihuan.ledgers.sheets.columns import guess

    by = User.objects.get(username=ledgers.LEADER)
    file = accept_upload(SimpleUploadedFile("名单.xlsx", content), kinds=[Kind.DOCUMENT])
    sheet = receive_items(campaign, by=by, file=file)
    book = open_items(sheet)
    name = book.likely_sheet
    header = book.likely_header(name)
    titles = book.titles(name, header)
    return confirm_items(
        sheet, by=by, name=name, header=header, titles=titles, signature="bench",
        columns=guess(book.definition, titles), last_row=book.last_row(name),
    )  # fmt: skip


def _copied_again(server: psycopg.Connection[Any], table: str, before: int) -> tuple[float, int]:
    """Copy the rows once more into a table with the same columns, constraints and indexes."""
    other = f"plain_{table}"
    names = {"table": sql.Identifier(table), "other": sql.Identifier(other)}
    key = sql.Identifier("id" if table == "ledgers_item" else "item_id")
    server.execute(sql.SQL("DROP TABLE IF EXISTS {other}").format(**names))
    server.execute(sql.SQL("CREATE TABLE {other} (LIKE {table} INCLUDING ALL)").format(**names))
    chosen = sql.SQL("COPY (SELECT * FROM {table} WHERE {key} > {before}) TO STDOUT (FORMAT binary)")
    with server.cursor() as cursor:
        command = chosen.format(key=key, before=sql.Literal(before), **names)
        with cursor.copy(command) as copy:
            content = b"".join(bytes(part) for part in copy)

        def write() -> None:
            into = sql.SQL("COPY {other} FROM STDIN (FORMAT binary)").format(**names)
            with cursor.copy(into) as copy:
                copy.write(content)

        seconds, _nothing = timed(write)
    server.execute(sql.SQL("DROP TABLE {other}").format(**names))
    return seconds, len(content)


def taken_in(rows: int) -> dict[str, float]:
    """Measured in a process and a database of its own."""
    told: dict[str, float] = json.loads(site.run(DATABASE, "-m", "bench.taking_in", str(rows)))
    return told


if __name__ == "__main__":
    district.make_database(DATABASE)
    district.open_database(DATABASE)
    ledgers.sample()
    print(json.dumps(measure(int(sys.argv[1]))))
