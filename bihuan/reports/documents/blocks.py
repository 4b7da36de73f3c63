"""Among neighbours: which of them repeat, for which table, and which marks are only there to say so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.reports.documents.faults import say
from bihuan.reports.documents.placeholders import CLOSE, OPEN
from bihuan.reports.documents.reading import Marker, Ref

Say = Callable[[Any, str, Any, Any], None]  # the neighbour, the placeholder, what is wrong, the remedy


@dataclass(frozen=True)
class Plain:
    """A neighbour that stands once."""

    one: Any


@dataclass(frozen=True)
class Block:
    """Neighbours between two marks. With no closing mark the block is not understood."""

    opening: Any
    closing: Any
    body: tuple[Any, ...]
    table: Ref | None
    sign: str

    @property
    def repeats(self) -> Ref | None:
        """The table for whose rows it stands; nothing where it is shown once or not at all."""
        return self.table if self.sign == OPEN else None


def plan(
    neighbours: Sequence[tuple[Any, Marker | None]], inside: Ref | None, report: Say
) -> list[Plain | Block]:
    """Put marks and what lies between them together; what does not match is reported, and left as it is."""
    steps: list[Plain | Block] = []
    index = 0
    while index < len(neighbours):
        one, marker = neighbours[index]
        if marker is None:
            steps.append(Plain(one))
            index += 1
            continue
        if marker.sign == CLOSE:
            report(
                one,
                marker.written,
                _("Something is closed here that was not opened before it."),
                _("Put the opening {{#table}} alone into a line or row before it, or delete this one."),
            )
            index += 1
            continue
        if inside is not None:
            report(
                one,
                marker.written,
                _("A block stands within another block."),
                _("Close the first one before the second begins."),
            )
        end = _closing(neighbours, index, report)
        if end is None:
            report(
                one,
                marker.written,
                _("Something is opened here and never closed."),
                say(
                    _("Put %(closing)s alone into a line or row after what repeats."),
                    closing=f"{{{{/{_name(marker)}}}}}",
                ),
            )
            index += 1
            continue
        body = tuple(neighbour for neighbour, _marker in neighbours[index + 1 : end])
        steps.append(Block(one, neighbours[end][0], body, marker.table, marker.sign))
        index = end + 1
    return steps


def _closing(neighbours: Sequence[tuple[Any, Marker | None]], index: int, report: Say) -> int | None:
    opening = neighbours[index][1]
    for at in range(index + 1, len(neighbours)):
        one, marker = neighbours[at]
        if marker is None:
            continue
        if marker.sign != CLOSE:
            return None
        if opening and marker.table not in (None, opening.table):
            report(
                one,
                marker.written,
                say(_("It closes something else than %(opening)s opened."), opening=opening.written),
                say(_("Write %(closing)s."), closing=f"{{{{/{_name(opening)}}}}}"),
            )
        return at
    return None


def _name(marker: Marker) -> str:
    return marker.written.strip("{}｛｝#^?＃＾？ ")
