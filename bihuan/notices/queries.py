"""Reading one's own notices, and the deliveries that wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bihuan.notices.models import Notice, NoticeQuerySet

if TYPE_CHECKING:
    from bihuan.accounts.models import User

COUNTED = 100


def notices_of(user: User, *, unread_only: bool = False) -> NoticeQuerySet:
    """What this person was told; unordered, for paging."""
    found = Notice.objects.of(user)
    return found.unread() if unread_only else found


def unread_count(user: User) -> int:
    """How many notices this person has not opened; counting stops at a hundred."""
    return Notice.objects.of(user).unread().order_by()[:COUNTED].count()


def count_label(count: int) -> str:
    """The count as a badge prints it: nothing for none, "99+" where counting stopped."""
    return "" if not count else str(count) if count < COUNTED else f"{COUNTED - 1}+"
