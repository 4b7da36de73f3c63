"""Looking for reused photos, and drawing closed cases for a re-check, with nobody present."""

import secrets

from django.utils.translation import gettext_lazy as _

from bihuan.audit import on
from bihuan.audit.models import Entry
from bihuan.cases import actions, rules
from bihuan.cases.background.telling import case_of, handlers_of, tell_reporters, tell_staff
from bihuan.cases.models import RecheckReason, State
from bihuan.cases.queries import doubts_undecided, find_look_alikes
from bihuan.notices.kinds import DEADLINES, REPORTS, register

DRAWN_IN_1000 = 30  # of the closed cases: 3 %

WHERE = _("Case %(number)s, %(place)s")
register("case.to_recheck", title=_("Drawn for a re-check: %(title)s"), body=WHERE)
register(
    "case.recheck_reminded",
    title=_("80 %% of the limit to re-check is used: %(title)s"),
    body=WHERE,
    group=DEADLINES,
)
register("case.recheck_overdue", title=_("A re-check is overdue: %(title)s"), body=WHERE, group=DEADLINES)
register("case.recheck_failed", title=_("A re-check found it not in order: %(title)s"), body=WHERE)
register(
    "report.taken_up_again",
    title=_("Your report is worked on again: %(title)s"),
    body=_("Number %(number)s"),
    group=REPORTS,
)


@on("case.resolved", "case.self_handled")
def compare_photos(entry: Entry) -> None:
    """Compare the photos of a result with those from before and with other cases'."""
    case = case_of(entry)
    found = find_look_alikes(case)
    if found:
        actions.doubt_photos(case, found=found)


@on("case.closed", "case.called_back", "case.answered", "case.spot_checked")
def draw_closed_case(entry: Entry) -> None:
    """Draw by lot, after the fact and from the machine's own randomness; what was passed in doubt always."""
    if entry.data["state"] != State.CLOSED or entry.data["was"] == State.CLOSED:
        return
    case = case_of(entry)
    if doubts_undecided(case):
        actions.draw_recheck(case, why=RecheckReason.DOUBT)
    elif secrets.randbelow(1000) < DRAWN_IN_1000:
        actions.draw_recheck(case, why=RecheckReason.LOT)


@on("case.doubted")
def draw_doubted_case(entry: Entry) -> None:
    """A doubt that comes after the case was closed: nobody has answered it."""
    actions.draw_recheck(case_of(entry), why=RecheckReason.DOUBT)


@on("case.recheck_drawn")
def tell_recheckers(entry: Entry) -> None:
    recheck = rules.open_recheck(case_of(entry))
    if recheck is not None:
        tell_staff(entry, rules.recheckers(recheck), "case.to_recheck")


@on("case.recheck_reminded", "case.recheck_overdue")
def remind_recheckers(entry: Entry) -> None:
    recheck = rules.open_recheck(case_of(entry))
    if recheck is not None and recheck.pk == entry.data["recheck"]:
        tell_staff(entry, rules.recheckers(recheck), entry.verb)


@on("case.rechecked")
def tell_of_failed_recheck(entry: Entry) -> None:
    if not entry.data["held"]:
        tell_staff(entry, handlers_of(case_of(entry)), "case.recheck_failed")
        tell_reporters(entry, "report.taken_up_again")
