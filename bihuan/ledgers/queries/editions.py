"""Ledgers and their editions: who keeps which, and what moving an item to another edition would mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from bihuan.accounts.models import User
from bihuan.ledgers import rules
from bihuan.ledgers.definition import changes, check_answers
from bihuan.ledgers.definition.changes import Change
from bihuan.ledgers.models import Edition, Item, Ledger


def ledgers_for(user: Any) -> QuerySet[Ledger]:
    """The ledgers of the areas in which somebody keeps ledgers, and those of the areas above: to be used."""
    if not isinstance(user, User):
        return Ledger.objects.none()
    found = Q(pk__in=())
    for held in user.duties_now():
        if held.kind in rules.KEEPERS and held.area is not None:
            found |= Q(area__path__startswith=held.area.path) | Q(area__in=held.area.ids)
    return Ledger.objects.filter(found, retired_at=None).select_related("area").defer("area__boundary")


def editions_of(user: Any, ledger: Ledger) -> QuerySet[Edition]:
    """The editions of a ledger that somebody may use, the newest first."""
    rows = Edition.objects.filter(ledger__in=ledgers_for(user), ledger=ledger)
    return rows.select_related("made_by").defer("content").order_by("-number")


def sees_edition(user: Any, pk: int) -> bool:
    """Whether somebody may fetch the workbook that an edition was read from."""
    return Edition.objects.filter(pk=pk, ledger__in=ledgers_for(user)).exists()


def latest_edition(ledger: Ledger) -> Edition:
    """The newest edition of a ledger: every ledger has one."""
    return ledger.editions.order_by("-number")[:1].get()


@dataclass(frozen=True)
class Moved:
    """What moving an item to an edition would mean: what differs, what it would hold, what would be lost."""

    changes: list[Change]
    values: Mapping[str, Any]
    lost: frozenset[str]
    lost_labels: tuple[str, ...]
    step_stays: bool


def move_shown(item: Item, edition: Edition, *, at: datetime) -> Moved:
    """What moving an item would mean, for the page that asks and for the action that does it."""
    old, new = item.edition.definition, edition.definition
    checked = check_answers(new, item.answers, at=at, before=item.answers, asked=())
    lost = frozenset(_lost(item.answers, checked.values, {one.name for one in old.walk() if one.asks}))
    labels = [str(one.label or one.name) for one in old.walk() if one.name in lost]
    return Moved(
        changes=changes(old, new),
        values=checked.values,
        lost=lost,
        lost_labels=tuple(labels),
        step_stays=new.step(item.step_code) is not None,
    )


def _lost(was: Mapping[str, Any], now: Mapping[str, Any], asked: set[str]) -> set[str]:
    """The names of answers that somebody gave and that the new values do not have."""
    found = set()
    for name, value in was.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            entries = now.get(name)
            entries = entries if isinstance(entries, list) else []
            for place, entry in enumerate(value):
                other = entries[place] if place < len(entries) else {}
                found |= _lost(entry, other if isinstance(other, Mapping) else {}, asked)
        elif name in asked and name not in now:
            found.add(name)
    return found
