"""Reads what the sheets of our own have in common: codes, names, limits, amounts, who may."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from bihuan.accounts.queries import nearest
from bihuan.cases.catalogue_book.written import WRITTEN_BY_PEOPLE, LimitError, read_limit
from bihuan.cases.models import Urgency
from bihuan.core.text import listed
from bihuan.ledgers.definition import model
from bihuan.ledgers.definition.columns import WHO
from bihuan.ledgers.definition.faults import say
from bihuan.ledgers.definition.lines import Line, fold, meaning
from bihuan.ledgers.definition.model import Words
from bihuan.ledgers.definition.survey import NAME

LONGEST_CODE = 40
ROLE = re.compile(r"(?:角色|role)\s*[:：]\s*(?P<name>\S.*)", re.I)
AMOUNT = re.compile(r"-?\d{1,12}(\.\d{1,12})?")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00)?")
HOUR = re.compile(r"(\d{1,2})(?:[:：](\d{2})(?::00)?|[点时])")


class Codes:
    """The codes of a sheet, each with its row, so that no two rows have one and others may refer to them."""

    def __init__(self, kind: Any) -> None:
        self.kind = kind  # lazily translated, as people call the rows of the sheet
        self.lines: dict[str, Line] = {}

    def take(self, line: Line, key: str = "code", *, again: bool = False) -> str:
        """The row's code; "" when it has none that can be used."""
        code = line.text(key)
        if not code:
            line.fault(key, _("The row has no code."), _("Write a short one, or delete the row."))
            return ""
        if not NAME.fullmatch(code) or len(code) > LONGEST_CODE:
            line.fault(
                key,
                say(_("“%(code)s” cannot be a code."), code=code),
                say(
                    _("Begin with a letter or character; then letters, digits, _ - and . up to %(longest)s."),
                    longest=LONGEST_CODE,
                ),
            )
            return ""
        first = self.lines.setdefault(code, line)
        if first is not line and not again:
            line.fault(
                key,
                say(_("“%(code)s” is already the code of row %(row)s."), code=code, row=first.number),
                _("Give every row its own code."),
            )
            return ""
        return code

    def look_up(self, line: Line, key: str, code: str) -> bool:
        """Whether the code that a cell refers to is there; says so if not."""
        if code in self.lines:
            return True
        near = nearest(code, list(self.lines))
        line.fault(
            key,
            say(_("There is no %(kind)s “%(code)s”."), kind=self.kind, code=code),
            say(_("Perhaps “%(near)s”?"), near=near)
            if near
            else say(_("Write a row for it, or correct the code. There are: %(codes)s."),
                     codes=listed(self.lines) or "—"),
        )  # fmt: skip
        return False


def read_name(line: Line) -> Words:
    name = line.words("name")
    if not name:
        line.fault("name", _("The row has no name."), _("Write one in Chinese or English."))
    return name


def read_time(line: Line, key: str, calendar_key: str, default: str) -> tuple[str, str]:
    """A limit as the house writes it, and the calendar it runs by, which “5个工作日” says by itself."""
    text, calendar = line.text(key), line.word(calendar_key)
    if not text:
        return "", calendar or default
    try:
        written = read_limit(text, Urgency.ORDINARY)
    except LimitError:
        line.fault(
            key,
            say(_("“%(text)s” is not a time limit of at most a year."), text=text),
            _("Write a number with minutes, hours or days: 15m, 4h, 7d, 15分钟, 4小时, 7个工作日."),
        )
        return "", calendar or default
    match = WRITTEN_BY_PEOPLE.fullmatch(fold(text))
    if match and match["working"]:
        if calendar == model.NATURAL:
            line.fault(
                calendar_key,
                _("The limit is in working time, the calendar is natural."),
                _("Say the same in both cells."),
            )
        calendar = model.WORKING
    return written, calendar or default


def read_who(line: Line, key: str) -> tuple[str, ...]:
    """Who may: words that we know, and roles of the task force."""
    found = []
    for part in line.many(key):
        role = ROLE.fullmatch(part)
        if role:
            found.append(f"{model.ROLE}{role['name'].strip()}")
            continue
        ours = meaning(WHO, part)
        if ours:
            found.append(ours)
            continue
        near = nearest(part, [*WHO, *WHO.values()])
        line.fault(
            key,
            say(_("“%(text)s” is neither a duty nor a part in the campaign."), text=part),
            say(
                _("Perhaps “%(near)s”? A role of the task force is written 角色:%(text)s."),
                near=near,
                text=part,
            )
            if near
            else say(_("A role of the task force is written 角色:%(text)s."), text=part),
        )
    return tuple(dict.fromkeys(found))


def read_amount(line: Line, key: str, *, decimals: int = 4, least: int | None = 0) -> Decimal | None:
    text = line.text(key).replace(",", "").replace("，", "").removeprefix("¥").removesuffix("元").strip()
    if not text:
        return None
    try:
        amount = Decimal(text) if AMOUNT.fullmatch(text) else None
    except InvalidOperation:
        amount = None
    if amount is None or round(amount, decimals) != amount or (least is not None and amount < least):
        line.fault(
            key,
            say(_("“%(text)s” is no amount."), text=line.text(key)),
            say(_("Write a number of at most %(decimals)s decimals, not below %(least)s, as 1200 or 12.50."),
                decimals=decimals, least=least),
        )  # fmt: skip
        return None
    # As written, but without zeros that say nothing: 12.50 and 12.5 are one amount.
    plain = amount.normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral() else plain


def read_day(line: Line, key: str) -> date | None:
    text = line.text(key)
    match = DAY.fullmatch(text)
    try:
        if match:
            return date(*(int(part) for part in match.groups()))
    except ValueError:
        match = None
    line.fault(
        key,
        say(_("“%(text)s” is no date."), text=text),
        _("Write it as 2026-01-31, or as a date of the spreadsheet."),
    )
    return None


def read_hour(line: Line, key: str, default: str) -> str:
    text = line.text(key)
    match = HOUR.fullmatch(text)
    if not text:
        return default
    if not match or int(match[1]) > 23 or int(match[2] or 0) > 59:
        line.fault(key, say(_("“%(text)s” is no time of day."), text=text), _("Write it as 18:00."))
        return default
    return f"{int(match[1]):02}:{int(match[2] or 0):02}"
