"""The job that writes a list of items, the word that it is ready, and the nightly putting away."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from bihuan.audit import every, on
from bihuan.audit.models import Entry
from bihuan.audit.running import long_job
from bihuan.ledgers import actions
from bihuan.ledgers.actions.exporting import EXPORT
from bihuan.ledgers.queries.sheets import outworn_item_exports
from bihuan.ledgers.sheets.exporting import write_items_export
from bihuan.notices.actions import tell
from bihuan.notices.kinds import register

register("item_export.finished", title=_("Your list is ready to be fetched"), body=_("%(rows)s items"))


@app.task(
    name=EXPORT, queue="exports", pass_context=True, retry=RetryStrategy(max_attempts=8, exponential_wait=4)
)
def write_items(context: JobContext, export_id: int) -> None:
    with long_job(context) as stopping:
        write_items_export(export_id, stopping=stopping)


@on("item_export.finished")
def tell_that_items_are_ready(entry: Entry) -> None:
    export = entry.subject()
    if export is not None:
        tell(
            [export.by],
            "item_export.finished",
            subject=export,
            entry=entry,
            url=reverse("ledgers:exports", args=[export.campaign.number]),
            params={"rows": export.rows},
        )


@every("day")
def put_item_exports_away() -> None:
    for export in outworn_item_exports():
        actions.expire_items_export(export)
