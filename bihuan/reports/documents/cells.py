"""The cells of a workbook as its file keeps them: their texts, their styles, new values."""

import re
from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lxml import etree

from bihuan.core import clock
from bihuan.core.sheets import LIKE_A_FORMULA
from bihuan.reports.documents.package import Package
from bihuan.reports.documents.runs import Pieces
from bihuan.reports.documents.summary import Value

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
LONGEST = 32_767  # characters that a cell holds, 𠮷 counting as two
EXACT = 15  # digits, that a spreadsheet program keeps
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
DATE_SIGNS = re.compile(r"[ymdhs年月日时分]", re.I)
LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
FIRST_DAY = date(1899, 12, 30)


class Book:
    """What cells refer to: shared texts and styles."""

    def __init__(self, package: Package) -> None:
        self.package = package
        shared = next(iter(package.related(package.main, "sharedStrings")), "")
        self.shared = list(package.tree(shared)) if shared in package.parts else []
        self.styles_part = next(iter(package.related(package.main, "styles")), "")
        self.quoted: dict[str, str] = {}
        properties = package.tree(package.main).find(f"{S}workbookPr")
        self.from_1904 = properties is not None and properties.get("date1904") in ("1", "true")

    def content_of(self, cell: Any) -> Any:
        """The element that holds the text of a cell, or nothing where it holds no text."""
        kind = cell.get("t")
        if kind == "s":
            value = cell.find(f"{S}v")
            number = int(value.text) if value is not None and (value.text or "").isdigit() else -1
            return self.shared[number] if 0 <= number < len(self.shared) else None
        return cell.find(f"{S}is") if kind == "inlineStr" else None

    def text_of(self, cell: Any) -> str:
        content = self.content_of(cell)
        return pieces_of(content).text if content is not None else ""

    # -- writing

    def own_content(self, cell: Any) -> Any:
        """The text of a cell as its own, with the look of its parts, to be changed for this cell alone."""
        content = self.content_of(cell)
        own = etree.Element(f"{S}is")
        for child in content if content is not None else ():
            if child.tag in (f"{S}t", f"{S}r"):
                own.append(deepcopy(child))
        self._clear(cell, "inlineStr")
        cell.append(own)
        return own

    @staticmethod
    def _clear(cell: Any, kind: str) -> None:
        for child in list(cell):
            cell.remove(child)
        if kind:
            cell.set("t", kind)
        else:
            cell.attrib.pop("t", None)

    def finish_text(self, cell: Any, own: Any) -> None:
        """Keep texts texts, even those that look like a formula, and no longer than a cell holds."""
        pieces = pieces_of(own)
        if not pieces.text:
            self._clear(cell, "")
            return
        if pieces.text.startswith(LIKE_A_FORMULA):
            cell.set("s", self._quoted_style(cell.get("s", "0")))
        left = LONGEST
        for element in pieces.elements:
            if element is not None:
                written = (element.text or "").encode("utf-16-le")
                element.text = written[: 2 * max(left, 0)].decode("utf-16-le", "ignore")
                left -= len(written) // 2

    def write_value(self, cell: Any, value: Value) -> bool:
        """Write a number or a date as such, where the cell can show it; else nothing is done."""
        if isinstance(value, Decimal):
            if len(value.as_tuple().digits) > EXACT or abs(value) >= 10**EXACT:
                return False
            written = format(value, "f")
        elif isinstance(value, date) and self._shows_dates(cell):
            written = self._serial(value)
        else:
            return False
        self._clear(cell, "")
        etree.SubElement(cell, f"{S}v").text = written
        return True

    def _serial(self, value: date) -> str:
        moment = clock.local(value) if isinstance(value, datetime) else value
        day = moment.date() if isinstance(moment, datetime) else moment
        number = Decimal((day - FIRST_DAY).days - (1462 if self.from_1904 else 0))
        if isinstance(moment, datetime):
            seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
            number += (Decimal(seconds) / 86_400).quantize(Decimal("0.0000000001"))
        return format(number.normalize(), "f")

    # -- styles

    def _format_of(self, cell: Any) -> Any:
        formats = self.package.tree(self.styles_part).find(f"{S}cellXfs") if self.styles_part else None
        number = int(cell.get("s", "0"))
        return formats[number] if formats is not None and number < len(formats) else None

    def _shows_dates(self, cell: Any) -> bool:
        style = self._format_of(cell)
        number = int(style.get("numFmtId", "0")) if style is not None else 0
        if number in DATES:
            return True
        own = self.package.tree(self.styles_part).find(f"{S}numFmts") if self.styles_part else None
        codes = {one.get("numFmtId"): one.get("formatCode", "") for one in own} if own is not None else {}
        code = codes.get(str(number), "")
        return bool(DATE_SIGNS.search(LITERALS.sub("", code.split(";")[0])))

    def _quoted_style(self, style: str) -> str:
        """The same look, with the mark that keeps a text a text when somebody edits the cell."""
        if style in self.quoted:
            return self.quoted[style]
        formats = self.package.tree(self.styles_part).find(f"{S}cellXfs") if self.styles_part else None
        if formats is None or int(style) >= len(formats):
            return style
        copy = deepcopy(formats[int(style)])
        copy.set("quotePrefix", "1")
        formats.append(copy)
        formats.set("count", str(len(formats)))
        self.quoted[style] = str(len(formats) - 1)
        return self.quoted[style]


def escape(text: str) -> str:
    """A text in which nothing looks like the character codes of the file format, _x0041_."""
    return ESCAPED.sub("_x005F_", text)


def pieces_of(content: Any) -> Pieces:
    """The text of a cell, without the reading aids that East Asian texts may carry."""
    return Pieces([one for one in content.iter(f"{S}t") if one.getparent().tag != f"{S}rPh"])
