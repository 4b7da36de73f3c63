"""What happened to an item, in words: the record holds codes and keys, the words come from its ledger."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.audit.models import Entry
from bihuan.core.text import listed
from bihuan.ledgers.definition import Definition
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.models import LinkKind, NoticeChannel


@dataclass(frozen=True)
class Phrase:
    """How one kind of event is told. The sentence may hold step, to, gate, fields, channel and count."""

    sentence: Any
    icon: str
    tone: str = "neutral"


PHRASES: dict[str, Phrase] = {
    "item.added": Phrase(_("Entered into the campaign"), "plus"),
    "file.attached": Phrase(_("Photos or files added: %(files)s"), "camera"),
    "item.filled": Phrase(_("Filled in: %(fields)s"), "pencil"),
    "item.step_taken": Phrase(_("%(step)s is done; next: %(to)s"), "circle-check", "done"),
    "item.sent_back": Phrase(_("Sent back from %(step)s to %(to)s"), "arrow-back-up", "attention"),
    "item.split": Phrase(_("Split into %(count)s parts"), "subtask"),
    "item.blocked": Phrase(_("Reported as blocked"), "hand-stop", "attention"),
    "item.unblocked": Phrase(_("No longer blocked"), "player-play"),
    "item.assigned": Phrase(_("Given to a team or person"), "user-check"),
    "item.renamed": Phrase(_("The heading was changed"), "pencil"),
    "item.corrected": Phrase(_("Corrected: %(fields)s"), "edit", "attention"),
    "item.dropped": Phrase(_("Dropped from the campaign"), "ban", "over"),
    "item.moved": Phrase(_("Moved to another edition of the ledger"), "transfer"),
    "item.notice_given": Phrase(_("Notice given: %(channel)s"), "speakerphone"),
    "item.notice_withdrawn": Phrase(_("A notice was taken back"), "arrow-back-up", "attention"),
    "item.signed": Phrase(_("Signed for a condition of “%(gate)s”"), "gavel", "done"),
    "item.case_opened": Phrase(_("Opened a case"), "folder-check"),
    "item.case_linked": Phrase(_("A case was linked"), "link"),
    "item.case_closed": Phrase(_("Its case is closed"), "folder-check"),
    "item.case_ended": Phrase(_("Its case is closed, but the step still needs something"), "alert-circle"),
    "item.case_dropped": Phrase(
        _("Its case ended without being dealt with; the step waits for none now"), "alert-circle", "attention"
    ),
    "item.reminded": Phrase(_("Reminder: the limit is nearly used"), "bell", "attention"),
    "item.became_overdue": Phrase(_("The limit is over"), "clock-exclamation", "over"),
    "item.reckoning_begun": Phrase(_("The reckoning was begun"), "list-details"),
    "item.money_added": Phrase(_("A line was added to the reckoning"), "plus"),
    "item.money_removed": Phrase(_("A line was taken off the reckoning"), "trash"),
    "item.reckoning_checked": Phrase(_("The reckoning was checked"), "circle-check", "done"),
    "item.reckoning_reopened": Phrase(
        _("The reckoning changed after its check"), "refresh-alert", "attention"
    ),
    "item.reckoning_locked": Phrase(_("The reckoning was locked"), "lock", "done"),
    "item.reckoning_corrected": Phrase(_("The locked reckoning was corrected"), "edit", "attention"),
    "item.code_shown": Phrase(_("The household's code was taken out"), "key"),
    "item.file_opened": Phrase(_("The household's file was opened with its code"), "eye"),
    "item.remark_made": Phrase(_("The household asks for a correction"), "message", "attention"),
    "item.remark_answered": Phrase(_("The household's request was answered"), "message-check"),
    "item.place_changed": Phrase(_("What is known of its place was corrected"), "map-pin"),
    "item.facts_taken": Phrase(_("Taken over from its place: %(fields)s"), "map-pin"),
    "item.grace_ended": Phrase(_("The grace period is over"), "hourglass"),
}
OTHERWISE = Phrase(_("Changed"), "point")

LINKS = {
    LinkKind.OPENED: _("opened by a step"),
    LinkKind.COMPLETES: _("completes a step"),
    LinkKind.MENTIONED: _("belongs to it"),
}


def told(entry: Entry, definition: Definition) -> tuple[Any, Phrase]:
    """The sentence of an entry in the reader's language, and how it is shown."""
    phrase = PHRASES.get(entry.verb, OTHERWISE)
    return say(phrase.sentence, **_values(entry.data, definition)), phrase


def _values(data: Mapping[str, Any], definition: Definition) -> dict[str, Any]:
    channels = dict(NoticeChannel.choices)
    return {
        "step": _step(definition, data.get("step")),
        "to": _step(definition, data.get("to")),
        "gate": _gate(definition, data.get("gate")),
        "fields": listed(_fields(definition, data.get("asked") or ())),
        "channel": channels.get(data.get("channel", ""), ""),
        "count": len(data.get("parts") or ()),
        "files": len(data.get("files") or ()),
    }


def _step(definition: Definition, code: Any) -> Any:
    """A step by its name; an edition that has it no longer leaves the code, and no code is the end."""
    step = definition.step(str(code)) if code else None
    return step.name if step is not None else code or _("finished")


def _gate(definition: Definition, code: Any) -> Any:
    gate = definition.gate(str(code)) if code else None
    return gate.name if gate is not None else code


def _fields(definition: Definition, names: Any) -> list[str]:
    found: Callable[[str], Any] = definition.find
    return [str(one.label or one.name) for name in names if (one := found(name)) is not None]
