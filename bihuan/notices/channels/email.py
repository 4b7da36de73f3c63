"""E-mail: the notice's words without anything that people wrote, and a link that asks to sign in."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bihuan.notices.channels.base import Outcome, failed_for_good, failed_for_now, sent
from bihuan.notices.letters import Letter, letter_of, site_address
from bihuan.notices.ways import ways_of

if TYPE_CHECKING:
    from bihuan.accounts.models import User
    from bihuan.notices.channels.base import Message
    from bihuan.notices.kinds import NoticeKind

PERMANENT = 500  # SMTP: from here on, trying again changes nothing


class Email:
    """The address that a person named and confirmed by the code sent to it."""

    code = "email"
    label = _("E-mail")
    over_network = True

    def is_on(self) -> bool:
        return bool(settings.EMAIL_IS_ON)

    def takes(self, person: User, kind: NoticeKind) -> bool:
        return ways_of(person).confirmed(self.code) is not None

    def deliver(self, message: Message, to: User) -> Outcome:
        address = ways_of(to).confirmed(self.code)
        if address is None:
            return failed_for_good("no address")
        with override(to.language):
            letter = letter_of(message)
        return post(letter, address.value, key=message.key, language=to.language)


def post(letter: Letter, address: str, *, key: str, language: str) -> Outcome:
    """Hand one letter to the mail server. Its Message-ID is the same whenever it is tried again."""
    host = site_address().partition("://")[2].partition("/")[0].partition(":")[0]
    context: dict[str, Any] = {"letter": letter, "language": language}
    with override(language):
        mail = EmailMultiAlternatives(
            letter.subject,
            render_to_string("notices/letter.txt", context),
            to=[address],
            headers={"Message-ID": f"<{key}@{host}>", "Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(render_to_string("notices/letter.html", context), "text/html")
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()), (PERMANENT, b""))
        return _refused(code, words, address)
    except smtplib.SMTPResponseException as refused:
        return _refused(refused.smtp_code, refused.smtp_error, address)
    except smtplib.SMTPException as fault:
        return failed_for_now(_without(address, f"{type(fault).__name__}: {fault}"))
    return sent()


def _refused(code: int, words: bytes | str, address: str) -> Outcome:
    text = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
    error = _without(address, f"{code} {text}".strip())
    # A server that rejects our own sign-in (53x) will be mended by the operator, not by the recipient.
    permanent = code >= PERMANENT and not 530 <= code < 540
    return failed_for_good(error) if permanent else failed_for_now(error)


def _without(address: str, text: str) -> str:
    """What is kept about a failure names nobody."""
    return text.replace(address, "…")
