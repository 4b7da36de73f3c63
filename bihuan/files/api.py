"""Operations on files: hand one in for a ticket, open those beside what one may see."""

from datetime import datetime, timedelta

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_noop as _
from ninja import File, Path, Router, UploadedFile
from ninja.responses import Status
from pydantic import Field

from bihuan.api.authentication import Bearer, open_to_visitors
from bihuan.api.faults import faults_of
from bihuan.api.models import Scope
from bihuan.api.problems import Invalid, TooMany
from bihuan.api.shapes import Id, Shape
from bihuan.core.clock import now
from bihuan.files import access, rules
from bihuan.files.forms import UploadForm
from bihuan.files.models import Attachment
from bihuan.files.serving import serve_attachment, serve_thumbnail

router = Router(tags=["files"])

PICTURE = {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}
CONTENTS = {
    kind.media_type: {"schema": {"type": "string", "format": "binary"}}
    for kind in (
        rules.JPEG,
        rules.PDF_FILE,
        rules.XLSX_FILE,
        rules.XLS_FILE,
        rules.ODS_FILE,
        rules.DOCX_FILE,
        rules.TEXT_FILE,
    )
}
UNCHANGED = {"description": _("It is what If-None-Match says you have.")}


class FileKept(Shape):
    """A file that was taken in and waits to be put beside something."""

    ticket: str = Field(
        description=_("Send it where an operation takes photos or documents, within two days."),
        examples=["WzE3LCJwLmpwZyJd:1w3gYx:u0s…"],
    )
    kind: str = Field(examples=["image"])
    media_type: str = Field(examples=["image/jpeg"])
    size: int = Field(description=_("Bytes kept: photos are made smaller."))
    width: int | None
    height: int | None
    expires_at: datetime


@router.post(
    "/files",
    response={201: FileKept},
    auth=open_to_visitors(Scope.FILES_WRITE),
    summary=_("Hand in a file"),
    description=_(
        "A photo (JPEG, PNG, WebP, HEIC) or a document, at most 25 MB. Photos are turned upright and freed"
        " of everything but the picture."
    ),
)
def upload_file(request: HttpRequest, file: File[UploadedFile]) -> Status:
    if not request.user.is_authenticated and not rules.UPLOADS.take(request):
        raise TooMany(rules.UPLOADS.seconds)
    form = UploadForm({}, request.FILES)
    if not form.is_valid():
        raise Invalid(faults_of(form))
    kept = form.cleaned_data["file"][0]
    shown = FileKept(
        ticket=access.ticket(kept),
        kind=kept.kind,
        media_type=kept.media_type,
        size=kept.size,
        width=kept.width,
        height=kept.height,
        expires_at=now() + timedelta(seconds=access.TICKET_AGE),
    )
    return Status(201, shown)


@router.get(
    "/files/{id}",
    response={200: None},
    auth=Bearer(Scope.FILES_READ),
    summary=_("Open a file"),
    description=_("The photo or document itself; whoever may see the case may see it."),
    openapi_extra={"responses": {200: {"content": CONTENTS}, 304: UNCHANGED}},
)
def open_file(request: HttpRequest, id: Path[Id]) -> HttpResponseBase:
    return serve_attachment(request, _attachment(request, id))


@router.get(
    "/files/{id}/thumbnail",
    response={200: None},
    auth=Bearer(Scope.FILES_READ),
    summary=_("Open a small picture of a photo"),
    description=_("For lists; whoever may see the case may see it."),
    openapi_extra={"responses": {200: {"content": PICTURE}, 304: UNCHANGED}},
)
def open_thumbnail(request: HttpRequest, id: Path[Id]) -> HttpResponseBase:
    return serve_thumbnail(request, _attachment(request, id).file)


def _attachment(request: HttpRequest, pk: int) -> Attachment:
    found = access.attachment_for(request.user, request, pk)
    if found is None:
        raise Http404
    return found
