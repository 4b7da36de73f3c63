"""Word templates: finds the placeholders of a .docx, says what is wrong with them, and fills them in."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext_lazy as _
from lxml import etree

from bihuan.reports.documents.blocks import Block, Plain, plan
from bihuan.reports.documents.faults import MOST_FAULTS, FaultyTemplate, TemplateFault, say
from bihuan.reports.documents.package import Package, refuse
from bihuan.reports.documents.placeholders import MOST, OPEN
from bihuan.reports.documents.reading import Item, Marker, Reader, Reading, Ref, Section
from bihuan.reports.documents.runs import SPACE, Pieces
from bihuan.reports.documents.scope import Row, Scope

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
PARTS = (
    (r"word/document\d*\.xml", _("body text")),
    (r"word/header\d*\.xml", _("header")),
    (r"word/footer\d*\.xml", _("footer")),
    (r"word/footnotes\d*\.xml", _("footnote")),
    (r"word/endnotes\d*\.xml", _("endnote")),
)
MOST_PIECES = 60_000  # paragraphs that rows make of one template
MOST_ROWS = 2_000  # of a table: a Word file of more is read by nobody
SHOWN = 40  # characters of a paragraph, in a sentence about it
FETCHING = ("DDE", "DDEAUTO", "INCLUDEPICTURE", "INCLUDETEXT", "IMPORT", "LINK", "DATABASE", "MACROBUTTON")
BREAKS = (f"{W}tab", f"{W}br", f"{W}cr", f"{W}noBreakHyphen")
SINGLE = (f"{W}bookmarkStart", f"{W}bookmarkEnd", f"{W}commentRangeStart", f"{W}commentRangeEnd")


def parts_of(package: Package) -> Iterator[tuple[Any, Any]]:
    """Every part with text, and what people call it."""
    for pattern, called in PARTS:
        for name in package.named(pattern):
            yield package.tree(name), called


# -- a paragraph


def own_pieces(paragraph: Any) -> Pieces:
    """The text of a paragraph without that of text boxes in it."""
    return Pieces(list(_pieces(paragraph)))


def _pieces(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag == f"{W}t":
            yield child
        elif child.tag in BREAKS:
            yield None
        elif child.tag not in (f"{W}txbxContent", f"{W}p", f"{W}pPr", f"{W}rPr"):
            yield from _pieces(child)


def _boxes(paragraph: Any) -> list[Any]:
    """Text boxes, each of which Word keeps twice: for itself and for older programs."""
    return [
        box
        for box in paragraph.iter(f"{W}txbxContent")
        if next(box.iterancestors(f"{W}p", f"{W}txbxContent")) is paragraph
    ]


def _text_of(element: Any) -> str:
    return "".join(own_pieces(one).text for one in element.iter(f"{W}p"))


class _Walker:
    """Goes through a part in the order of its text; `inside` is the table whose rows repeat here."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def marker_of(self, element: Any) -> Marker | None:
        if element.tag == f"{W}p" and not _boxes(element):
            return self.reader.read(own_pieces(element).text).marker
        if element.tag == f"{W}tr" and element.find(f".//{W}tbl") is None:
            return self.reader.read(_text_of(element)).marker
        return None

    def steps(self, parent: Any, inside: Ref | None) -> list[Plain | Block]:
        return plan([(child, self.marker_of(child)) for child in parent], inside, self.tell)

    def tell(self, element: Any, written: str, problem: Any, remedy: Any) -> None:
        """Filling tells nobody: the template was checked."""

    def needs(self, row: Any, inside: Ref | None) -> list[Item]:
        """The values of a table row that need it to repeat."""
        if inside is not None:
            return []
        return [
            item
            for paragraph in row.iter(f"{W}p")
            if next(paragraph.iterancestors(f"{W}tr")) is row
            for item in self.reader.read(own_pieces(paragraph).text).values()
            if item.repeats
        ]


