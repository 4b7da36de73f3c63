"""The room's jobs: answers kept for a day are forgotten, and earlier what a reporter has erased."""

from bihuan.api import actions
from bihuan.audit import every, on
from bihuan.audit.models import Entry


@every("day")
def forget_answers() -> None:
    actions.forget_answers()


@on("report.erased")
def forget_answers_to_the_reporter(entry: Entry) -> None:
    actions.forget_answers_about(entry.subject().tracking_code)
