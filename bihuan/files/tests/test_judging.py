"""Bytes are judged by what they are."""

from __future__ import annotations

import io
import random
import time
import tracemalloc

import pytest
from PIL import Image

from bihuan.files import pictures, rules
from bihuan.files.models import Kind
from bihuan.files.rules import Unfit, judge
from bihuan.files.tests import samples


def nature_of(content: bytes, name: str = "f", kinds: list[str] | None = None) -> rules.Nature:
    return judge(io.BytesIO(content), name=name, size=len(content), kinds=kinds or list(Kind.values))


def prepared(content: bytes, name: str = "照片.jpg") -> pictures.Picture:
    return pictures.prepare(io.BytesIO(content), nature_of(content, name), name=name)


def sentence(error: pytest.ExceptionInfo[Unfit]) -> str:
    return error.value.messages[0]


@pytest.mark.parametrize(
    ("content", "nature"),
    [
        (samples.jpeg(), rules.JPEG),
        (samples.encoded(samples.scene(), "PNG"), rules.PNG),
        (samples.encoded(samples.scene(), "WEBP"), rules.WEBP),
        (samples.encoded(samples.scene(), "WEBP", lossless=True), rules.WEBP),
        (samples.heic(), rules.HEIF),
        (samples.pdf(), rules.PDF_FILE),
        (samples.xlsx(), rules.XLSX_FILE),
        (samples.docx(), rules.DOCX_FILE),
        (samples.ods(), rules.ODS_FILE),
        (samples.compound("Workbook"), rules.XLS_FILE),
        (samples.compound("Book"), rules.XLS_FILE),
        ("姓名,电话\n𠮷,1\n".encode(), rules.TEXT_FILE),
        ("姓名,电话\n".encode("gb18030"), rules.TEXT_FILE),
        ("姓名\t电话\n".encode("utf-16"), rules.TEXT_FILE),
    ],
)
def test_each_kind_is_known_by_its_bytes_whatever_its_name(content: bytes, nature: rules.Nature) -> None:
    assert nature_of(content, "misleading.exe") == nature


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + bytes(200),
        b"\x7fELF" + bytes(200),
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom",
        samples.package({"hello.txt": b"hello"}),
        samples.package({"[Content_Types].xml": b"", "xl/workbook.bin": b""}),
        samples.compound("WordDocument"),
        b"a\x00b",
        b"\x81\x20\xff",
        b"bell \x07",
    ],
)
def test_other_files_are_refused_with_a_sentence_that_names_them(content: bytes) -> None:
    with pytest.raises(Unfit) as error:
        nature_of(content, "假.jpg")
    assert "假.jpg" in sentence(error)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Unfit, match="empty"):
        nature_of(b"")


def test_a_file_of_sixty_megabytes_is_refused_before_it_is_read() -> None:
    class Untouched(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("read")

    with pytest.raises(Unfit, match="25 MB"):
        judge(Untouched(), name="f", size=60 * rules.MEGABYTE)


def test_a_document_is_no_photo_and_a_photo_no_document() -> None:
    with pytest.raises(Unfit, match="not a photo"):
        nature_of(samples.pdf(), "照片.jpg", [Kind.IMAGE])
    with pytest.raises(Unfit, match="not a document"):
        nature_of(samples.jpeg(), "表.xlsx", [Kind.DOCUMENT])


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (samples.pdf()[:60], "damaged"),
        (samples.xlsx()[:120], "damaged"),
        (samples.xlsx(**{"xl/vbaProject.bin": b"x"}), "without macros"),
        (samples.compound("Workbook", "_VBA_PROJECT_CUR"), "without macros"),
        (samples.compound("EncryptedPackage"), "password"),
    ],
)
def test_unfit_documents_are_refused_with_a_remedy(content: bytes, remedy: str) -> None:
    with pytest.raises(Unfit, match=remedy):
        nature_of(content)


def test_a_zip_bomb_is_refused_without_unpacking() -> None:
    content = samples.zip_bomb()
    started = time.perf_counter()
    with pytest.raises(Unfit, match="unpacks"):
        nature_of(content)
    assert time.perf_counter() - started < 0.1


@pytest.mark.parametrize(
    "content",
    [samples.png_bomb(), samples.png_bomb(7_100), samples.webp_bomb(), samples.jpeg_that_lies()],
)
def test_pixel_bombs_are_refused_before_anything_is_unpacked(content: bytes) -> None:
    tracemalloc.start()
    started = time.perf_counter()
    with pytest.raises(Unfit, match="million pixels"):
        prepared(content)
    assert time.perf_counter() - started < 0.2
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_a_jpeg_of_three_hundred_scans_is_refused_at_once() -> None:
    content = samples.jpeg_of_many_scans()
    started = time.perf_counter()
    with pytest.raises(Unfit, match="damaged"):
        prepared(content)
    assert time.perf_counter() - started < 0.2


