"""Idempotency-Key: a write that is sent twice happens once, and both are told the same.

The answer is kept in the transaction of the change: no crash can leave one without the other. A second
request with the same key waits for the first. What was refused changed nothing and is not kept: it may be
tried again under the same key. It counts against the limits for visitors as it does without a key.
"""

import re
from collections.abc import Callable
from hashlib import sha256

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from bihuan.api.actions import KEPT_FOR
from bihuan.api.models import KeptAnswer
from bihuan.api.problems import problem
from bihuan.core.clock import now

HEADER = "Idempotency-Key"
KEY = re.compile(r"[!-~]{1,255}")
MULTIPART = ("multipart/form-data", "application/x-www-form-urlencoded")
TOLD_AGAIN = ("Content-Type", "Location", "Content-Language")


def answer_once(request: HttpRequest, who: str, key: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer to this request, made now or kept from before."""
    if not KEY.fullmatch(key):
        told = _("An Idempotency-Key is 1 to 255 visible ASCII characters; a UUID is a good one.")
        return problem(422, "idempotency.key_invalid", told)
    asked = fingerprint(request)
    with transaction.atomic():
        _hold(who, key)
        kept = KeptAnswer.objects.filter(who=who, key=key, at__gt=now() - KEPT_FOR).first()
        if kept is not None:
            return _again(kept) if bytes(kept.fingerprint) == asked else _another()
        response = answer()
        if 200 <= response.status_code < 300:
            _keep(who, key, asked, response)
    return response


def fingerprint(request: HttpRequest) -> bytes:
    """What was asked, in 32 bytes. Files count by their content, however the form around them is written."""
    parts = sha256(f"{request.method} {request.get_full_path()} {request.content_type}\n".encode())
    if request.content_type not in MULTIPART:
        parts.update(request.body)
        return parts.digest()
    for name in sorted(request.POST):
        for value in request.POST.getlist(name):
            parts.update(f"{name}={value}\0".encode(errors="replace"))
    for name in sorted(request.FILES):
        for upload in request.FILES.getlist(name):
            parts.update(f"{name}:{upload.name}\0".encode(errors="replace"))
            for block in upload.chunks():
                parts.update(block)
            upload.seek(0)
    return parts.digest()


def _hold(who: str, key: str) -> None:
    """Whoever comes second with the same key waits until the first one has committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [f"{who}\n{key}"])


def _keep(who: str, key: str, asked: bytes, response: HttpResponse) -> None:
    row = KeptAnswer(
        who=who,
        key=key,
        fingerprint=asked,
        status=response.status_code,
        body=response.content,
        headers={name: response[name] for name in TOLD_AGAIN if name in response},
        at=now(),
    )
    # An answer older than a day that nobody has swept yet makes room.
    KeptAnswer.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["who", "key"],
        update_fields=["fingerprint", "status", "body", "headers", "at"],
    )


def _again(kept: KeptAnswer) -> HttpResponse:
    response = HttpResponse(bytes(kept.body), status=kept.status, headers=kept.headers)
    response["Idempotent-Replayed"] = "true"
    return response


def _another() -> HttpResponse:
    told = _("This Idempotency-Key belongs to another request. Use a new key for each thing you send.")
    return problem(422, "idempotency.key_reused", told)
