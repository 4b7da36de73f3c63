"""The past of an item as its page tells it: what happened, by whom, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.accounts.models import User
from bihuan.audit.queries import entries_about
from bihuan.ledgers import rules, wording
from bihuan.ledgers.models import Item, Passage, Revision


@dataclass(frozen=True)
class Event:
    """One thing that happened. `note` is what somebody wrote, for those who may read it."""

    at: datetime
    sentence: Any
    icon: str
    tone: str
    who: User | None
    on_behalf_of: User | None
    note: str


READ = "item.read"  # stands on the household's page, where it is asked for
LEAVES = ("item.step_taken", "item.sent_back", "item.dropped")


def history_of(user: Any, item: Item) -> list[Event]:
    """What happened to an item, the newest first. What people wrote is for its task force alone."""
    reads = reads_words(user, item)
    left = iter(_reasons_of_leaving(item) if reads else ())
    corrected = iter(_reasons_of_corrections(item) if reads else ())
    found = []
    for entry in entries_about(item).exclude(verb=READ).whole():
        sentence, phrase = wording.told(entry, item.edition.definition)
        note = ""
        if entry.verb in LEAVES:
            note = next(left, "")
        elif entry.verb == "item.corrected":
            note = next(corrected, "")
        found.append(Event(entry.at, sentence, phrase.icon, phrase.tone, entry.by, entry.on_behalf_of, note))
    return found[::-1]


def reads_words(user: Any, item: Item) -> bool:
    """Whether somebody reads what others wrote as reasons: who is of the task force, or runs the campaign."""
    return bool(rules.parts_of(item.campaign, user)) or rules.runs(item.campaign, user) is not None


def _reasons_of_leaving(item: Item) -> Iterable[str]:
    """Why it went on, back or out, one for each time; the record itself holds nobody's words.

    Whoever sends back says why: where nobody did, it came to another step by moving to another edition.
    """
    rows = Passage.objects.filter(item=item, inherited=False, left_at__isnull=False).order_by("pk")
    rows = rows.exclude(back=True, reason="")
    return list(rows.values_list("reason", flat=True))


def _reasons_of_corrections(item: Item) -> Iterable[str]:
    rows = Revision.objects.filter(item=item).exclude(reason="").order_by("pk")
    return list(rows.values_list("reason", flat=True))