@pytest.mark.parametrize(
    "content",
    [
        samples.jpeg()[:9_000],
        samples.jpeg()[:200],
        b"\xff\xd8\xff\xe0" + bytes(500),
        samples.encoded(samples.scene(), "PNG")[:-3000],
        samples.encoded(samples.scene(), "WEBP")[:-2000],
        samples.encoded(samples.scene(), "WEBP")[:20],
        samples.heic()[:-2000],
        samples.heic()[:200],
    ],
)
def test_cut_off_photos_are_refused(content: bytes) -> None:
    with pytest.raises(Unfit, match="damaged"):
        prepared(content)


@pytest.mark.parametrize("form", ["JPEG", "HEIC", "WEBP", "PNG"])
def test_photos_with_flipped_bytes_are_taken_or_refused_never_more(form: str) -> None:
    dice = random.Random(7)
    if form in ("JPEG", "HEIC"):
        original = samples.jpeg() if form == "JPEG" else samples.heic()
    else:
        original = samples.encoded(samples.scene(), form)
    for _turn in range(60):
        content = bytearray(original)
        for _flip in range(dice.randint(1, 12)):
            content[dice.randrange(len(content))] = dice.randrange(256)
        try:
            prepared(bytes(content))
        except Unfit:
            continue


def test_what_is_kept_carries_nothing_but_the_picture() -> None:
    for content in (samples.jpeg(), samples.heic()):
        assert b"PhoneMaker" in content
        picture = prepared(content)
        for kept in (picture.content, picture.thumbnail):
            with Image.open(io.BytesIO(kept)) as image:
                assert image.format == "JPEG"
                assert not image.getexif()
                jfif = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
                assert set(image.info) <= jfif | {"progressive", "progression"}
            for secret in (b"PhoneMaker", b"Exif", b"homeaddress", b"somebody"):
                assert secret not in kept


def test_a_photo_held_sideways_is_turned_upright() -> None:
    picture = prepared(samples.jpeg(orientation=6))
    assert (picture.width, picture.height) == (480, 640)
    with Image.open(io.BytesIO(picture.content)) as image:
        red, green, blue = image.getpixel((470, 10))  # what was top left is now top right
        assert red > 200 and green < 60 and blue < 60


def test_all_eight_orientations_end_upright() -> None:
    upright = samples.scene()
    turn = Image.Transpose
    flips = [None, turn.FLIP_LEFT_RIGHT, turn.ROTATE_180, turn.FLIP_TOP_BOTTOM]
    turns = [turn.TRANSPOSE, turn.ROTATE_90, turn.TRANSVERSE, turn.ROTATE_270]
    for orientation, method in enumerate([*flips, *turns], start=1):
        exif = Image.Exif()
        exif[samples.ORIENTATION] = orientation
        held = upright.transpose(method) if method is not None else upright
        picture = prepared(samples.encoded(held, quality=95, exif=exif))
        with Image.open(io.BytesIO(picture.content)) as image:
            assert image.size == (640, 480), orientation
            assert image.getpixel((10, 10))[0] > 200, orientation
            assert image.getpixel((630, 470)) != image.getpixel((10, 10))


def test_a_large_photo_is_reduced_and_a_small_one_is_not_blown_up() -> None:
    large = prepared(samples.jpeg(width=4000, height=3000))
    small = prepared(samples.jpeg(width=100, height=50))
    assert (large.width, large.height) == (2560, 1920)
    assert (small.width, small.height) == (100, 50)
    with Image.open(io.BytesIO(large.thumbnail)) as image:
        assert image.size == (480, 360)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_kind_of_colour_becomes_a_plain_photo(mode: str) -> None:
    source = samples.scene()
    if mode == "I;16":
        picture = Image.new("I;16", (300, 200), 40_000)
    elif mode in ("RGBA", "LA"):
        picture = source.convert(mode)
        picture.putalpha(0)
    else:
        picture = source.convert(mode)
    result = prepared(samples.encoded(picture, "JPEG" if mode == "CMYK" else "PNG"))
    with Image.open(io.BytesIO(result.content)) as image:
        assert image.mode == "RGB"
        if mode in ("RGBA", "LA"):
            assert image.getpixel((5, 5)) == (255, 255, 255)  # on white paper


def test_the_fingerprint_is_the_well_known_phash() -> None:
    imagehash = pytest.importorskip("imagehash")
    for seed in range(20):
        picture = samples.scene(seed=seed)
        theirs = int(str(imagehash.phash(picture)), 16)
        assert pictures.fingerprint(picture) % 2**64 == theirs


def test_fingerprints_of_the_same_scene_are_near_and_of_others_far() -> None:
    def apart(a: int, b: int) -> int:
        return ((a ^ b) % 2**64).bit_count()

    scene = prepared(samples.jpeg(seed=3)).phash
    again = prepared(samples.encoded(samples.scene(1600, 1200, seed=3), quality=60)).phash
    other = prepared(samples.jpeg(seed=4)).phash
    assert apart(scene, again) <= 6
    assert apart(scene, other) >= 16


def test_the_name_shown_is_short_and_clean() -> None:
    assert rules.display_name("C:\\Users\\张三\\照片.jpg") == "照片.jpg"
    assert rules.display_name("../../etc/pass\x00wd\u202egpj.exe") == "passwdgpj.exe"
    assert len(rules.display_name("长" * 500 + ".pdf")) == 200
    assert rules.display_name(None) == ""
