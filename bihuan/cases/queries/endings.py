"""What a case page shows of merging, appeals and the district's ruling."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bihuan.audit.models import Entry
from bihuan.audit.queries import entries_about
from bihuan.cases import rules
from bihuan.cases.models import Appeal, Case, State
from bihuan.cases.queries.alike import Alike, alike_cases
from bihuan.cases.queries.appeals import appeals_of
from bihuan.cases.queries.page import Event, events_in
from bihuan.core.verdicts import Verdict
from bihuan.files.models import Attachment
from bihuan.files.queries import attachments_by_subject


@dataclass(frozen=True)
class MergedCase:
    """A case that lies in this one: its words, photos and story stay readable."""

    case: Case
    photos: list[Attachment]
    events: list[Event]
    may_unmerge: Verdict


@dataclass(frozen=True)
class Ruling:
    """What the district decided when two units had returned a case."""

    words: str
    unit: str
    at: Any


@dataclass(frozen=True)
class Endings:
    """The parts of a case page that only some cases have."""

    alike: list[Alike] = field(default_factory=list)
    merged: list[MergedCase] = field(default_factory=list)
    appeals: Sequence[Appeal] = ()
    ruling: Ruling | None = None


def endings_of(case: Case, user: Any) -> Endings:
    """All of it for one page, in a fixed number of queries."""
    proposes = case.state == State.REPORTED and rules.may("merge", case, user)
    return Endings(
        alike=alike_cases(case, user) if proposes else [],
        merged=_merged_into(case, user),
        appeals=list(appeals_of(case)) if case.state != State.REPORTED else [],
        ruling=ruling_of(case) if case.returns >= 2 else None,
    )


def _merged_into(case: Case, user: Any) -> list[MergedCase]:
    """The cases that were merged into this one, the first one first, in three queries at most."""
    cases = list(Case.objects.with_names().filter(merged_into=case).order_by("id"))
    if not cases:
        return []
    photos = attachments_by_subject(cases)
    stories: dict[int, list[Entry]] = {one.pk: [] for one in cases}
    told = Entry.objects.filter(subject_type=case._meta.label_lower, subject_id__in=stories)
    for entry in told.whole().order_by("subject_id", "seq"):
        stories[entry.subject_id].append(entry)
    found = []
    for one in cases:
        one.merged_into = case
        events = list(events_in(stories[one.pk], public=False))
        found.append(MergedCase(one, photos[one.pk], events, rules.may("unmerge", one, user)))
    return found


ASSIGNING = ("case.assigned", "case.whistle_ruled")


def ruling_of(case: Case) -> Ruling | None:
    """The district's ruling on a disputed return, once it has been given."""
    given = [e for e in entries_about(case).filter(verb__in=ASSIGNING) if e.data.get("ruling")]
    if not given:
        return None
    data = given[-1].data
    return Ruling(words=data["ruling"], unit=data["unit_name"], at=given[-1].at)


@dataclass(frozen=True)
class Side:
    """One of two cases that stand side by side."""

    case: Case
    photos: list[Attachment]


def beside_each_other(case: Case, other: Case) -> list[Side]:
    """Two cases with their photos, to be compared."""
    photos = attachments_by_subject([case, other])
    return [Side(one, [file for file in photos[one.pk] if file.file.is_image]) for one in (case, other)]


def reasons_of(case: Case, other: Case, user: Any) -> list[Any]:
    """Why the other one is proposed for this one; nothing when it is not."""
    return next((one.reasons for one in alike_cases(case, user) if one.case.pk == other.pk), [])
