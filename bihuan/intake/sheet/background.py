"""The job that takes in a confirmed workbook, and the nightly erasing of workbooks that have served."""

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted

from bihuan.audit import every
from bihuan.audit.running import fresh_connection
from bihuan.intake.sheet import actions, queries
from bihuan.intake.sheet.running import Interrupted, take_in


@app.task(
    name=actions.IMPORT,
    queue="imports",
    pass_context=True,
    retry=RetryStrategy(max_attempts=8, exponential_wait=4),
)
def import_sheet(context: JobContext, import_id: int) -> None:
    with fresh_connection():
        try:
            take_in(import_id, stopping=context.should_abort)
        except Interrupted as error:
            raise JobAborted from error  # the worker shuts down: procrastinate queues the job again


@every("day")
def forget_workbooks() -> None:
    for sheet_import in queries.outworn_imports():
        actions.forget_workbook(sheet_import)
