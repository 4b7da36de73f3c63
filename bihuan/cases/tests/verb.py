"""How a verb of the loop is pressed in a test."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bihuan.cases.models import Case


@dataclass(frozen=True)
class Verb:
    """How a verb is pressed: `do(case, by, cast, photos)`, in the state `at`, and ends in `then`.

    `before` says what somebody does first, where the state alone is not enough.
    """

    at: str
    who: str
    then: str
    do: Callable[[Case, Any, Any, Sequence[Any]], Case]
    consenting: bool = False
    before: Callable[[Case, Any], Any] = field(default=lambda case, cast: case)


def report_of(case: Case) -> Any:
    """What somebody reported of it, wherever it is handled now."""
    return case.reports.first() or case.first_reports.first()
