"""Serving files to those who may see them."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from bihuan.files import access, queries
from bihuan.files.models import Attachment, StoredFile


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The photo or document itself."""
    attachment = _attachment(request, pk)
    file = attachment.file
    disposition = content_disposition_header(not file.is_image, attachment.download_name) or "inline"
    return _serve(request, file, file.storage_name, file.media_type, disposition)


@require_safe
def thumbnail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A small picture of a photo."""
    attachment = _attachment(request, pk)
    return _thumbnail(request, attachment.file)


@require_safe
def kept(request: HttpRequest, ticket: str) -> HttpResponseBase:
    """A small picture of a photo that waits in somebody's unfinished form."""
    found = access.read_ticket(ticket)
    files = queries.stored_files([found[0]]) if found else []
    if not files:
        raise Http404
    return _thumbnail(request, files[0])


def _attachment(request: HttpRequest, pk: int) -> Attachment:
    attachment = get_object_or_404(queries.attachments(), pk=pk)
    if not access.may_see(request.user, request, attachment):
        raise Http404
    return attachment


def _thumbnail(request: HttpRequest, file: StoredFile) -> HttpResponseBase:
    if not file.is_image:
        raise Http404
    return _serve(request, file, file.thumbnail_name, "image/jpeg", "inline")


def _serve(
    request: HttpRequest, file: StoredFile, name: str, media_type: str, disposition: str
) -> HttpResponseBase:
    """The rights are asked each time; a browser that has the content already is not sent it again."""
    etag = f'"{file.digest[:32]}"'
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        response = FileResponse(default_storage.open(name), content_type=media_type)
        response["Content-Disposition"] = disposition
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response
