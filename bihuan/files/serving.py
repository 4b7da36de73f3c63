"""Sending a stored content: as what it is, never to be run, and not again to a reader who has it."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from bihuan.files.models import Attachment, StoredFile


def serve_attachment(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """The photo or document itself."""
    file = attachment.file
    disposition = content_disposition_header(not file.is_image, attachment.download_name) or "inline"
    return _serve(request, file, file.storage_name, file.media_type, disposition)


def serve_thumbnail(request: HttpRequest, file: StoredFile) -> HttpResponseBase:
    """A small picture of a photo; of a document there is none."""
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
