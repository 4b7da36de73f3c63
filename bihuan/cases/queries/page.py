"""What one case page needs: who holds it, what its clock says, what one may do, what has happened."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from bihuan.accounts.models import DutyKind
from bihuan.audit.models import Entry
from bihuan.audit.queries import entries_about
from bihuan.cases import clocks, limits, rules, wording
from bihuan.cases.models import Case, Clocked, Report, State
from bihuan.cases.models.case import WITH_UNIT
from bihuan.core.clock import now
from bihuan.core.verdicts import Verdict
from bihuan.files.models import Attachment, Kind
from bihuan.files.queries import attachments_of

WAITS_FOR = {
    State.REPORTED: DutyKind.CLERK,
    State.VERIFYING: DutyKind.GRID_WORKER,
    State.FILED: DutyKind.DISPATCHER,
    State.RESOLVED: DutyKind.INSPECTOR,
    State.SELF_HANDLED: DutyKind.INSPECTOR,
    State.INSPECTED: DutyKind.CLERK,
}


@dataclass(frozen=True)
class Holder:
    """Who holds a case now: a unit, or a duty at a desk. Nobody, when it is finished."""

    duty: Any = ""
    place: str = ""

    def __bool__(self) -> bool:
        return bool(self.place)


def holder_of(case: Case) -> Holder:
    """Who must act next. Needs the names that `with_names` loads.

    Of an inspected case it asks whether somebody is to be called, unless the row knows.
    """
    if not case.is_open:
        return Holder()
    if case.state in WITH_UNIT and case.unit:
        return Holder(_("handling unit"), case.unit.label)
    duty = WAITS_FOR[State(case.state)]
    if case.state == State.INSPECTED and not _somebody_to_call(case):
        duty = DutyKind.INSPECTOR
    place = case.area if duty == DutyKind.GRID_WORKER else case.desk
    return Holder(duty.label, place.label)


def _somebody_to_call(case: Case) -> bool:
    known: bool | None = getattr(case, "has_somebody_to_call", None)
    return rules.has_consenting_reporter(case) if known is None else known


@dataclass(frozen=True)
class ClockFace:
    """What a clock shows: level ok, warn, over or stands; how much is left or over, in words."""

    level: str
    due_at: datetime | None
    left: str
    share: int  # percent of the limit that is used, at most 100


def clock_face(case: Case) -> ClockFace:
    """The clock of the present stage, for people."""
    return running_face(case) if case.is_open else ClockFace("done", None, "", 100)


def running_face(subject: Clocked) -> ClockFace:
    """The clock of something that is not finished, for people."""
    if subject.running_since is None:
        return ClockFace("stands", subject.due_at, "", _share(subject))
    at = now()
    left = clocks.left(subject, at)
    if left < 0 or (subject.due_at is not None and subject.due_at < at):
        # Used up at closing time, it is over before a working minute more has passed.
        words = (
            _("over by %(time)s") % {"time": limits.in_words(-left, subject.clock)}
            if left <= -60
            else _("overdue")
        )
        return ClockFace("over", subject.due_at, str(words), 100)
    words = _("%(time)s left") % {"time": limits.in_words(left, subject.clock)}
    share = _share(subject)
    return ClockFace("warn" if share >= 80 else "ok", subject.due_at, str(words), share)


def _share(subject: Clocked) -> int:
    used = clocks.used(subject, now())
    return min(100, round(100 * used / subject.stage_limit)) if subject.stage_limit else 100


# The order in which a desk shows what is to be done.
DESK_VERBS = (
    "verify",
    "file",
    "assign",
    "decide_extension",
    "acknowledge",
    "resolve",
    "inspect",
    "spot_check",
    "call_back",
    "close",
)

# The verbs that take a case further on its way; the others turn it back, aside or away.
ONWARD = ("arrive", *DESK_VERBS, "resume")


# Verbs that are refused for one of these reasons are not shown at all.
HIDDEN = {
    "case.not_your_duty",
    "case.not_your_unit",
    "case.not_yours",
    *rules.NOTHING_THERE,
    *rules.NO_WHISTLE,
    "case.no_appeal",
    "case.appeal_too_late",
}


@dataclass(frozen=True)
class Choice:
    """One button: its verb, its words, and whether and why not."""

    verb: str
    label: Any
    verdict: Verdict
    icon: str = ""


def choices_for(case: Case, user: Any, *, report: Report | None = None) -> list[Choice]:
    """The verbs this person has the duty for: first what they may do, then what they may not and why.

    Verbs whose turn is not now are left out, unless it was a rule that says no.
    """
    choices = []
    for verb, move in rules.FLOW.items():
        if verb in ("report", "answer") or case.state not in move.start:
            continue
        verdict = rules.may(verb, case, user, report=report)
        if verdict or verdict.code not in HIDDEN:
            phrase = wording.PHRASES.get(move.event)
            choices.append(Choice(verb, move.label, verdict, phrase.icon if phrase else ""))
    return sorted(choices, key=lambda choice: (not choice.verdict, choice.verb not in ONWARD))


# What no page of a reporter prints: boundaries and search words.
LONG_COLUMNS = (
    "case__search",
    *(f"case__{area}__{name}" for area in ("desk", "area") for name in ("boundary", "keys")),
)


def report_by_code(code: str) -> QuerySet[Report]:
    """The report that a tracking code opens, however it was typed."""
    letters = "".join(sign for sign in code.upper() if sign.isalnum())
    typed = f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
    reports = Report.objects.filter(tracking_code=typed)
    names = ("case__unit", "case__desk", "case__area", "case__matter", "case__place", "first_case__place")
    keys = ("case__place__keys", "first_case__place__keys", "first_case__search")
    return reports.select_related(*names).defer(*LONG_COLUMNS, *keys)


@dataclass
class Event:
    """One line of a timeline."""

    at: datetime
    verb: str
    sentence: Any
    note: str = ""
    who: str = ""
    on_behalf_of: str = ""
    icon: str = "point"
    tone: str = "plain"
    photos: list[Attachment] = field(default_factory=list)

    @property
    def signal(self) -> str:
        """The signal its tone gives on a page; none for what is merely told."""
        return {"accent": "active", "good": "done", "warn": "attention", "bad": "over"}.get(self.tone, "")


def timeline(case: Case, *, public: bool) -> list[Event]:
    """What happened, oldest first. The public sees plain words, and units instead of people."""
    return list(events_in(entries_about(case).whole(), public=public))


CLOCK_VERBS = [step.verb for step in clocks.STEPS]


def last_event(case: Case) -> Event | None:
    """What was done last; a clock's reminders are not meant."""
    entries = entries_about(case).whole().exclude(verb__in=CLOCK_VERBS).order_by("-seq")[:5]
    return next(iter(events_in(entries, public=False)), None)


