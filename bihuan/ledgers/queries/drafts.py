"""Drafts of ledgers: one's own, what was kept meanwhile, and who else is at it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from bihuan.accounts.models import User
from bihuan.core.clock import now
from bihuan.ledgers.definition import changes
from bihuan.ledgers.definition.changes import Change
from bihuan.ledgers.models import BLANK, Edition, Ledger, LedgerDraft
from bihuan.ledgers.queries.editions import latest_edition, ledger_coded


def drafts_of(user: Any) -> QuerySet[LedgerDraft]:
    """One's own drafts, the last changed first."""
    if not isinstance(user, User):
        return LedgerDraft.objects.none()
    rows = LedgerDraft.objects.filter(by=user).select_related("ledger", "area", "base", "by")
    return rows.defer("area__boundary").order_by("-changed_at")


def draft_of(user: Any, code: str) -> LedgerDraft | None:
    """Somebody's draft of a ledger as it stands; one that is not stored yet where nothing was changed.

    `blank` stands for their new ledger, of which there is none before it is begun.
    """
    if code == BLANK:
        return drafts_of(user).filter(ledger=None).first()
    ledger = ledger_coded(user, code).first()
    if ledger is None:
        return None
    kept = drafts_of(user).filter(ledger=ledger).first()
    return kept or fresh_draft(ledger, by=user)


def fresh_draft(ledger: Ledger, *, by: Any) -> LedgerDraft:
    """What a draft of a ledger begins with: its newest edition."""
    base = latest_edition(ledger)
    return LedgerDraft(
        ledger=ledger, area=ledger.area, base=base, by=by, content=base.content, changed_at=now()
    )


@dataclass(frozen=True)
class News:
    """What was kept since a draft began: the newest edition, and what it changed."""

    edition: Edition
    changes: list[Change]


def news_for(draft: LedgerDraft) -> News | None:
    """What somebody else has kept of this ledger since the draft began."""
    if draft.ledger is None or draft.base is None:
        return None
    latest = latest_edition(draft.ledger)
    if latest.pk == draft.base_id:
        return None
    return News(latest, changes(draft.base.definition, latest.definition))


def changes_of(draft: LedgerDraft) -> list[Change]:
    """What keeping the draft would change; nothing of a new ledger, in which everything is new."""
    if draft.ledger is None:
        return []
    return changes(latest_edition(draft.ledger).definition, draft.definition)


@dataclass(frozen=True)
class Other:
    """Somebody else who is changing the same ledger."""

    person: User
    changed_at: datetime


def others_editing(draft: LedgerDraft) -> list[Other]:
    """Who else has a draft of this ledger, the last at work first."""
    if draft.ledger is None:
        return []
    rows = LedgerDraft.objects.filter(ledger=draft.ledger).exclude(by=draft.by_id)
    rows = rows.select_related("by").defer("content").order_by("-changed_at")
    return [Other(row.by, row.changed_at) for row in rows[:5]]
