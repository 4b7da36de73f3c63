"""The registry of notice kinds: upper rooms say what can be told and in which words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bihuan.notices.wording import words

PLACEHOLDER = re.compile(r"(?<!%)(?:%%)*%\((\w+)\)")


class UnknownKind(LookupError):
    """A notice was told whose kind no room has registered."""


class MissingParams(ValueError):
    """A notice was told without a value that its words need."""


@dataclass(frozen=True)
class NoticeKind:
    """One kind of notice. Title and body are lazy messages with `%(name)s` parameters."""

    code: str
    title: Any
    body: Any

    def title_for(self, params: Mapping[str, Any]) -> str:
        return str(self.title) % words(params)

    def body_for(self, params: Mapping[str, Any]) -> str:
        return str(self.body) % words(params) if self.body else ""

    def names(self) -> set[str]:
        """The parameters that the source text asks for."""
        with override(None):
            return set(PLACEHOLDER.findall(f"{self.title} {self.body}"))

    def check(self, params: Iterable[str]) -> None:
        """Fail at once, where the mistake is, when a parameter is missing."""
        if missing := self.names() - set(params):
            raise MissingParams(f"{self.code}: {', '.join(sorted(missing))}")


_kinds: dict[str, NoticeKind] = {}
_UNKNOWN = NoticeKind("", _("Notice"), "")


def register(code: str, *, title: Any, body: Any = "") -> NoticeKind:
    """Add a kind; called from a room's apps.ready() or its background.py."""
    _kinds[code] = NoticeKind(code, title, body)
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
