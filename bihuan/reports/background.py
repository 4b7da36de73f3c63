"""The clock of reports, and who is told that one is there."""

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.queries import with_stand_ins
from bihuan.audit import every, on
from bihuan.audit.models import Entry
from bihuan.ledgers.models import LEADER, Post
from bihuan.notices.actions import tell
from bihuan.notices.kinds import register
from bihuan.reports import actions
from bihuan.reports.addresses import report_address
from bihuan.reports.models import Report, ReportForm

register(
    "summary.made",
    title=_("The report is there: %(title)s"),
    body=_("No. %(number)s, for %(day)s"),
)


@every("minute")
def make_reports() -> None:
    actions.make_due_reports()


@on("summary.made")
def tell_leaders(entry: Entry) -> None:
    """Who leads a campaign's task force is told; of a form, whoever set it up."""
    report: Report = entry.subject()
    if report.interim:
        return
    if report.campaign_id is not None:
        leaders = Post.objects.current().filter(campaign=report.campaign_id, role=LEADER, team=None)
        people = with_stand_ins(leaders.values("person"))
    else:
        people = with_stand_ins(ReportForm.objects.filter(pk=report.form_id or 0).values("made_by"))
    title = report.content["summary"]["title"]
    tell(
        people,
        entry.verb,
        subject=report,
        entry=entry,
        url=report_address(report),
        params={
            "title": {"zh": title.get("zh", ""), "en": title.get("en") or title.get("zh", "")},
            "number": report.number,
            "day": report.ends,
        },
    )