class Checker(_Walker):
    """Walks through a template without changing it, and collects what is wrong."""

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader)
        self.faults: list[TemplateFault] = []
        self.part: Any = ""
        self.repeating: Ref | None = None  # the table for which the present row repeats
        self.tables: set[Ref] = set()
        self.items: list[Item] = []

    def check(self, package: Package) -> None:
        for tree, called in parts_of(package):
            self.part = called
            _refuse_fields(tree, called)
            self.children(tree, None)

    def tell(self, element: Any, written: str, problem: Any, remedy: Any) -> None:
        whole = _text_of(element) if element.tag == f"{W}tr" else own_pieces(element).text
        text = whole if len(whole) <= SHOWN else f"{whole[:SHOWN]}…"
        self.faults.append(TemplateFault(self.part, problem, remedy, written, text))
        if len(self.faults) == MOST_FAULTS:
            raise FaultyTemplate(self.faults)

    def children(self, parent: Any, inside: Ref | None) -> None:
        for child in parent:  # what is wrong with a mark itself
            for paragraph in child.iter(f"{W}p") if self.marker_of(child) else ():
                self.read(paragraph, inside)
        for step in self.steps(parent, inside):
            if isinstance(step, Plain):
                self.element(step.one, inside)
                continue
            if step.table:
                self.tables.add(step.table)
            for one in step.body:
                self.element(one, step.repeats or inside)

    def element(self, element: Any, inside: Ref | None) -> None:
        if element.tag == f"{W}p":
            self.paragraph(element, inside)
        elif element.tag == f"{W}tr":
            self.row(element, inside)
        elif isinstance(element.tag, str):
            self.children(element, inside)

    def row(self, row: Any, inside: Ref | None) -> None:
        outer = self.repeating
        if self.repeating is None:
            self.repeating = next((item.repeats for item in self.needs(row, inside)), None)
            self.tables.update([self.repeating] if self.repeating else [])
        self.children(row, inside)
        self.repeating = outer

    def read(self, paragraph: Any, inside: Ref | None) -> Reading:
        def report(written: str, problem: Any, remedy: Any) -> None:
            self.tell(paragraph, written, problem, remedy)

        return self.reader.read(own_pieces(paragraph).text, inside, report)

    def paragraph(self, paragraph: Any, inside: Ref | None) -> None:
        reading = self.read(paragraph, inside)
        for one in reading.items:
            if isinstance(one, Section):
                self.items += one.items
                self.tables.update([one.table] if one.table else [])
                continue
            self.items.append(one)
            if one.repeats and inside is None and one.repeats != self.repeating:
                wrong = self.reader.misplaced(one, self.repeating)
                self.tell(paragraph, one.written, *wrong)
        if len(self.items) > MOST:
            raise refuse(
                _("The template holds too many placeholders."), _("Let rows repeat instead of writing each.")
            )
        for box in _boxes(paragraph):
            self.children(box, inside)


def _refuse_fields(tree: Any, called: Any) -> None:
    """Fields that fetch something when the file is opened; their instruction may lie in several pieces."""
    for paragraph in tree.iter(f"{W}p"):
        codes = [one.get(f"{W}instr", "") for one in paragraph.iter(f"{W}fldSimple")]
        codes.append("".join(one.text or "" for one in paragraph.iter(f"{W}instrText")))
        for code in codes:
            words = code.upper().replace("\\", " ").split()
            found = next((word for word in words if word in FETCHING), None)
            if found:
                raise refuse(
                    say(_("It holds a field that fetches something from outside: %(field)s."), field=found),
                    _("Delete the field and insert its text or picture itself."),
                    part=called,
                )


