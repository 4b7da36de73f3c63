"""What other rooms have to do with a case: upper rooms say so, the case page shows it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bihuan.cases.models import Case


@dataclass(frozen=True)
class Neighbour:
    """One thing beside a case: where it is, what it is called, how it stands; `is_act`: what may be begun."""

    label: Any
    url: str
    detail: Any = ""
    icon: str = "link"
    is_act: bool = False


Source = Callable[[Any, Case], Iterable[Neighbour]]
_sources: list[Source] = []


def add(source: Source) -> None:
    """Register who finds things beside a case that a user may see; called from AppConfig.ready()."""
    _sources.append(source)


def neighbours_of(user: Any, case: Case) -> list[Neighbour]:
    """Everything beside a case that this person may see, in the order of the rooms."""
    return [one for source in _sources for one in source(user, case)]
