"""Reading one's notices.

Nothing here is recorded: who has read what and when is no one's business but the reader's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bihuan.core.clock import now
from bihuan.notices import rules
from bihuan.notices.models import Notice

if TYPE_CHECKING:
    from bihuan.accounts.models import User


@transaction.atomic
def mark_read(notice: Notice, *, by: User) -> Notice:
    """The recipient has opened it. Opening it again keeps the first moment."""
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    rules.may("read", notice, by).enforce()

    if notice.read_at is None:
        notice.read_at = now()
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def mark_all_read(*, by: User, up_to: int) -> int:
    """The person has seen the page whose newest notice was `up_to`; what arrived since stays unread."""
    newest = Notice.objects.of(by).filter(pk=up_to).values("created_at")
    return Notice.objects.of(by).unread().filter(created_at__lte=newest).update(read_at=now())
