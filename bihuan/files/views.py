"""Serving files to those who may see them."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from bihuan.files import access, queries
from bihuan.files.models import Attachment
from bihuan.files.serving import serve_attachment, serve_thumbnail


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The photo or document itself."""
    return serve_attachment(request, _attachment(request, pk))


@require_safe
def thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A small picture of a photo."""
    return serve_thumbnail(request, _attachment(request, pk).file)


@require_safe
def kept(request: HttpRequest, ticket: str) -> HttpResponseBase:
    """A small picture of a photo that waits in somebody's unfinished form."""
    found = access.read_ticket(ticket)
    files = queries.stored_files([found[0]]) if found else []
    if not files:
        raise Http404
    return serve_thumbnail(request, files[0])


def _attachment(request: HttpRequest, pk: int) -> Attachment:
    attachment = access.attachment_for(request.user, request, pk)
    if attachment is None:
        raise Http404
    return attachment
