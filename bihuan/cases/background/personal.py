"""What follows when people take their data back: who acts instead, and what hangs on an erased account."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bihuan.audit import on
from bihuan.audit.models import Entry
from bihuan.cases import actions, queries
from bihuan.cases.background.telling import holders_of, params_of
from bihuan.cases.models import Case, State
from bihuan.cases.rules import has_consenting_reporter
from bihuan.notices.actions import tell
from bihuan.notices.kinds import register

register(
    "case.nobody_to_call",
    title=_("Nobody is to be called any more, please close: %(title)s"),
    body=_("Case %(number)s, %(place)s"),
)


@on("report.consent_withdrawn", "report.corrected", "report.erased")
def tell_who_closes_instead(entry: Entry) -> None:
    """A case that waited for a call which nobody wants any more is the inspector's now."""
    case = Case.objects.with_names().get(pk=entry.data["case"])
    if case.state == State.INSPECTED and not has_consenting_reporter(case):
        tell(
            holders_of(case),
            "case.nobody_to_call",
            subject=case,
            entry=entry,
            url=reverse("cases:show", args=[case.number]),
            params=params_of(case),
        )


@on("person.erased")
def unlink_reports(entry: Entry) -> None:
    actions.unlink_reports(queries.reports_of(entry.subject()).order_by("pk"))
