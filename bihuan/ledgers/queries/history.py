"""The past of an item as its page tells it: what happened, by whom, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import User
from bihuan.audit.queries import entries_about
from bihuan.core.text import in_turn
from bihuan.ledgers import rules, wording
from bihuan.ledgers.definition import Definition, Field
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.models import Item, Passage, Revision
from bihuan.ledgers.queries.values import in_words


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
MOVED = "item.moved"
LEAVES = ("item.step_taken", "item.sent_back", "item.dropped")


def history_of(user: Any, item: Item) -> list[Event]:
    """What happened to an item, the newest first. What people wrote is for its task force alone."""
    reads = reads_words(user, item)
    left = iter(_reasons_of_leaving(item) if reads else ())
    corrected = iter(_reasons_of_corrections(item) if reads else ())
    entries = list(entries_about(item).exclude(verb=READ).whole())
    lost = any(entry.verb == MOVED and entry.data.get("lost") for entry in entries)
    left_out = iter(_left_out_in_moves(item) if reads and lost else ())
    found = []
    for entry in entries:
        sentence, phrase = wording.told(entry, item.edition.definition)
        note = ""
        if entry.verb in LEAVES:
            note = next(left, "")
        elif entry.verb == "item.corrected":
            note = next(corrected, "")
        elif entry.verb == MOVED:
            note = next(left_out, "")
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


def _left_out_in_moves(item: Item) -> Iterator[str]:
    """What each move to another edition left out, as it was answered under the edition before."""
    known: dict[str, Any] = {}
    edition = None
    for row in Revision.objects.filter(item=item).select_related("edition").order_by("pk"):
        if edition is not None and edition.pk != row.edition_id:
            definition = edition.definition
            gone = [one for one in definition.walk() if one.asks and row.answers.get(one.name, "") is None]
            parts = [f"{one.label or one.name}: {_said(definition, one, known)}" for one in gone]
            yield str(say(_("Left out: %(answers)s"), answers=in_turn(parts))) if parts else ""
        known |= row.answers
        edition = row.edition


def _said(definition: Definition, one: Field, known: Mapping[str, Any]) -> str:
    if one.type in ("image", "file"):
        return str(_("a file"))
    return in_words(definition, one, known.get(one.name))
