"""Who may look once more at a closed case, and who may read what a machine doubted about its photos."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind, User
from bihuan.accounts.queries import holders
from bihuan.accounts.rules import held as held_by
from bihuan.audit.queries import entries_about
from bihuan.cases.models import Case, PhotoDoubt, Recheck, Report
from bihuan.cases.rules.standing import is_handler_of
from bihuan.core.verdicts import Verdict, no, yes
from bihuan.territory.models import Area
from bihuan.territory.queries import areas_by_id, district, trail

JUDGED = ("case.inspected", "case.spot_checked", "case.rechecked")


def open_recheck(case: Case) -> Recheck | None:
    """The re-check that this case was drawn for and that nobody has done yet."""
    return Recheck.objects.filter(case=case, done_at=None).first()


def recheck_desk(case: Case) -> Area:
    """Whose inspectors look once more: the next level above the desk that has one who took no part so far.

    Where nobody is left, the district's, as soon as it has one.
    """
    taken = {*case.handlers, *judges_of(case)}
    for area in reversed(trail(case.desk)[:-1] or [case.desk]):
        if holders(DutyKind.INSPECTOR, area=area).exclude(pk__in=taken).exists():
            return area
    return district()


def judges_of(case: Case) -> set[int]:
    """Who has inspected, spot-checked or re-checked it, and for whom."""
    entries = entries_about(case).filter(verb__in=JUDGED).values_list("by", "on_behalf_of")
    return {pk for pair in entries for pk in pair if pk}


def recheckers(recheck: Recheck) -> Iterable[User]:
    """Who is told that a case was drawn: the inspectors of its desk and above who took no part so far."""
    case = recheck.case
    taken = {*case.handlers, *judges_of(case)}
    return holders(DutyKind.INSPECTOR, area=recheck.desk).exclude(pk__in=taken)


def _drawn(case: Case, by: Any, _report: Report | None) -> Verdict | None:
    recheck = open_recheck(case)
    if recheck is None:
        return no("case.not_drawn", _("This case was not drawn for a re-check."))
    desk = areas_by_id().get(recheck.desk_id, recheck.desk)
    held = held_by(by, DutyKind.INSPECTOR, area=desk)
    if held is None:
        return no(
            "case.not_your_duty",
            _("Only an inspector of %(area)s can re-check this case.") % {"area": desk.label},
        )
    return yes(held)


def _not_judged(case: Case, by: Any, _report: Report | None) -> Verdict | None:
    hats = {by.pk, *(held.on_behalf_of.pk for held in by.duties_now() if held.on_behalf_of)}
    if hats & judges_of(case):
        return no("case.own_judgement", _("Whoever checked a case before does not re-check it."))
    return None


GUARDS = {"drawn": _drawn, "not_judged": _not_judged}


# -- doubts ---------------------------------------------------------------------------------------------


def may_see_doubts(case: Case, by: Any) -> bool:
    """Inspectors and supervisors of the area, and nobody who had a hand in the work."""
    watches = any(held_by(by, kind, area=case.area) for kind in (DutyKind.INSPECTOR, DutyKind.SUPERVISOR))
    return watches and not is_handler_of(case, by)


def has_open_doubts(case: Case) -> bool:
    return PhotoDoubt.objects.filter(case=case, settled_at=None).exists()


def answered_doubts(case: Case, words: str) -> Verdict:
    """Photos in doubt cannot be passed in silence."""
    if not words and has_open_doubts(case):
        return no(
            "case.doubt_unanswered",
            _("A photo of the result looks like another photo. Compare them and say what you found."),
        )
    return yes()
