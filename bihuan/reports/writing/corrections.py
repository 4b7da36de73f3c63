"""Corrections of earlier reports: what was put right in this period, and by how much that moves them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from bihuan.ledgers import figures
from bihuan.ledgers.definition.model import Figure as Defined
from bihuan.ledgers.models import Campaign, Passage, Revision
from bihuan.reports.documents import Table, Value, from_json, table_of
from bihuan.reports.models import Report
from bihuan.reports.writing.numbers import plain, stored_as, values_in

MOST = 500


@dataclass
class Moved:
    """By how much a figure of an earlier report is put right, and why."""

    difference: Decimal = Decimal(0)
    reasons: list[str] = field(default_factory=list)


def corrections(
    campaign: Campaign,
    document: str,
    defined: Sequence[Defined],
    since: datetime | None,
    until: datetime,
) -> Table:
    """What corrections of this period change in what earlier reports said.

    The figures of today hold the difference already; here it is told which report said otherwise.
    """
    if since is None:
        return table_of("corrections", [])
    revisions = Revision.objects.filter(item__campaign=campaign, at__gt=since, at__lte=until)
    found = revisions.exclude(reason="").select_related("item", "edition")
    moved: dict[tuple[int, str], Moved] = defaultdict(Moved)
    reports: dict[int, Report] = {}
    for revision in found.defer("item__search", "edition__content").order_by("pk")[:MOST]:
        for report, figure, amount in told_otherwise(campaign, document, revision):
            reports[report.pk] = report
            one = moved[report.pk, figure]
            one.difference += amount
            one.reasons.append(revision.reason)
    rows = []
    for pk, report in sorted(reports.items()):
        said = values_in(from_json(report.content))
        rows += [
            _row(report, one, said[one.code], moved[pk, stored_as(one)], campaign)
            for one in defined
            if one.code in said and moved[pk, stored_as(one)].difference
        ]
    return table_of("corrections", rows)


def _row(
    report: Report, figure: Defined, was: Decimal, moved: Moved, campaign: Campaign
) -> Mapping[str, Value]:
    reasons = "；".join(dict.fromkeys(moved.reasons))[:300]
    return {
        "report": report.number,
        "day": report.ends,
        "figure": figure.name,
        "was": was,
        "now": plain(was + moved.difference),
        "difference": plain(moved.difference),
        "why": None if campaign.confidential else reasons,
    }


def told_otherwise(
    campaign: Campaign, document: str, revision: Revision
) -> Iterator[tuple[Report, str, Decimal]]:
    """Of each figure that a correction moves, the first report that would have said something else.

    That need not be the report of the day on which the answers were given: a figure of a step counts an item
    only once it has passed that step.
    """
    history = list(Revision.objects.filter(item=revision.item_id, pk__lte=revision.pk).order_by("pk"))
    passed = list(Passage.objects.filter(item=revision.item_id, left_at__isnull=False).order_by("pk"))
    before, named = history[:-1], set(revision.answers)
    left = set(_difference(revision, before, history[-1], passed))
    given = next((one for one in reversed(before) if named & set(one.answers)), before[0] if before else None)
    if given is None:
        return
    told = Report.objects.filter(campaign=campaign, document=document, interim=False, until__gte=given.at)
    for report in told.filter(until__lt=revision.at).defer("content", "outside").order_by("until"):
        known = [one for one in before if one.at <= report.until]
        for figure, amount in _difference(revision, known, _as_if(revision, known[-1]), passed).items():
            if figure in left:
                left.remove(figure)
                yield report, figure, amount
        if not left:
            return


def _as_if(revision: Revision, then: Revision) -> Revision:
    """The corrected answers at an earlier moment, at which everything else was as it was then."""
    kept = ("at", "edition_id", "area_id", "team_id", "state", "step_code", "blocked")
    told = {name: getattr(then, name) for name in kept}
    return Revision(item=revision.item, answers=revision.answers, **told)


def _difference(
    revision: Revision, before: Sequence[Revision], after: Revision, passed: Sequence[Passage]
) -> dict[str, Decimal]:
    """By how much one more change of an item moves each figure, reckoned from its history."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for sign, revisions in ((-1, before), (1, [*before, after])):
        for figure, keys in _counts(revision, revisions, passed).items():
            found[figure] += sign * sum((Decimal(amount) for amount in keys.values()), Decimal(0))
    return {figure: amount for figure, amount in found.items() if amount}


def _counts(revision: Revision, revisions: Sequence[Revision], passed: Sequence[Passage]) -> figures.Counts:
    if not revisions:
        return {}
    last = revisions[-1]
    answers: dict[str, Any] = {}
    for one in revisions:
        answers |= one.answers
    story = figures.Story(
        definition=last.edition.definition,
        state=last.state,
        step=last.step_code,
        path=figures.path_from(one for one in passed if one.left_at is not None and one.left_at <= last.at),
        answers={name: value for name, value in answers.items() if value is not None},
        blocked=last.blocked,
        team=last.team_id or 0,
        area=last.area_id,
        is_part=revision.item.parent_id is not None,
    )
    return figures.counted(story, last.at)
