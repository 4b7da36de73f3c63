"""Real bytes, good and bad, as phones and offices send them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import numpy as np
import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

ORIENTATION, GPS, MAKE = 0x0112, 0x8825, 0x010F


def scene(width: int = 640, height: int = 480, *, seed: int = 1) -> Image.Image:
    """A picture with some detail: soft gradients with shapes, one for each seed. Its top left is red."""
    random = np.random.default_rng(seed)
    coarse = Image.fromarray(random.integers(0, 255, (12, 16, 3), dtype=np.uint8))
    picture = coarse.resize((width, height), Image.Resampling.BICUBIC)
    picture.paste((255, 0, 0), (0, 0, width // 4, height // 4))
    return picture


def encoded(picture: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    output = io.BytesIO()
    picture.save(output, form, **options)  # type: ignore[arg-type]
    return output.getvalue()


def jpeg(*, seed: int = 1, orientation: int = 1, width: int = 640, height: int = 480) -> bytes:
    """A phone's photo: with the camera's make, the place and the way it was held."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKE] = orientation, "PhoneMaker"
    exif.get_ifd(GPS).update({1: "N", 2: (33.0, 37.0, 12.0), 3: "E", 4: (114.0, 39.0, 1.0)})
    xmp = b"<x:xmpmeta><secret>homeaddress</secret></x:xmpmeta>"
    picture = scene(width, height, seed=seed)
    return encoded(picture, quality=90, exif=exif, xmp=xmp, comment=b"somebody's name")


def heic(*, seed: int = 1, width: int = 640, height: int = 480) -> bytes:
    exif = Image.Exif()
    exif[MAKE] = "PhoneMaker"
    exif.get_ifd(GPS).update({1: "N", 2: (33.0, 37.0, 12.0)})
    output = io.BytesIO()
    pillow_heif.from_pillow(scene(width, height, seed=seed)).save(output, exif=exif.tobytes(), quality=80)
    return output.getvalue()


def png_bomb(side: int = 60_000) -> bytes:
    """A few kilobytes that promise billions of pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(side // 8 + 1) * 1000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def webp_bomb() -> bytes:
    """An extended WebP with a canvas of 16384 × 16384."""
    side = (16384 - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + side + side
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_of_many_scans() -> bytes:
    """A progressive JPEG with the same cheap scan over and over: minutes of work in a small file."""
    content = encoded(scene(2000, 2000), progressive=True)
    start = content.rindex(b"\xff\xda")
    return content[:-2] + content[start:-2] * 300 + b"\xff\xd9"


def jpeg_that_lies() -> bytes:
    """The frame header says 30,000 × 30,000."""
    content = bytearray(encoded(scene()))
    at = content.index(b"\xff\xc0") + 5
    content[at : at + 4] = struct.pack(">HH", 30_000, 30_000)
    return bytes(content)


def package(parts: dict[str, bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


def xlsx(**more: bytes) -> bytes:
    return package({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", **more})


def docx() -> bytes:
    return package({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})


def ods() -> bytes:
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return package({"mimetype": kind, "content.xml": b"<office:document-content/>"})


def zip_bomb() -> bytes:
    """Half a gigabyte of zeros, packed to half a megabyte."""
    return xlsx(**{"xl/worksheets/sheet1.xml": bytes(500_000_000)})


def compound(*streams: str) -> bytes:
    """An old office file: header sector, then a directory with these streams."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0")
    entries = b""
    for name in ("Root Entry", *streams):
        wide = name.encode("utf-16-le") + b"\0\0"
        entries += (wide.ljust(64, b"\0") + struct.pack("<H", len(wide)) + b"\x02").ljust(128, b"\0")
    return (header + entries).ljust(4096, b"\0")


def pdf() -> bytes:
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def upload(content: bytes, name: str = "照片.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/octet-stream")
