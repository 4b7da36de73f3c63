"""What leaves the house about a notice: its words without what people wrote, and the way to the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.notices import kinds

if TYPE_CHECKING:
    from datetime import datetime

    from bihuan.notices.channels.base import Message
    from bihuan.notices.models import Notice


@dataclass(frozen=True)
class Item:
    """One notice, as others may read it. Its link opens after a sign-in."""

    title: str
    body: str
    url: str
    at: datetime


@dataclass(frozen=True)
class Letter:
    """One message in the recipient's language."""

    subject: str
    intro: str
    items: list[Item] = field(default_factory=list)
    code: str = ""
    outro: str = ""


def site_address() -> str:
    """The address of this site, without the last stroke."""
    return str(settings.SITE_URL).rstrip("/")


def settings_page() -> str:
    return site_address() + reverse("notices:settings")


def item_of(notice: Notice) -> Item:
    title, body = kinds.get(notice.kind).outside(notice.params)
    return Item(title, body, site_address() + reverse("notices:show", args=[notice.pk]), notice.created_at)


def letter_of(message: Message) -> Letter:
    """A notice, or the digest of several, in the language of this moment."""
    items = [item_of(notice) for notice in message.notices]
    outro = _("You get this because you asked for it. What comes and when: %(url)s")
    outro %= {"url": settings_page()}
    if len(items) == 1:
        return Letter(items[0].title, "", items, outro=outro)
    many = len(items)
    subject = ngettext("%(many)s notice", "%(many)s notices together", many) % {"many": many}
    intro = _("What you were told since the last message, the oldest first:")
    return Letter(subject, intro, items, outro=outro)


def code_letter(code: str) -> Letter:
    """The letter that proves that somebody reads this address."""
    return Letter(
        _("Your confirmation code"),
        _("Type this code on the page “My notices” within 30 minutes:"),
        code=code,
        outro=_("Did you not ask for it? Then do nothing: without the code nothing will be sent to you."),
    )