def events_in(entries: Iterable[Entry], *, public: bool) -> Iterable[Event]:
    """Entries in words; those that are not for this reader are left out."""
    told: set[str] = set()
    for entry in entries:
        words = wording.say(entry, public=public)
        if words is None or (public and entry.verb in told):
            continue
        if words.once:
            told.add(entry.verb)
        yield Event(
            at=_moment_of(entry),
            verb=entry.verb,
            sentence=words.sentence,
            note=words.note,
            who="" if public else (entry.by.label if entry.by else ""),
            on_behalf_of="" if public or not entry.on_behalf_of else entry.on_behalf_of.label,
            icon=words.icon,
            tone=words.tone,
        )


def _moment_of(entry: Entry) -> datetime:
    """When it happened; what time does by itself happened when it was due, however late a worker came."""
    due = entry.data.get("moment")
    return (parse_datetime(due) if due else None) or entry.at


@dataclass
class Photos:
    """The pictures of a case by what they show."""

    before: list[Attachment]
    after: list[Attachment]
    others: list[Attachment]

    @property
    def pair(self) -> tuple[Attachment, Attachment] | None:
        """The first picture from before and the last from after, to be compared."""
        return (self.before[0], self.after[-1]) if self.before and self.after else None


def photos_of(case: Case) -> Photos:
    """All files of a case, in one query."""
    found = list(attachments_of(case))
    return Photos(
        before=[a for a in found if a.role in ("report", "before") and a.file.kind == Kind.IMAGE],
        after=[a for a in found if a.role == "after" and a.file.kind == Kind.IMAGE],
        others=[a for a in found if a.role not in ("report", "before", "after") or a.file.kind != Kind.IMAGE],
    )
