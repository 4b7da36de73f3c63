"""Forgetting how to reach people once it is no longer needed."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from bihuan.audit import record
from bihuan.cases.actions.personal import forget_contact
from bihuan.cases.models import Case, ErasedWhy, Report
from bihuan.cases.models.case import FINISHED
from bihuan.core.clock import now

KEPT_FOR = timedelta(days=180)  # after the case is finished; domain.md, red line 4
AT_ONCE = 500  # reports a night; the oldest first


@transaction.atomic
def erase_contacts() -> int:
    """Erase names and phones of reporters whose case ended long ago; a tombstone says that there were some.

    What was reported stays, and so does the link to an account, which its owner can cut.
    """
    due = (
        Report.objects.filter(Q(phone_index__isnull=False) | ~Q(name=""))
        .filter(case__state__in=FINISHED, case__changed_at__lt=now() - KEPT_FOR)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("pk")[:AT_ONCE]
    )
    reports = list(due)
    for report in reports:
        case = Case.objects.locked(report.case_id)
        forget_contact(report, why=ErasedWhy.AGE)
        record("case.contact_erased", case, report=report.pk)
    return len(reports)
