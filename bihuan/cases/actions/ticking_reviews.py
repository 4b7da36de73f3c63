"""What time does to appeals and re-checks: reminded at 80 %, overdue at 100 %, each exactly once."""

from datetime import datetime

from django.db import transaction

from bihuan.audit import record
from bihuan.cases import clocks
from bihuan.cases.models import Appeal, Case, Recheck
from bihuan.core.clock import now

BATCH = 50
Review = Appeal | Recheck
VERBS: dict[type[Review], tuple[str, str]] = {
    Appeal: ("case.appeal_reminded", "case.appeal_overdue"),
    Recheck: ("case.recheck_reminded", "case.recheck_overdue"),
}


def take_due_review_steps() -> int:
    """Take every step of appeals and re-checks whose moment has come, each once whatever workers run."""
    taken = 0
    for kind in VERBS:
        while batch := _take_batch(kind):
            taken += batch
    return taken


@transaction.atomic
def _take_batch(kind: type[Review]) -> int:
    """The case is locked before what is about it, as by whoever decides; what others hold is theirs."""
    due = (
        kind._default_manager.filter(step_at__lte=now()).order_by("step_at").values_list("case_id", flat=True)
    )
    held = Case.objects.filter(pk__in=list(due[:BATCH])).defer("search").order_by("pk")
    taken = 0
    for case in held.select_for_update(skip_locked=True, of=("self",)):
        for review in kind._default_manager.filter(case=case, step_at__lte=now()):
            while review.step_at is not None and review.step_at <= now():
                _take_step(case, review, review.step_at)
                taken += 1
    return taken


def _take_step(case: Case, review: Review, at: datetime) -> None:
    step = clocks.take_step(review, at)
    review.save(update_fields=clocks.CLOCK_FIELDS)
    record(
        VERBS[type(review)][step.share >= 1],
        case,
        was=case.state,
        state=case.state,
        due=case.due_at.isoformat() if case.is_open and case.due_at else None,
        moment=at.isoformat(),
        **{str(review._meta.model_name): review.pk},
    )
