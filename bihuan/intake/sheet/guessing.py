"""Guesses what the columns of a workbook mean: by their headings, then by what stands in them."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from bihuan.core.sheets import as_text
from bihuan.intake.sheet import cells
from bihuan.intake.sheet.fields import is_ours, meaning_of, plain

SAMPLE = 200
MOBILE = re.compile(r"(\+?86)?1\d{2}[\d*]{4}\d{4}")
IDENTITY = re.compile(r"[A-Za-z]{0,8}[-_]?\d[\w-]{0,40}")


def guess_columns(titles: Sequence[str], sample: Sequence[Sequence[Any]]) -> dict[str, int]:
    """Which column is which field. A column means one thing, and a thing stands in one column."""
    found: dict[str, int] = {}
    claims = sorted(
        (meaning[1], position, meaning[0])
        for position, title in enumerate(titles)
        if (meaning := meaning_of(title))
    )
    for _rank, position, name in claims:
        found.setdefault(name, position)
    if "point" in found and {"lon", "lat"} <= found.keys():
        del found["point"]  # the two numbers are written twice; two columns cannot be misread
    free = [i for i, title in enumerate(titles) if i not in found.values() and not is_ours(title)]
    _guess_by_content(found, free, titles, sample)
    return found


def _guess_by_content(
    found: dict[str, int], free: list[int], titles: Sequence[str], sample: Sequence[Sequence[Any]]
) -> None:
    filled = {i: [line[i] for line in sample if i < len(line) and as_text(line[i])] for i in free}
    filled = {i: values for i, values in filled.items() if values}

    def claim(name: str, column: int | None) -> None:
        if name not in found and column is not None:
            found[name] = column
            filled.pop(column, None)

    def only(test: Callable[[Any], bool], share: float = 0.8) -> int | None:
        fitting = [i for i, values in filled.items() if sum(map(test, values)) >= share * len(values)]
        return fitting[0] if len(fitting) == 1 else None

    claim("phone", only(lambda value: bool(MOBILE.fullmatch(as_text(value))), 0.6))
    claim("said_at", only(_is_moment))
    if "lat" not in found and "point" not in found:
        claim("lon", only(lambda value: _between(value, 73, 136)))
        if "lon" in found:
            claim("lat", only(lambda value: _between(value, 3, 54)))
    if "words" not in found:
        claim("words", _longest(filled, 20 if "title" in found else 6))
    numbered = [
        i
        for i, values in filled.items()
        if _may_number(titles[i])
        and len({as_text(value) for value in values}) == len(values)
        and all(IDENTITY.fullmatch(as_text(value)) for value in values)
    ]
    claim("number", numbered[0] if numbered else None)


def _may_number(title: str) -> bool:
    """Whether a heading may belong to a lasting number. A plain row count (序号) begins anew in each file."""
    return plain(title).endswith(("号", "编码", "id", "num", "number", "no")) and plain(title) not in (
        "序号",
        "行号",
    )


def _is_moment(value: Any) -> bool:
    if isinstance(value, date):
        return True
    if not isinstance(value, str):
        return False
    try:
        return cells.moment_of(value) is not None
    except cells.CellFault as fault:
        return fault.code == "ambiguous_date"


def _between(value: Any, least: float, most: float) -> bool:
    try:
        found = cells.degrees_of(value)
    except cells.CellFault:
        return False
    return found is not None and least <= found <= most and found != int(found)


def _is_pair(value: Any) -> bool:
    try:
        return cells.pair_of(value) is not None
    except cells.CellFault:
        return False


def _longest(filled: dict[int, list[Any]], least: float) -> int | None:
    means = {
        i: sum(len(as_text(value)) for value in values) / len(values)
        for i, values in filled.items()
        if all(isinstance(value, str) for value in values) and not all(map(_is_pair, values))
    }
    best = max(means, key=means.__getitem__, default=None)
    return best if best is not None and means[best] >= least else None


def signature_of(titles: Sequence[str]) -> str:
    """The same for every file with these headings, also for a mended copy of its refused rows."""
    own = [plain(title) for title in titles if not is_ours(title)]
    return sha256("\x1f".join(own).encode()).hexdigest()[:12]
