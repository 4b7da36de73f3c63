"""The registry of notice kinds: upper rooms say what can be told and in which words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bihuan.notices.wording import MISSING, words

PLACEHOLDER = re.compile(r"(?<!%)(?:%%)*%\((\w+)\)")
LOOSE_END = re.compile(
    rf"[\s,:;，：；、·]*[「“\"（(]?{MISSING}[」”\"）)]?(?=[\s,，、·]|$)|^{MISSING}[\s,，、·:：]*"
)

WORK, DEADLINES, REPORTS = "work", "deadlines", "reports"
GROUPS = {
    WORK: _("Work for me"),
    DEADLINES: _("Reminders and overdue work"),
    REPORTS: _("What I reported"),
}

# What may leave the house besides names, dates and numbers: the case number, which says nothing of anybody.
OUTSIDE = {"number"}


class UnknownKind(LookupError):
    """A notice was told whose kind no room has registered."""


class MissingParams(ValueError):
    """A notice was told without a value that its words need."""


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice. Title and body are lazy messages with `%(name)s` parameters.

    `group` is where people find it among their preferences; `urgent` kinds may pass quiet hours.
    """

    code: str
    title: Any
    body: Any
    group: str = WORK
    urgent: bool = False

    @property
    def label(self) -> str:
        """What it is about, without the case: "New case for your unit"."""
        return _without_gaps(str(self.title) % words({}))

    def title_for(self, params: Mapping[str, Any]) -> str:
        return str(self.title) % words(params)

    def body_for(self, params: Mapping[str, Any]) -> str:
        return str(self.body) % words(params) if self.body else ""

    def outside(self, params: Mapping[str, Any]) -> tuple[str, str]:
        """Title and body for what leaves the house, where others may read it: no text that people wrote."""
        told = words({key: value for key, value in params.items() if key in OUTSIDE or _is_plain(value)})
        body = str(self.body) % told if self.body else ""
        return _without_gaps(str(self.title) % told), _without_gaps(body)

    def names(self) -> set[str]:
        """The parameters that the source text asks for."""
        with override(None):
            return set(PLACEHOLDER.findall(f"{self.title} {self.body}"))

    def check(self, params: Iterable[str]) -> None:
        """Fail at once, where the mistake is, when a parameter is missing."""
        if missing := self.names() - set(params):
            raise MissingParams(f"{self.code}: {', '.join(sorted(missing))}")


def _is_plain(value: Any) -> bool:
    """Names of areas and units, dates, our own words, numbers: everything but free text."""
    return isinstance(value, dict | int | float | bool)


def _without_gaps(sentence: str) -> str:
    """A sentence without the gaps that left-out values leave in it."""
    return LOOSE_END.sub("", sentence).strip()


_kinds: dict[str, NoticeKind] = {}
_UNKNOWN = NoticeKind("", _("Notice"), "")


def register(code: str, *, title: Any, body: Any = "", group: str = "", urgent: bool = False) -> NoticeKind:
    """Add a kind; called from a room's apps.ready() or its background.py.

    Without a group, what begins with "report." is told to reporters, everything else is work.
    """
    group = group or (REPORTS if code.startswith("report.") else WORK)
    _kinds[code] = NoticeKind(code, title, body, group, urgent)
    return _kinds[code]


def known(code: str) -> NoticeKind:
    """A registered kind, for telling."""
    if code not in _kinds:
        raise UnknownKind(code)
    return _kinds[code]


def get(code: str) -> NoticeKind:
    """A kind for reading: old notices of a kind that is gone still show and lead to their page."""
    return _kinds.get(code, _UNKNOWN)


def codes() -> list[str]:
    return sorted(_kinds)


def by_group() -> dict[str, list[NoticeKind]]:
    """All kinds, group by group, in the order in which they are read."""
    found: dict[str, list[NoticeKind]] = {group: [] for group in GROUPS}
    for kind in _kinds.values():
        found[kind.group].append(kind)
    return {group: sorted(kinds, key=lambda kind: kind.label) for group, kinds in found.items() if kinds}
