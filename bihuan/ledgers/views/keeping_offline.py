"""What a phone may keep of our pages while the network is gone, and the worker that keeps it."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

STAMP = "Bihuan-Stamp"
WORKER = Path(settings.STATICFILES_DIRS[0]) / "ledger-worker.js"


def may_be_kept(response: HttpResponse, changed_at: datetime | None = None) -> HttpResponse:
    """Let the person's own device keep this page until they sign out. Without this mark it keeps none."""
    stamp = f"{changed_at.timestamp():.6f}" if changed_at is not None else "-"
    response[STAMP] = f"{stamp} {get_language()}"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def worker(_request: HttpRequest) -> HttpResponse:
    """The service worker. It stands under /ledgers/, so that it can reach no other page."""
    response = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
