"""Forgetting how to reach people once it is no longer needed."""

from datetime import timedelta

from django.db import transaction

from bihuan.audit import record
from bihuan.cases.models import Case, Report
from bihuan.cases.models.case import FINISHED
from bihuan.core.clock import now

KEPT_FOR = timedelta(days=180)  # after the case is finished; domain.md, red line 4
AT_ONCE = 500  # reports a night; the oldest first


@transaction.atomic
def erase_contacts() -> int:
    """Erase names and phones of reporters whose case ended long ago. What was reported stays."""
    due = (
        Report.objects.filter(phone_index__isnull=False)
        .filter(case__state__in=FINISHED, case__changed_at__lt=now() - KEPT_FOR)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("pk")[:AT_ONCE]
    )
    reports = list(due)
    for report in reports:
        case = Case.objects.locked(report.case_id)
        report.name, report.phone, report.phone_index, report.may_call = "", None, None, False
        report.save(update_fields=["name", "phone", "phone_index", "may_call"])
        record("case.contact_erased", case, report=report.pk)
    return len(reports)
