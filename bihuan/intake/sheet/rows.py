"""Turns a line of a workbook into a report, or says what is wrong with it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import chain, islice
from typing import Any

from bihuan.accounts.queries import nearest
from bihuan.cases.models import Report
from bihuan.core.sheets import as_text
from bihuan.core.text import clean, listed, normalise
from bihuan.intake.limits import ADDRESS, NAME, WORDS
from bihuan.intake.sheet import cells
from bihuan.intake.sheet.book import Line
from bihuan.intake.sheet.cells import months_first
from bihuan.territory.models import Area
from bihuan.territory.projection import to_wgs84
from bihuan.territory.queries import areas_by_id

TITLE = 120
CATEGORY = 60
KEY = 118
LOOKED_AT = 5_000  # rows by which a column shows how it writes its dates

Fault = dict[str, Any]  # {"field", "code", …}: kept as data, worded when somebody reads it


@dataclass(frozen=True)
class Setting:
    """What a clerk has said about a workbook: where its rows are and what its columns mean."""

    sheet: str
    header: int
    columns: dict[str, int]
    source: str
    datum: str = "wgs84"
    may_call: bool = False


@dataclass
class Outcome:
    """One row, understood: `report` says what to take in, or `faults` why not; `repeats` an earlier row."""

    row: int
    key: str = ""
    report: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    repeats: int = 0
    notes: list[str] = field(default_factory=list)


class RowReader:
    """Reads the rows of one workbook in their order, and remembers which numbers it has met."""

    def __init__(self, setting: Setting):
        self.setting = setting
        self.columns = setting.columns
        self.seen: dict[bytes, tuple[int, bytes]] = {}
        self.month_first: bool | None = None
        self.areas = _areas_by_word() if "area" in self.columns else {}

    def outcomes(self, lines: Iterable[Line]) -> Iterator[Outcome]:
        """Every row below the headings that is not empty."""
        lines = iter(lines)
        first = list(islice(lines, LOOKED_AT))
        column = self.columns.get("said_at")
        if column is not None:
            self.month_first = months_first(line[column] for _number, line in first if column < len(line))
        for number, line in chain(first, lines):
            if number > self.setting.header and any(as_text(cell) for cell in line):
                yield self.read(number, line)

    def read(self, number: int, line: list[Any]) -> Outcome:
        found = Outcome(number)
        values = _Values(self.columns, line, found.faults)
        words, title = self._texts(values)
        address = values.take("address", cells.line_of, "", longest=ADDRESS)
        said_at = values.take("said_at", partial(cells.moment_of, month_first=self.month_first), None)
        lon, lat = self._point(values)
        name = values.take("name", cells.line_of, "", longest=NAME)
        found.report = {
            "words": words,
            "title": title,
            "address": address,
            "said_at": said_at,
            "lon": lon,
            "lat": lat,
            "area": self._area(values),
            "name": name,
            "category": values.take("category", cells.line_of, "", longest=CATEGORY),
            **self._phone(values, found),
        }
        told = (title, words, address, said_at.isoformat() if said_at else "", str(lon), str(lat), name)
        found.key = self._key(values, told)
        if not found.faults:
            self._compare(found, _digest(title, words))
        return found

    def _texts(self, values: "_Values") -> tuple[str, str]:
        """Words and heading. Each may stand for the other; a heading too long to be one joins the words."""
        words = values.take("words", lambda cell: clean(cells.text_of(cell)), "")
        title = values.take("title", cells.line_of, "")
        if len(title) > TITLE:
            words, title = (f"{title}\n{words}".strip() if title not in words else words), ""
        words = words or title
        if not words and not values.faults:
            values.fault("words" if "words" in self.columns else "title", "no_words")
        if len(words) > WORDS:
            values.fault("words", "too_long", length=len(words), limit=WORDS)
        return words, title

    def _point(self, values: "_Values") -> tuple[float | None, float | None]:
        pair = values.take("point", cells.pair_of, None)
        lon, lat = pair or (
            values.take("lon", cells.degrees_of, None),
            values.take("lat", cells.degrees_of, None),
        )
        if (lon is None) != (lat is None):
            if not any(fault["field"] in ("lon", "lat") for fault in values.faults):
                values.fault("lon" if lon is None else "lat", "half_point")
            return None, None
        if lon is None or lat is None or (lon == 0 and lat == 0):  # 0, 0 is how programs write “nowhere”
            return None, None
        if not ((abs(lon) <= 180 and abs(lat) <= 90) or (abs(lat) <= 180 and abs(lon) <= 90)):
            values.fault("lon" if "lon" in self.columns else "point", "not_on_earth", text=f"{lon}, {lat}")
            return None, None
        if self.setting.datum != "wgs84":
            lon, lat = to_wgs84(lon, lat, self.setting.datum)  # type: ignore[arg-type]
        return lon, lat

    def _area(self, values: "_Values") -> Area | None:
        text = values.take("area", cells.line_of, "")
        if not text:
            return None
        found = self.areas.get(text.casefold())
        if found is None:
            values.fault("area", "no_area", text=text[:60], near=nearest(text, list(self.areas)))
        elif len(found) > 1:
            values.fault("area", "many_areas", text=text[:60], codes=listed(area.code for area in found[:6]))
        else:
            return found[0]
        return None

    def _phone(self, values: "_Values", found: Outcome) -> dict[str, Any]:
        """A number is kept only to be called: from those who agreed."""
        may_call = self.setting.may_call
        if "may_call" in self.columns:
            may_call = values.take("may_call", cells.agreement_of, False)
        phone, masked = values.take("phone", cells.phone_of, ("", False)) if may_call else ("", False)
        if masked:
            found.notes.append("masked_phone")
        return {"phone": phone, "may_call": bool(may_call and phone)}

    def _key(self, values: "_Values", told: tuple[str, ...]) -> str:
        number = values.take("number", cells.number_of, "")
        if not number:
            return f"text:{_digest(*told).hex()}"
        return number if len(number) <= KEY else f"long:{_digest(number).hex()}"

    def _compare(self, found: Outcome, text: bytes) -> None:
        """The same again is one report; another text under the same number is a mistake."""
        short = _digest(found.key)
        first = self.seen.setdefault(short, (found.row, text))
        if first[0] == found.row:
            return
        if first[1] == text:
            found.repeats = first[0]
        else:
            found.faults.append(
                {"field": "number", "code": "number_taken", "row": first[0], "text": found.key[:60]}
            )


class _Values:
    """The cells of one row by what they mean."""

    def __init__(self, columns: dict[str, int], line: list[Any], faults: list[Fault]):
        self.columns, self.line, self.faults = columns, line, faults

    def take(self, name: str, read: Any, otherwise: Any, *, longest: int = 0) -> Any:
        column = self.columns.get(name)
        if column is None or column >= len(self.line):
            return otherwise
        try:
            value = read(self.line[column])
        except cells.CellFault as fault:
            self.fault(name, fault.code, **fault.params)
            return otherwise
        if longest and len(value) > longest:
            self.fault(name, "too_long", length=len(value), limit=longest)
        return value

    def fault(self, name: str, code: str, **params: Any) -> None:
        self.faults.append({"field": name, "code": code, **params})


def _digest(*parts: str) -> bytes:
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()[:16]


def _areas_by_word() -> dict[str, list[Area]]:
    found: dict[str, list[Area]] = {}
    for area in areas_by_id().values():
        for word in {area.code, area.name, area.name_en, *area.aliases}:
            if word:
                found.setdefault(normalise(word).casefold(), []).append(area)
    return found


def same_text(report: Report, words: str) -> bool:
    """Whether a report that is there already says what this row says."""
    return report.words == words
