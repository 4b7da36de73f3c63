"""Making a photo fit to keep: upright, of sensible size, without anything but its picture."""

from __future__ import annotations

import struct
import threading
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import IO, Any

import numpy as np
import pillow_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from bihuan.files import rules

MAX_SIDE = 2560
THUMBNAIL_SIDE = 480
QUALITY = 85
THUMBNAIL_QUALITY = 80
BIG = 16_000_000
ORIENTATION = 0x0112

FORMATS = {
    rules.JPEG: ["JPEG", "MPO"],
    rules.PNG: ["PNG"],
    rules.WEBP: ["WEBP"],
    rules.HEIF: ["HEIF"],
}

# Everything a decoder says about bytes it cannot read. Not MemoryError: that is our fault.
UNREADABLE = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    RuntimeError,
    ZeroDivisionError,
    struct.error,
)

# Unpacking a very large picture takes some 200 MB for a moment: one at a time in each process.
_one_big_picture = threading.BoundedSemaphore(1)
_no_wait = threading.BoundedSemaphore(1024)

pillow_heif.register_heif_opener(thumbnails=False)


@dataclass(frozen=True)
class Picture:
    """A photo as it will be kept."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int
    phash: int


def prepare(file: IO[bytes], nature: rules.Nature, *, name: str) -> Picture:
    """Read a photo and make what we keep of it; raise Unfit when it cannot be read."""
    width, height = _size(file, nature, name)
    rules.judge_pixels(width, height, name=name)
    with _one_big_picture if width * height > BIG else _no_wait:
        try:
            file.seek(0)
            with Image.open(file, formats=FORMATS[nature]) as opened:
                # A container may promise less in its first header than it then unpacks.
                rules.judge_pixels(*opened.size, name=name)
                picture = _upright(_plain(_reduced(opened)), opened)
        except UNREADABLE as error:
            raise rules.broken(name) from error
    small = picture.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return Picture(
        content=_jpeg(picture, QUALITY),
        thumbnail=_jpeg(small, THUMBNAIL_QUALITY),
        width=picture.width,
        height=picture.height,
        phash=fingerprint(small),
    )


def fingerprint(picture: Image.Image) -> int:
    """A 64-bit perceptual hash: pictures that look alike differ in few bits. Signed, as PostgreSQL keeps it.

    The lowest 8×8 frequencies of a cosine transform of the picture at 32×32, each against their median:
    the same as `imagehash.phash`, without loading SciPy into every process.
    """
    pixels = np.asarray(picture.convert("L").resize((32, 32), Image.Resampling.LANCZOS), dtype=float)
    cosines = _cosines(32)
    lowest = (cosines @ pixels @ cosines.T)[:8, :8]
    bits = (lowest > np.median(lowest)).flatten()
    return int.from_bytes(np.packbits(bits).tobytes(), "big", signed=True)


@cache
def _cosines(size: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The matrix of the unscaled type-II cosine transform."""
    k, n = np.arange(size)[:, None], np.arange(size)[None, :]
    return 2 * np.cos(np.pi * k * (2 * n + 1) / (2 * size))


def _size(file: IO[bytes], nature: rules.Nature, name: str) -> tuple[int, int]:
    """Width and height from the header alone, before a decoder reserves any memory."""
    file.seek(0)
    if nature is rules.JPEG and _scans(file) > rules.MAX_SCANS:
        raise rules.broken(name)
    if nature is rules.WEBP:  # Pillow's own WebP reader makes room for the whole canvas when it opens
        return _webp_size(file, name)
    file.seek(0)
    try:
        with Image.open(file, formats=FORMATS[nature]) as opened:
            return opened.size
    except Image.DecompressionBombError:
        return rules.MAX_PIXELS, 2
    except UNREADABLE as error:
        raise rules.broken(name) from error


def _scans(file: IO[bytes]) -> int:
    file.seek(0)
    return file.read().count(b"\xff\xda")


def _webp_size(file: IO[bytes], name: str) -> tuple[int, int]:
    file.seek(0)
    head = file.read(30)
    chunk = head[12:16]
    if len(head) < 30:
        raise rules.broken(name)
    if chunk == b"VP8X":
        return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return width & 0x3FFF, height & 0x3FFF
    raise rules.broken(name)


def _reduced(opened: Image.Image) -> Image.Image:
    """The picture unpacked, its longer side at most MAX_SIDE. JPEGs are shrunk while they are unpacked."""
    opened.draft("RGB", (MAX_SIDE, MAX_SIDE))
    opened.load()
    picture = opened
    if picture.mode in ("P", "PA"):
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    elif picture.mode == "1":
        picture = picture.convert("L")
    longer = max(picture.size)
    if longer <= MAX_SIDE:
        return picture
    scale = MAX_SIDE / longer
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    reduced = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
    reduced.info = dict(opened.info)
    return reduced


def _plain(picture: Image.Image) -> Image.Image:
    """Three 8-bit colours in sRGB on white paper."""
    transparent = picture.mode in ("RGBA", "LA", "La", "RGBa") or "transparency" in picture.info
    if transparent:
        layer = picture.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return _standard_colours(picture)


def _standard_colours(picture: Image.Image) -> Image.Image:
    """Phones write wide colours with a profile; without it they would look dull."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(source):
                target = ImageCms.createProfile("sRGB")
                changed = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
                if changed is not None:
                    return changed
        except (ImageCms.PyCMSError, OSError):
            pass  # a broken profile: the colours as they are
    return picture.convert("RGB")


def _upright(picture: Image.Image, opened: Image.Image) -> Image.Image:
    """Turned as the camera was held. The hint sits in EXIF, which goes no further than this."""
    picture.info = {}
    try:
        orientation = opened.getexif().get(ORIENTATION, 1)
    except (SyntaxError, ValueError, TypeError, KeyError, IndexError, struct.error):
        orientation = 1  # broken EXIF does not spoil the picture
    picture.getexif()[ORIENTATION] = orientation
    turned = ImageOps.exif_transpose(picture)
    turned.info = {}
    return turned


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    clean = Image.frombytes("RGB", picture.size, picture.tobytes())
    output = BytesIO()
    clean.save(output, "JPEG", quality=quality, optimize=True)
    return output.getvalue()