class Filler(_Walker):
    """Puts a summary into the tree of a template."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope.reader)
        self.scope = scope
        scope.left = MOST_PIECES

    def fill(self, package: Package) -> None:
        for tree, _called in parts_of(package):
            self.children(tree, None, None)
            # A control bound to data would take the old text back when the file is opened.
            for binding in list(tree.iter(f"{W}dataBinding")):
                binding.getparent().remove(binding)

    def children(self, parent: Any, inside: Ref | None, row: Row | None) -> None:
        for step in self.steps(parent, inside):
            if isinstance(step, Plain):
                self.element(step.one, inside, row)
                continue
            if step.sign != OPEN:
                for one in step.body if self.scope.shows(step.sign, step.table) else ():
                    self.element(one, inside, row)
                for one in () if self.scope.shows(step.sign, step.table) else step.body:
                    parent.remove(one)
            else:
                self.repeat(step.body, step.table, step.table, step.closing)
            parent.remove(step.opening)
            parent.remove(step.closing)
        if parent.tag in (f"{W}tc", f"{W}txbxContent") and (len(parent) == 0 or parent[-1].tag != f"{W}p"):
            etree.SubElement(parent, f"{W}p")  # Word opens no cell without one
        elif parent.tag == f"{W}tbl" and parent.find(f".//{W}tr") is None and parent.getparent() is not None:
            parent.getparent().remove(parent)

    def element(self, element: Any, inside: Ref | None, row: Row | None) -> None:
        if element.tag == f"{W}p":
            self.paragraph(element, inside, row)
        elif element.tag == f"{W}tr":
            self.row(element, inside, row)
        elif isinstance(element.tag, str):
            self.children(element, inside, row)

    def row(self, element: Any, inside: Ref | None, row: Row | None) -> None:
        needed = self.needs(element, inside) if row is None else []
        if not needed:
            self.children(element, inside, row)
            return
        table = needed[0].repeats
        assert table is not None  # it is what makes the row repeat
        if self.scope.rows(table):
            self.repeat((element,), table, None, element)
            element.getparent().remove(element)
        else:
            self.empty(element, table)

    def empty(self, row: Any, table: Ref) -> None:
        """A table without rows keeps one, which says so."""
        say_it = self.scope.no_rows
        for paragraph in row.iter(f"{W}p"):
            pieces = own_pieces(paragraph)
            if self.reader.read(pieces.text).items:
                pieces.replace([(0, len(pieces.text), say_it)])
                say_it = ""

    def repeat(self, body: tuple[Any, ...], table: Ref | None, inside: Ref | None, before: Any) -> None:
        """Put copies of neighbours before an element, one for each row; take the originals away.

        In a row that repeats by itself, names alone are those of the report, so that it is `inside` nothing.
        """
        parent = before.getparent()
        originals = [deepcopy(one) for one in body]
        for one in body:
            if one is not before:
                parent.remove(one)
        size = sum(1 for one in body for _paragraph in one.iter(f"{W}p"))
        rows, more = self.scope.shown(table, MOST_ROWS, size) if table else ([], "")
        for number, row in enumerate(rows):
            holder = etree.Element(f"{W}body")
            for one in originals:
                copy = deepcopy(one)
                if number:
                    _make_single(copy)
                holder.append(copy)
            self.children(holder, inside, row)
            for copy in list(holder):
                before.addprevious(copy)
        if more and originals:
            last = deepcopy(originals[0])
            for paragraph in last.iter(f"{W}p"):
                own = own_pieces(paragraph)
                own.replace([(0, len(own.text), more)])
                more = ""
            before.addprevious(last)

    def paragraph(self, paragraph: Any, inside: Ref | None, row: Row | None) -> None:
        boxes = _boxes(paragraph)
        pieces = own_pieces(paragraph)
        reading = self.reader.read(pieces.text, inside)
        if reading.items:
            pieces.replace(list(self.scope.changes(pieces.text, reading, row)))
            for element in pieces.elements:
                if element is not None:
                    _break_lines(element)
        for box in boxes:
            self.children(box, inside, row)


def _make_single(copy: Any) -> None:
    """What may be there once only is not copied: bookmarks, comments, the numbers of paragraphs."""
    for tag in SINGLE:
        for one in list(copy.iter(tag)):
            if one.getparent() is not None:
                one.getparent().remove(one)
    for one in copy.iter(f"{W}p", f"{W}tr"):
        for name in (f"{W14}paraId", f"{W14}textId"):
            one.attrib.pop(name, None)


def _break_lines(element: Any) -> None:
    """Line breaks and tabs are elements of their own in Word."""
    text = element.text or ""
    if "\n" not in text and "\t" not in text:
        return
    last = element
    for number, line in enumerate(text.split("\n")):
        for count, part in enumerate(line.split("\t")):
            if number or count:
                sign = etree.Element(f"{W}tab" if count else f"{W}br")
                piece = etree.Element(f"{W}t")
                last.addnext(sign)
                sign.addnext(piece)
                last = piece
            last.text = part
            last.set(SPACE, "preserve")
