"""Turns the rows of a workbook into drafts of items, or says what is wrong with each cell."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bihuan.accounts.models import User
from bihuan.core.book import Line
from bihuan.core.sheets import as_text
from bihuan.core.text import normalise
from bihuan.core.verdicts import Refusal
from bihuan.ledgers.actions.answering import AnswersUnfit
from bihuan.ledgers.drafts import Draft
from bihuan.ledgers.models import Campaign, Post, Team
from bihuan.ledgers.rules import top_of
from bihuan.ledgers.sheets import cells
from bihuan.ledgers.sheets.cells import Wrong, close_to
from bihuan.ledgers.sheets.columns import FIELD, meanings_of
from bihuan.territory.models import Area, Place
from bihuan.territory.queries import areas_by_id, ids_within

TITLE, KEY = 120, 100
CHUNK = 250  # rows that commit together: some tenths of a second's work

Fault = dict[str, Any]  # {"column": from 0 or None, "problem", "remedy"}: sentences in one person's language


@dataclass
class Outcome:
    """One row, understood: the draft of an item, or faults that say why not."""

    row: int
    key: str = ""
    draft: Draft | None = None
    faults: list[Fault] = field(default_factory=list)
    parts: list[tuple[str, str]] = field(default_factory=list)  # label and value, as a page shows them


class RowReader:
    """Reads the rows of one workbook in their order, and remembers which numbers it has met."""

    def __init__(self, campaign: Campaign, header: int, columns: dict[str, int]):
        self.campaign, self.header, self.columns = campaign, header, columns
        definition = campaign.edition.definition
        self.definition = definition
        known = meanings_of(definition)
        self.meanings = {key: known[key] for key in columns if key in known}
        self.offered = {
            one.field.name: cells.Offered(definition.list_of(one.field.list))
            for one in self.meanings.values()
            if one.field is not None and one.field.list
        }
        self.seen: dict[bytes, int] = {}
        self.areas = _areas_by_word(campaign.area) if {"area", "place"} & columns.keys() else {}
        self.teams = _teams_by_word(campaign) if "team" in columns else {}
        self.people = _people_by_word(campaign) if "responsible" in columns else {}
        self.places: dict[str, list[Place]] = {}

    def chunks(self, lines: Iterable[Line]) -> Iterator[list[Line]]:
        """The rows below the headings that are not empty, a handful at a time."""
        filled = (line for line in lines if line[0] > self.header and any(as_text(cell) for cell in line[1]))
        while chunk := list(islice(filled, CHUNK)):
            yield chunk

    def pass_over(self, chunk: Sequence[Line]) -> None:
        """Rows that were dealt with before: later ones may still repeat their numbers."""
        for number, line in chunk:
            found = Outcome(number)
            self._remember(found, self._key(found, line), line)

    def outcomes(self, chunk: Sequence[Line]) -> list[Outcome]:
        self.places = self._places_named(chunk)
        return [self.read(number, line) for number, line in chunk]

    def read(self, number: int, line: list[Any]) -> Outcome:
        found = Outcome(number)
        take = _Row(self, found, line)
        key = self._key(found, line)
        place, area = self._where(take)
        lon, lat = self._point(take)
        told = {
            "title": take("title", cells.text_of) or (place.name if place is not None else key),
            "place": place,
            "area": area,
            "lon": lon,
            "lat": lat,
            "team": take.known("team", self.teams, _("The campaign has no team “%(text)s”.")),
            "responsible": take.known(
                "responsible", self.people, _("“%(text)s” is not on the task force of this campaign.")
            ),
            "answers": self._answers(take),
            "parent_key": _key_of(parent) if (parent := take("parent", cells.number_text_of)) else "",
        }
        if not told["title"] and not found.faults:
            take.fault("title", _("The row does not say what the item is called."), _("Write a heading."))
        if len(told["title"]) > TITLE:
            problem = _("%(length)s characters; at most %(limit)s fit.")
            take.fault(
                "title", problem % {"length": len(told["title"]), "limit": TITLE}, _("Shorten the heading.")
            )
        self._remember(found, key, line)
        if not found.faults:
            found.draft = Draft(source_key=found.key, **told)
        return found

    # -- numbers

    def _key(self, found: Outcome, line: list[Any]) -> str:
        key: str = _Row(self, found, line)("key", cells.number_text_of) or ""
        if len(key) > KEY:
            _Row(self, found, line).fault(
                "key",
                _("%(length)s characters; at most %(limit)s fit.") % {"length": len(key), "limit": KEY},
                _("Shorten the number."),
            )
        return key[:KEY]

    def _remember(self, found: Outcome, key: str, line: list[Any]) -> None:
        """The same number twice in a file is a mistake; so is the same row where no column holds numbers."""
        if key:
            found.key = _key_of(key)
        else:
            told = [f"{name}={as_text(line[i])}" for name, i in sorted(self.columns.items()) if i < len(line)]
            found.key = f"row:{sha256(chr(31).join(told).encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
        first = self.seen.setdefault(
            sha256(found.key.encode("utf-8", "surrogatepass")).digest()[:12], found.row
        )
        if first == found.row:
            return
        if key:
            problem = _("Row %(row)s has the same number “%(text)s”.") % {"row": first, "text": key[:60]}
            remedy = _("Give one of the two rows its right number, or delete one.")
        else:
            problem = _("Row %(row)s says exactly the same.") % {"row": first}
            remedy = _(
                "Delete one of the two; if they are two items, give each a number in a column of its own."
            )
        _Row(self, found, line).fault("key", problem, remedy)

    # -- where it is

    def _where(self, take: "_Row") -> tuple[Place | None, Area | None]:
        area = take.known("area", self.areas, _("There is no area “%(text)s” in this campaign."))
        name = take("place", cells.text_of) or ""
        if not name:
            return None, area
        places = self.places.get(name, [])
        if area is not None:
            places = [one for one in places if area.covers(one.area)]
        if len(places) == 1:
            return places[0], area
        if places:
            take.fault(
                "place",
                _("Several places are called “%(text)s”.") % {"text": name[:60]},
                _("Say in a column for the area which one is meant."),
            )
            return None, area
        areas = self.areas.get(normalise(name).casefold(), [])
        if len(areas) == 1:
            return None, area or areas[0]
        take.fault(
            "place",
            _("The directory of places has no “%(text)s” in the area of this campaign.")
            % {"text": name[:60]},
            _("Write its name as there, enter it there first, or empty the cell and write the area."),
        )
        return None, area

    def _places_named(self, chunk: Sequence[Line]) -> dict[str, list[Place]]:
        column = self.columns.get("place")
        if column is None:
            return {}
        names = {normalise(as_text(line[column])) for _number, line in chunk if column < len(line)}
        within = ids_within(self.campaign.area)
        rows = Place.objects.filter(name__in=names, area__in=within).select_related("area")
        found: dict[str, list[Place]] = {}
        for place in rows.defer("keys", "area__keys", "area__boundary"):
            found.setdefault(place.name, []).append(place)
        return found

    def _point(self, take: "_Row") -> tuple[float | None, float | None]:
        lon, lat = take("lon", cells.degrees_of), take("lat", cells.degrees_of)
        if (lon is None) != (lat is None):
            if not any(
                one["column"] in (self.columns.get("lon"), self.columns.get("lat")) for one in take.faults
            ):
                take.fault(
                    "lon" if lon is None else "lat",
                    _("One of the two coordinates is missing."),
                    _("Fill in both, or empty both."),
                )
            return None, None
        if (
            lon is not None
            and lat is not None
            and (max(abs(lon), abs(lat)) > 180 or min(abs(lon), abs(lat)) > 90)
        ):
            take.fault(
                "lon",
                _("There is no such point on Earth."),
                _("Write degrees like 114.6512, or empty both cells."),
            )
            return None, None
        return lon, lat

    # -- fields of the ledger

    def _answers(self, take: "_Row") -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, meaning in self.meanings.items():
            if meaning.field is None:
                continue
            offered = self.offered.get(meaning.field.name)
            one = meaning.field
            answer = take(key, lambda cell, one=one, offered=offered: cells.answer_of(one, offered, cell))
            if answer is None:
                continue
            if meaning.repeat:
                found.setdefault(meaning.repeat, [{}])[0][one.name] = answer
            else:
                found[one.name] = answer
        return found

    def refuse(self, found: Outcome, refusal: Refusal) -> None:
        """Say what the rules said no to, beside the column that it is about."""
        take = _Row(self, found, [])
        if isinstance(refusal, AnswersUnfit):
            for fault in refusal.faults:
                key, sentence = self._column_of(fault.field), str(fault.sentence)
                if key not in self.columns:
                    one = self.definition.find(fault.field)
                    sentence = f"{(one.label if one else '') or fault.field}: {sentence}"
                take.fault(key, sentence, _("Correct the cell, or empty it."))
            return
        key, remedy = REFUSED.get(refusal.code, ("", _("Correct the row.")))
        take.fault(key, str(refusal.sentence), str(remedy))

    def _column_of(self, name: str) -> str:
        if FIELD + name in self.columns:
            return FIELD + name
        return FIELD + top_of(self.definition, name)


# What the rules refuse of a whole row: which column it is about, and what its author can do.
REFUSED: dict[str, tuple[str, Any]] = {
    "item.outside_area": ("area", gettext_lazy("Correct the area or the coordinates.")),
    "item.not_in_team": (
        "responsible",
        gettext_lazy("Add them to the team first, or name somebody of it, or empty the cell."),
    ),
    "item.no_parent": (
        "parent",
        gettext_lazy("Put the row of the item that it comes from above this one, or correct the number."),
    ),
    "item.splits_not": ("parent", gettext_lazy("Empty the cell.")),
    "campaign.not_on_task_force": ("team", gettext_lazy("You can enter items of your own team alone.")),
}


class _Row:
    """The cells of one row by what they mean."""

    def __init__(self, reader: RowReader, found: Outcome, line: list[Any]):
        self.columns, self.line, self.found = reader.columns, line, found
        self.meanings = reader.meanings

    @property
    def faults(self) -> list[Fault]:
        return self.found.faults

    def __call__(self, key: str, read: Any) -> Any:
        column = self.columns.get(key)
        if column is None or column >= len(self.line):
            return None
        cell = self.line[column]
        if cell is None or cell == "":
            return None
        try:
            value = read(cell)
        except Wrong as wrong:
            self.fault(key, wrong.problem, wrong.remedy)
            return None
        if value not in (None, "") and len(self.found.parts) < 12 and key in self.meanings:
            self.found.parts.append((self.meanings[key].label, as_text(cell)))
        return value

    def known(self, key: str, words: dict[str, list[Any]], problem: str) -> Any:
        """The one thing that bears this name; which of several is meant nobody can guess."""
        text = self(key, cells.text_of)
        if not text:
            return None
        found = words.get(normalise(text).casefold(), [])
        if len(found) == 1:
            return found[0]
        if found:
            self.fault(
                key,
                _("Several are called “%(text)s”.") % {"text": text[:60]},
                _("Write the code or the account's name instead."),
            )
            return None
        near = close_to(text, tuple(words))
        remedy = (
            _("Perhaps “%(near)s”?") % {"near": near} if near else _("Correct the name, or empty the cell.")
        )
        self.fault(key, problem % {"text": text[:60]}, remedy)
        return None

    def fault(self, key: str, problem: str, remedy: str) -> None:
        column = self.columns.get(key)
        fault = {"column": column, "problem": problem, "remedy": remedy}
        if fault not in self.found.faults:
            self.found.faults.append(fault)
            self.found.faults.sort(key=_place_of)


def _place_of(fault: Fault) -> tuple[bool, int]:
    """Faults stand as the columns of their workbook do, and after them what no column says."""
    column = fault["column"]
    return (column is None, column or 0)


def _key_of(text: str) -> str:
    return f"key:{text}"


def _areas_by_word(root: Area) -> dict[str, list[Area]]:
    found: dict[str, list[Area]] = {}
    within = ids_within(root)
    for area in areas_by_id().values():
        if area.pk in within:
            for word in {area.code, area.name, area.name_en, *area.aliases}:
                if word:
                    found.setdefault(normalise(word).casefold(), []).append(area)
    return found


def _teams_by_word(campaign: Campaign) -> dict[str, list[Team]]:
    found: dict[str, list[Team]] = {}
    for team in campaign.teams.filter(retired_at=None):
        for word in {team.name, team.name_en}:
            if word:
                found.setdefault(normalise(word).casefold(), []).append(team)
    return found


def _people_by_word(campaign: Campaign) -> dict[str, list[User]]:
    posts = Post.objects.current().filter(campaign=campaign).select_related("person")
    people = {post.person_id: post.person for post in posts}
    found: dict[str, list[User]] = {}
    for person in people.values():
        for word in {person.name, person.username}:
            if word:
                found.setdefault(normalise(word).casefold(), []).append(person)
    return found
