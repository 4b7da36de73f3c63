"""Writes experience as one file, and reads such a file of an unknown hand: whole and ours, or refused."""

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.ledgers.definition import (
    Definition,
    FaultyWorkbook,
    UnknownFormat,
    Words,
    from_json,
    read_workbook,
    to_json,
    write_workbook,
)
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.model import PERIODS, Rate
from bihuan.ledgers.models import Visibility
from bihuan.reports.documents import FaultyTemplate, check_template
from bihuan.reports.documents.package import LARGEST as LARGEST_PAPER
from bihuan.reports.experience.model import Experience, Goal, Paper, Rates, TeamWords
from bihuan.reports.writing.papers import names_of_ledger

FORMAT, KIND = 1, "bihuan.experience"
CONTENT, SUM = "experience.json", "experience.sha256"
PAPER = re.compile(r"templates/\d{1,2}\.(docx|xlsx)")
LARGEST, LARGEST_CONTENT, MOST_PAPERS, MOST_TEAMS, MOST_GOALS = 20 << 20, 4 << 20, 20, 200, 200
LARGEST_UNPACKED = 60 << 20
LONGEST_TEXT = 20_000
EPOCH = (1980, 1, 1, 0, 0, 0)
KEYS = {
    "format", "kind", "definition", "name", "goal", "lessons", "days", "visibility", "summary_at", "origin",
    "made_on", "teams", "goals", "papers", "rates", "reached",
}  # fmt: skip
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError,
)  # fmt: skip
# What a tree of foreign values runs into where it is not of our shape.
UNFORESEEN = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, UnknownFormat,
)  # fmt: skip


class UnfitExperience(Exception):
    """The file is damaged, foreign or not complete; `sentence` says why."""

    def __init__(self, sentence: Any):
        self.sentence = sentence
        super().__init__("unfit")

    def __str__(self) -> str:
        return str(self.sentence)


def pack(experience: Experience) -> bytes:
    """The file: canonical JSON with its check sum, and the templates. The same experience, the same bytes."""
    content = _canonical(_told(experience))
    parts = [(CONTENT, content), (SUM, hashlib.sha256(content).hexdigest().encode())]
    parts += [(_file_of(place, paper), paper.content) for place, paper in enumerate(experience.papers)]
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, part)
    return target.getvalue()


