"""Who may look at the machine room."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.core.verdicts import YES, Verdict, no, yes


def may_see_reactions(by: Any) -> Verdict:
    if _holds_for_the_district(by, "administrator", "auditor"):
        return YES
    return no("audit.not_your_duty", _("Only administrators and auditors see this."))


def may_run_again(job: Any, by: Any, *, twin_waits: bool = False) -> Verdict:
    """`twin_waits`: the clock has queued the same periodic job again already."""
    held = _holds_for_the_district(by, "administrator")
    if not held:
        return no("audit.not_your_duty", _("Only an administrator can run this again."))
    if job.status != "failed":
        return no("audit.not_dead", _("This job is no longer waiting for help."))
    if twin_waits:
        return no("audit.runs_anyway", _("This job runs by the clock, and its next turn is queued already."))
    return yes(held)


def _holds_for_the_district(by: Any, *kinds: str) -> Any:
    """The duty of one of these kinds held for the whole district: there is one queue."""
    if not getattr(by, "is_authenticated", False):
        return None
    return next(
        (
            held
            for held in by.duties_now()
            if held.kind in kinds and held.area and held.area.parent_id is None
        ),
        None,
    )
