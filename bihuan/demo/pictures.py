"""Drawn pictures instead of photos: every one differs, and none shows a real place or person."""

from io import BytesIO
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageEnhance

from bihuan.files.actions import accept_upload
from bihuan.files.models import StoredFile

SIZE = (480, 360)


def photo(scene: int, *, after: bool) -> StoredFile:
    """A street with, or without, something in the way; the same street for the same scene.

    Nobody stands on the same spot at the same hour twice: the later picture is taken from a step aside.
    """
    chance = Random(scene)
    image = Image.new("RGB", SIZE, _tint(chance, (196, 214, 228)))
    draw = ImageDraw.Draw(image)
    horizon = chance.randint(150, 200)
    draw.rectangle((0, horizon, SIZE[0], SIZE[1]), fill=_tint(chance, (168, 168, 164)))
    _buildings(draw, chance, horizon)
    _trees(draw, chance, horizon)
    if not after:
        _trouble(draw, chance, horizon)
    else:
        image = _a_step_aside(image, Random(scene + 1))
    file = BytesIO()
    image.save(file, "JPEG", quality=70)
    return accept_upload(SimpleUploadedFile("demo.jpg", file.getvalue(), "image/jpeg"))


def _a_step_aside(image: Image.Image, chance: Random) -> Image.Image:
    left, top = chance.randint(60, 140), chance.randint(20, 60)
    window = (left, top, left + SIZE[0] - 150, top + SIZE[1] - 70)
    return ImageEnhance.Brightness(image.crop(window).resize(SIZE)).enhance(chance.uniform(0.8, 1.2))


def _tint(chance: Random, colour: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = (max(0, min(255, part + chance.randint(-22, 22))) for part in colour)
    return red, green, blue


def _buildings(draw: ImageDraw.ImageDraw, chance: Random, horizon: int) -> None:
    left = -20
    while left < SIZE[0]:
        width, height = chance.randint(70, 130), chance.randint(70, 140)
        draw.rectangle((left, horizon - height, left + width, horizon), fill=_tint(chance, (206, 190, 172)))
        for x in range(left + 10, left + width - 16, 24):
            for y in range(horizon - height + 12, horizon - 20, 28):
                draw.rectangle((x, y, x + 12, y + 14), fill=_tint(chance, (120, 140, 160)))
        left += width + chance.randint(4, 30)


def _trees(draw: ImageDraw.ImageDraw, chance: Random, horizon: int) -> None:
    for _ in range(chance.randint(1, 4)):
        x, size = chance.randint(0, SIZE[0]), chance.randint(18, 40)
        draw.rectangle((x - 3, horizon - 10, x + 3, horizon + 30), fill=(110, 84, 60))
        draw.ellipse((x - size, horizon - 2 * size, x + size, horizon), fill=_tint(chance, (84, 140, 88)))


def _trouble(draw: ImageDraw.ImageDraw, chance: Random, horizon: int) -> None:
    for _ in range(chance.randint(6, 16)):
        x, y = chance.randint(40, SIZE[0] - 60), chance.randint(horizon + 40, SIZE[1] - 40)
        size = chance.randint(12, 34)
        draw.polygon(
            [(x, y), (x + size, y - chance.randint(0, 12)), (x + size + 8, y + size), (x - 6, y + size - 4)],
            fill=_tint(chance, (150, 96, 70)),
        )