def _canonical(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _file_of(place: int, paper: Paper) -> str:
    return f"templates/{place}.{paper.type}"


def _told(one: Experience) -> dict[str, Any]:
    rates = one.rates
    return {
        "format": FORMAT,
        "kind": KIND,
        "definition": to_json(one.definition),
        "name": [one.name.zh, one.name.en],
        "goal": one.goal,
        "lessons": one.lessons,
        "days": one.days,
        "visibility": one.visibility,
        "summary_at": one.summary_at,
        "origin": [one.origin.zh, one.origin.en],
        "made_on": one.made_on.isoformat(),
        "teams": [[team.name, team.name_en, team.answers_for] for team in one.teams],
        "goals": [[goal.figure, goal.name, goal.day, str(goal.amount)] for goal in one.goals],
        "papers": [
            {
                "name": paper.name,
                "kind": paper.kind,
                "file": _file_of(place, paper),
                "sha256": hashlib.sha256(paper.content).hexdigest(),
            }
            for place, paper in enumerate(one.papers)
        ],
        "rates": None
        if rates is None
        else {"basis": rates.basis, "rates": [_rate_told(rate) for rate in rates.rates]},
        "reached": [[figure, str(amount)] for figure, amount in one.reached],
    }


def _rate_told(rate: Rate) -> list[str]:
    names = [rate.name.zh, rate.name.en]
    return [rate.code, *names, rate.unit, str(rate.amount), rate.valid_from.isoformat(), rate.quantity]


# -- reading ------------------------------------------------------------------------------------------


def unpack(file: bytes) -> Experience:
    """What the file holds, every part of it checked; UnfitExperience where it cannot be taken over."""
    parts = _parts(file)
    content = parts.get(CONTENT, b"")
    if parts.get(SUM, b"") != hashlib.sha256(content).hexdigest().encode():
        raise UnfitExperience(_("The file is damaged or was altered: its check sum is not right."))
    try:
        told = json.loads(content.decode(), parse_constant=_no_number)
        if not isinstance(told, dict) or told.get("kind") != KIND:
            raise UnfitExperience(_("This is no file of a campaign's experience."))
        if told.get("format") != FORMAT:
            raise UnfitExperience(_("The file was written by another version of the system."))
        if told.keys() != KEYS:
            raise UnfitExperience(_("The file is not complete."))
        return _experience(told, parts)
    except UNFORESEEN as error:
        raise UnfitExperience(_("The file says something that this system does not understand.")) from error


def _parts(file: bytes) -> dict[str, bytes]:
    if len(file) > LARGEST:
        raise UnfitExperience(_("The file is larger than 20 MB."))
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_PAPERS + 2:
                raise UnfitExperience(_("The file holds what does not belong into it."))
            for entry in entries:
                name = entry.filename
                known = name in (CONTENT, SUM) or PAPER.fullmatch(name)
                if not known or name in found or entry.flag_bits & 1:
                    raise UnfitExperience(_("The file holds what does not belong into it."))
                most = LARGEST_CONTENT if name in (CONTENT, SUM) else LARGEST_PAPER
                with archive.open(entry) as part:
                    found[name] = part.read(most + 1)
                if len(found[name]) > most or sum(map(len, found.values())) > LARGEST_UNPACKED:
                    raise UnfitExperience(say(_("The part %(part)s is too large."), part=name))
    except UNREADABLE as error:
        raise UnfitExperience(_("The file is damaged, or is none of ours.")) from error
    return found


def _no_number(word: str) -> Any:
    raise ValueError(word)


def _experience(told: dict[str, Any], parts: Mapping[str, bytes]) -> Experience:
    definition = _definition(told["definition"])
    papers = tuple(_paper(one, parts, definition) for one in _list(told["papers"], MOST_PAPERS))
    if {CONTENT, SUM, *(one["file"] for one in told["papers"])} != parts.keys():
        raise UnfitExperience(_("The file holds what does not belong into it."))
    codes = {figure.code for figure in definition.figures}
    goals = tuple(
        Goal(_text(figure), _text(name), _whole(day, 10_000), _amount(amount))
        for figure, name, day, amount in _list(told["goals"], MOST_GOALS)
    )
    if {goal.figure for goal in goals} - codes:
        raise ValueError("a goal of no figure")
    rates = told["rates"]
    return Experience(
        definition=definition,
        name=_words(told["name"]),
        goal=_text(told["goal"]),
        lessons=_text(told["lessons"]),
        days=_whole(told["days"], 10_000),
        visibility=_one_of(told["visibility"], Visibility.values),
        summary_at=_hour(told["summary_at"]),
        origin=_words(told["origin"]),
        made_on=date.fromisoformat(told["made_on"]),
        teams=tuple(TeamWords(*(_text(word) for word in team)) for team in _list(told["teams"], MOST_TEAMS)),
        goals=goals,
        papers=papers,
        rates=None
        if rates is None
        else Rates(_text(rates["basis"]), tuple(_rate(one) for one in _list(rates["rates"], 1000))),
        reached=tuple((_text(figure), _amount(amount)) for figure, amount in _list(told["reached"], 1000)),
    )


def _definition(told: Any) -> Definition:
    """Written as a workbook and read again: so it is judged as strictly as one that a clerk sends."""
    try:
        return read_workbook(io.BytesIO(write_workbook(from_json(told))), "experience.xlsx")
    except FaultyWorkbook as faulty:
        raise UnfitExperience(say(_("Its ledger has faults: %(fault)s"), fault=faulty.faults[0])) from faulty


def _paper(told: Any, parts: Mapping[str, bytes], definition: Definition) -> Paper:
    content, name = parts[told["file"]], _text(told["name"])
    if hashlib.sha256(content).hexdigest() != told["sha256"]:
        raise UnfitExperience(say(_("The template “%(name)s” is damaged."), name=name))
    try:
        checked = check_template(content, names_of_ledger(definition))
    except FaultyTemplate as faulty:
        raise UnfitExperience(
            say(_("The template “%(name)s” has faults: %(fault)s"), name=name, fault=faulty.faults[0])
        ) from faulty
    return Paper(name, _one_of(told["kind"], ("", *PERIODS)), checked.kind, content)


def _rate(told: Any) -> Rate:
    code, zh, en, unit, amount, day, quantity = (_text(one) for one in told)
    return Rate(code, Words(zh, en), unit, _amount(amount), date.fromisoformat(day), quantity=quantity)


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise ValueError("no list, or too long")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ValueError("no text, or too long")
    return value


def _words(value: Any) -> Words:
    zh, en = _list(value, 2)
    return Words(_text(zh), _text(en))


def _whole(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError("no number of days")
    return value


def _amount(value: Any) -> Decimal:
    try:
        amount = Decimal(_text(value))
    except InvalidOperation as error:
        raise ValueError(value) from error
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 14:
        raise ValueError(value)
    return amount


def _one_of(value: Any, known: Any) -> str:
    if _text(value) not in known:
        raise ValueError(value)
    return str(value)


def _hour(value: Any) -> str:
    if value and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", _text(value)):
        raise ValueError(value)
    return str(value)
