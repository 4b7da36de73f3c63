"""Reads about exported lists."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from bihuan.cases.models import Export, ExportState
from bihuan.cases.queries.lists import Filters, cases_listed_for
from bihuan.cases.rules.exports import MOST_ROWS
from bihuan.core.clock import now
from bihuan.files.models import Attachment
from bihuan.files.queries import attachments_of

STILL = timedelta(minutes=3)  # without progress, after which the page says so
SHOWN_DAYS = 30


def exports_of(user: Any) -> QuerySet[Export]:
    """The lists that this person has asked for lately, the latest first; nobody sees another's."""
    return Export.objects.filter(by=user, asked_at__gt=now() - timedelta(days=SHOWN_DAYS)).order_by("-id")


def rows_to_export(user: Any, filters: Filters) -> int:
    """How many cases a list has; beyond what is exported at once, one more than that."""
    return cases_listed_for(user, filters).order_by().values("pk")[: MOST_ROWS + 1].count()


def workbook_of_export(export: Export) -> Attachment | None:
    """The kept workbook; None once it was put away."""
    return attachments_of(export).first()


def outworn_exports() -> QuerySet[Export]:
    """Workbooks whose week is over."""
    return Export.objects.filter(state=ExportState.FINISHED, expires_at__lte=now())


def stands_still(export: Export) -> bool:
    """Whether nothing has moved for minutes: no worker seems to run."""
    return export.under_way and export.changed_at < now() - STILL
