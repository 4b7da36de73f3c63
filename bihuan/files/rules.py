"""What may be handed in: judged by the bytes themselves, never by the name. Decides, never writes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bihuan.core.text import normalise
from bihuan.core.verdicts import YES, Verdict, no
from bihuan.core.visitors import Limit
from bihuan.files.models import Kind, StoredFile

MEGABYTE = 1024 * 1024
MAX_BYTES = 25 * MEGABYTE
MAX_PIXELS = 50_000_000
MAX_UNPACKED = 300 * MEGABYTE
MAX_PARTS = 5_000
MAX_SCANS = 200  # an honest progressive JPEG has about ten; each one costs a pass over the whole picture
NAME_LENGTH = 200

# A report takes nine photos; neighbours can share one address of a mobile network.
UPLOADS = Limit("upload", times=90, seconds=600)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


class Unfit(ValidationError):
    """A file that cannot be taken, with a sentence that names it and says what to do."""

    def __init__(self, sentence: Any, *, name: str, **params: Any):
        super().__init__(sentence, code="unfit", params={"name": name or _("The file"), **params})


@dataclass(frozen=True)
class Nature:
    """What a file is, found in its bytes."""

    kind: Kind
    media_type: str
    suffix: str


JPEG = Nature(Kind.IMAGE, "image/jpeg", ".jpg")
PNG = Nature(Kind.IMAGE, "image/png", ".png")
WEBP = Nature(Kind.IMAGE, "image/webp", ".webp")
HEIF = Nature(Kind.IMAGE, "image/heif", ".heic")
PDF_FILE = Nature(Kind.DOCUMENT, "application/pdf", ".pdf")
XLSX_FILE = Nature(Kind.DOCUMENT, XLSX, ".xlsx")
DOCX_FILE = Nature(Kind.DOCUMENT, DOCX, ".docx")
ODS_FILE = Nature(Kind.DOCUMENT, ODS, ".ods")
XLS_FILE = Nature(Kind.DOCUMENT, "application/vnd.ms-excel", ".xls")
TEXT_FILE = Nature(Kind.DOCUMENT, "text/plain", ".txt")


def display_name(name: str | None) -> str:
    """The file's own name, without folders and unprintable characters, for sentences and downloads."""
    last = normalise(re.split(r"[/\\]", name or "")[-1]).replace("\n", " ")
    return last[-NAME_LENGTH:]


def judge(file: IO[bytes], *, name: str, size: int, kinds: Collection[str] = Kind.values) -> Nature:
    """Say what the file is, or raise Unfit. Reads headers and directories, never unpacks."""
    if size == 0:
        raise Unfit(_("“%(name)s” is empty. Choose it again, or take the photo again."), name=name)
    if size > MAX_BYTES:
        raise Unfit(
            _("“%(name)s” is larger than %(limit)s MB. Send a smaller copy."),
            name=name,
            limit=MAX_BYTES // MEGABYTE,
        )
    file.seek(0)
    head = file.read(1024)
    nature = _picture(head) or _document(file, head, name)
    file.seek(0)
    if nature is None or nature.kind not in kinds:
        raise wrong_kind(name, kinds)
    return nature


def judge_pixels(width: int, height: int, *, name: str) -> None:
    """Refuse a picture whose header promises more than we are ready to unpack."""
    if width * height > MAX_PIXELS:
        raise Unfit(
            _("“%(name)s” has more than %(limit)s million pixels. Send a smaller copy."),
            name=name,
            limit=MAX_PIXELS // 1_000_000,
        )


def may_attach(file: StoredFile | None) -> Verdict:
    """Whether a stored file is still there to be attached."""
    if file is None:
        return no("files.gone", _("This file was put away because it lay unused. Please add it again."))
    return YES


def broken(name: str) -> Unfit:
    return Unfit(
        _("“%(name)s” is damaged or was cut off on its way. Choose it again, or take the photo again."),
        name=name,
    )


def wrong_kind(name: str, kinds: Collection[str]) -> Unfit:
    """What is no photo where photos are asked for, no document where documents are, or neither."""
    if set(kinds) == {Kind.IMAGE}:
        return Unfit(_("“%(name)s” is not a photo. Choose a JPEG, PNG, WebP or HEIC picture."), name=name)
    if set(kinds) == {Kind.DOCUMENT}:
        return Unfit(
            _("“%(name)s” is not a document we can keep. Save it as PDF, Excel, ODS, Word (docx) or text."),
            name=name,
        )
    return Unfit(
        _("“%(name)s” is neither a photo (JPEG, PNG, WebP, HEIC) nor a document (PDF, Excel, Word, text)."),
        name=name,
    )


def _picture(head: bytes) -> Nature | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp":
        length = min(int.from_bytes(head[:4], "big"), len(head))
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, length, 4))}
        return HEIF if brands & HEIF_BRANDS else None
    return None


def _document(file: IO[bytes], head: bytes, name: str) -> Nature | None:
    if b"%PDF-" in head:
        return _pdf(file, name)
    if head.startswith(b"PK\x03\x04"):
        return _package(file, name)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(file, name)
    return _text(file)


def _pdf(file: IO[bytes], name: str) -> Nature:
    file.seek(0, 2)
    file.seek(max(0, file.tell() - 2048))
    if b"%%EOF" not in file.read():
        raise broken(name)
    return PDF_FILE


def _package(file: IO[bytes], name: str) -> Nature | None:
    """Office files of today are ZIP archives; the parts inside say which."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Unfit(
                    _("“%(name)s” unpacks to far more than it should. Save it anew and send that copy."),
                    name=name,
                )
            first = archive.read("mimetype").strip() if _small(archive, "mimetype") else b""
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise broken(name) from error
    if any(part.endswith("vbaProject.bin") for part in names):
        raise _has_macros(name)
    if first == ODS.encode():
        return ODS_FILE
    if "[Content_Types].xml" in names and "xl/workbook.xml" in names:
        return XLSX_FILE
    if "[Content_Types].xml" in names and "word/document.xml" in names:
        return DOCX_FILE
    return None


def _small(archive: zipfile.ZipFile, part: str) -> bool:
    return part in archive.namelist() and archive.getinfo(part).file_size < 200


def _compound(file: IO[bytes], name: str) -> Nature | None:
    """Office files of old are small file systems; the streams inside say which."""
    file.seek(0)
    content = file.read()
    if _stream(content, "EncryptedPackage"):
        raise Unfit(
            _("“%(name)s” is locked with a password. Remove the password and send it again."), name=name
        )
    if _stream(content, "_VBA_PROJECT_CUR"):
        raise _has_macros(name)
    return XLS_FILE if _stream(content, "Workbook") or _stream(content, "Book") else None


def _stream(content: bytes, name: str) -> bool:
    """Whether a directory entry of this name is there: 128 bytes long, aligned, its name's length at 64."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = content.find(wanted)
    while at != -1:
        if at % 128 == 0 and content[at + 64 : at + 66] == len(wanted).to_bytes(2, "little"):
            return True
        at = content.find(wanted, at + 1)
    return False


def _has_macros(name: str) -> Unfit:
    return Unfit(
        _("“%(name)s” contains macros. Save it without macros (.xlsx or PDF) and send that copy."), name=name
    )


def _text(file: IO[bytes]) -> Nature | None:
    file.seek(0)
    content = file.read()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content:
        return None
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text) else TEXT_FILE
    return None
