"""Reads about several cases that are done at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bihuan.cases import rules
from bihuan.cases.models import Batch, BatchItem, Case
from bihuan.cases.queries.lists import cases_worked_on_by, knowing_whom_to_call
from bihuan.core.verdicts import YES, Verdict, no


@dataclass(frozen=True)
class Ticked:
    """The cases that somebody ticked, in their order, and numbers that are none of theirs."""

    cases: list[Case]
    unknown: list[str]


def cases_ticked(user: Any, numbers: Iterable[str]) -> Ticked:
    """The cases with these numbers that are within this person's duties. One query."""
    wanted = list(dict.fromkeys(numbers))[: rules.MOST_CASES + 1]
    found = {
        case.number: case for case in knowing_whom_to_call(cases_worked_on_by(user)).filter(number__in=wanted)
    }
    return Ticked(
        [found[number] for number in wanted if number in found],
        [number for number in wanted if number not in found],
    )


def fits(verb: str, case: Case) -> Verdict:
    """Whether it is this verb's turn, judged from the row alone; the rules ask again when it is pressed."""
    if case.state in rules.FLOW[verb].start:
        return YES
    return no("case.wrong_state", _("This case is %(state)s.") % {"state": case.get_state_display()})


def batches_of(user: Any) -> QuerySet[Batch]:
    """What this person has done to several cases at once; nobody sees another's."""
    return Batch.objects.filter(by=user)


@dataclass(frozen=True)
class Outcome:
    """What became of the cases of a batch."""

    done: Sequence[BatchItem]
    refused: Sequence[BatchItem]
    waiting: Sequence[BatchItem]


def outcome_of(batch: Batch) -> Outcome:
    items = list(batch.items.select_related("case").defer("case__search").order_by("pk"))
    return Outcome(
        [item for item in items if item.ok],
        [item for item in items if item.ok is False],
        [item for item in items if item.ok is None],
    )
