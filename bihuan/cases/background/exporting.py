"""The job that writes an export, the word that it is ready, and the nightly putting away."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from bihuan.audit import every, on
from bihuan.audit.models import Entry
from bihuan.audit.running import long_job
from bihuan.cases import actions
from bihuan.cases.actions.exporting import EXPORT
from bihuan.cases.exporting import write_export
from bihuan.cases.queries.exports import outworn_exports
from bihuan.notices.actions import tell
from bihuan.notices.kinds import register

register("export.finished", title=_("Your list is ready to be fetched"), body=_("%(rows)s cases"))


@app.task(
    name=EXPORT,
    queue="exports",
    pass_context=True,
    retry=RetryStrategy(max_attempts=8, exponential_wait=4),
)
def export_list(context: JobContext, export_id: int) -> None:
    with long_job(context) as stopping:
        write_export(export_id, stopping=stopping)


@on("export.finished")
def tell_that_it_is_ready(entry: Entry) -> None:
    export = entry.subject()
    if export is not None:
        tell(
            [export.by],
            "export.finished",
            subject=export,
            entry=entry,
            url=reverse("cases:exports"),
            params={"rows": export.rows},
        )


@every("day")
def put_exports_away() -> None:
    for export in outworn_exports():
        actions.expire_export(export)
