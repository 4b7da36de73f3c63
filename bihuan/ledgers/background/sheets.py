"""The job that takes in a confirmed workbook of items, and the nightly erasing of those that have served."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from bihuan.audit import every
from bihuan.audit.running import long_job
from bihuan.ledgers import actions
from bihuan.ledgers.actions.sheets import IMPORT
from bihuan.ledgers.queries.sheets import outworn_sheets
from bihuan.ledgers.sheets.running import take_in


@app.task(
    name=IMPORT, queue="imports", pass_context=True, retry=RetryStrategy(max_attempts=8, exponential_wait=4)
)
def import_items(context: JobContext, sheet_id: int) -> None:
    with long_job(context) as stopping:
        take_in(sheet_id, stopping=stopping)


@every("day")
def forget_item_workbooks() -> None:
    for sheet in outworn_sheets():
        actions.forget_items_workbook(sheet)
