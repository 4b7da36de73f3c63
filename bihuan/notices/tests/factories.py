"""Notices for tests, told through the real action."""

from __future__ import annotations

from typing import Any

from bihuan.accounts.models import User
from bihuan.notices.actions import tell
from bihuan.notices.models import Notice


def told(person: User, *, subject: User | None = None, url: str = "/account/", **params: Any) -> Notice:
    """Tell one person something and give back the notice."""
    values = {"number": "C-1", "place": {"zh": "良苑小区", "en": "Liangyuan"}, "words": "好", **params}
    tell([person], "test.told", subject=subject or person, url=url, params=values)
    return Notice.objects.filter(recipient=person).latest("id")
