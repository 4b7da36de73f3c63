"""Signed webhooks: a notice as JSON, posted to an address that the person or the district has named.

The headers are those of Standard Webhooks (standardwebhooks.com): `webhook-id`, `webhook-timestamp` and
`webhook-signature`, HMAC-SHA-256 over all three parts.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import httpx
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from bihuan.core import clock
from bihuan.notices.channels.base import Outcome, delivered, failed_for_good, failed_for_now
from bihuan.notices.channels.reaching import Unreachable, reach
from bihuan.notices.kinds import REPORTS
from bihuan.notices.letters import item_of
from bihuan.notices.ways import ways_of

if TYPE_CHECKING:
    from bihuan.accounts.models import User
    from bihuan.notices.channels.base import Message
    from bihuan.notices.kinds import NoticeKind
    from bihuan.notices.models import Address

PREFIX = "whsec_"
LONGEST_WAIT = timedelta(days=1)


def gateway() -> str:
    """The district's own receiver, where the operator has set its address and secret."""
    return settings.WEBHOOK_URL if settings.WEBHOOK_SECRET else ""


def own_address(person: User) -> Address | None:
    """Where this person wants it, if this installation lets people name an address."""
    return ways_of(person).confirmed(Webhook.code) if settings.WEBHOOKS_ARE_ON else None


class Webhook:
    """A person's own address, or the district's gateway, which is told of work and never of residents."""

    code = "webhook"
    label = _("Webhook")
    over_network = True

    def is_on(self) -> bool:
        return bool(settings.WEBHOOKS_ARE_ON or gateway())

    def takes(self, person: User, kind: NoticeKind) -> bool:
        return own_address(person) is not None or bool(gateway() and kind.group != REPORTS)

    def deliver(self, message: Message, to: User) -> Outcome:
        own = own_address(to)
        with override(to.language):
            content = content_of(message, to)
        if own is not None:
            return post(content, own.value, secret=own.secret, key=message.key)
        if gateway():
            return post(content, gateway(), secret=settings.WEBHOOK_SECRET, key=message.key)
        return failed_for_good("no address")


def content_of(message: Message, to: User) -> dict[str, Any]:
    """What the receiver reads. Nothing in it was written by a resident."""
    return {
        "id": message.key,
        "type": "notices",
        "recipient": {"id": to.pk, "username": to.username},
        "notices": [
            {
                "id": notice.pk,
                "kind": notice.kind,
                "at": notice.created_at.isoformat(),
                "title": item.title,
                "body": item.body,
                "url": item.url,
            }
            for notice in message.notices
            for item in [item_of(notice)]
        ],
    }


def trial_content(key: str) -> dict[str, Any]:
    """What is posted to try a new address out."""
    return {"id": key, "type": "ping"}


def signature(secret: str, *, key: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA-256 of "id.timestamp.body" in base64."""
    material = base64.b64decode(secret.removeprefix(PREFIX))
    signed = b".".join((key.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.digest(material, signed, sha256)).decode()


def post(content: dict[str, Any], url: str, *, secret: str, key: str) -> Outcome:
    """One signed request. Redirects are not followed; what the other side answers is not read."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    timestamp = int(clock.real_now().timestamp())
    headers = {
        "content-type": "application/json",
        "user-agent": "Bihuan",
        "webhook-id": key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, key=key, timestamp=timestamp, body=body),
    }
    try:
        response = reach(url, body, headers)
    except Unreachable as refused:
        return failed_for_good(str(refused))
    except httpx.HTTPError as fault:
        return failed_for_now(f"{type(fault).__name__}: {fault}")
    return _outcome(response)


def _outcome(response: httpx.Response) -> Outcome:
    if response.is_success:
        return delivered()
    error = f"HTTP {response.status_code}"
    if response.status_code == httpx.codes.GONE:
        return failed_for_good(error)
    seconds = response.headers.get("retry-after", "")
    if not re.fullmatch(r"[0-9]{1,7}", seconds):
        return failed_for_now(error)
    return failed_for_now(error, wait=min(timedelta(seconds=int(seconds)), LONGEST_WAIT))
