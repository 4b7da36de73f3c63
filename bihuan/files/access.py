"""Who may see a file: whoever may see its subject. Upper rooms say how that is found out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core import signing

from bihuan.files.models import StoredFile
from bihuan.files.queries import attachments

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bihuan.files.models import Attachment

Check = Callable[[Any, "HttpRequest", "Attachment"], bool]

TICKET_SALT = "bihuan.files.ticket"
TICKET_AGE = 2 * 24 * 60 * 60

_checks: dict[str, Check] = {}


def allow(subject_type: str, check: Check) -> None:
    """Let `check(user, request, attachment)` decide for files beside subjects of this type ("cases.case").

    The request is there for visitors without an account, whose tracking code is in their session.
    """
    _checks[subject_type] = check


def may_see(user: Any, request: HttpRequest, attachment: Attachment) -> bool:
    """Files beside a subject that nobody answers for are seen by nobody."""
    check = _checks.get(attachment.subject_type)
    return check is not None and check(user, request, attachment)


def attachment_for(user: Any, request: HttpRequest, pk: int) -> Attachment | None:
    """The attachment with this id, if this person or visitor may see it."""
    found = attachments().filter(pk=pk).first()
    return found if found is not None and may_see(user, request, found) else None


def ticket(file: StoredFile) -> str:
    """What whoever handed in a file keeps until the form is complete: it stands for the file for two days."""
    return signing.dumps([file.pk, file.offered_name], salt=TICKET_SALT, compress=True)


def read_ticket(text: str) -> tuple[int, str] | None:
    """The file's id and the name it was offered under; None for a forged or outworn ticket."""
    try:
        pk, name = signing.loads(text, salt=TICKET_SALT, max_age=TICKET_AGE)
    except signing.BadSignature:
        return None
    return pk, name
