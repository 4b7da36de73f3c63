"""The job that takes in a confirmed workbook, and the nightly erasing of workbooks that have served."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from bihuan.audit import every
from bihuan.audit.running import long_job
from bihuan.intake.sheet import actions, queries
from bihuan.intake.sheet.running import take_in


@app.task(
    name=actions.IMPORT,
    queue="imports",
    pass_context=True,
    retry=RetryStrategy(max_attempts=8, exponential_wait=4),
)
def import_sheet(context: JobContext, import_id: int) -> None:
    with long_job(context) as stopping:
        take_in(import_id, stopping=stopping)


@every("day")
def forget_workbooks() -> None:
    for sheet_import in queries.outworn_imports():
        actions.forget_workbook(sheet_import)
