"""Forgetting how to reach people once it is no longer needed."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

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
    left = Report.objects.filter(Q(phone_index__isnull=False) | ~Q(name=""))
    ended = Case.objects.filter(state__in=FINISHED).annotate(ended_at=Coalesce("closed_at", "changed_at"))
    ended = ended.filter(ended_at__lt=now() - KEPT_FOR).defer("search")
    due = left.filter(case__in=ended.values("pk")).order_by("pk").values_list("case", flat=True)[:AT_ONCE]
    many = 0
    # The case is held before its reports, as everywhere; what somebody else holds is left for another night.
    held = ended.filter(pk__in=list(due)).order_by("pk").select_for_update(skip_locked=True, of=("self",))
    for case in held:
        for report in left.filter(case=case).select_for_update(of=("self",)).order_by("pk"):
            forget_contact(report, why=ErasedWhy.AGE)
            record("case.contact_erased", case, report=report.pk)
            many += 1
    return many
