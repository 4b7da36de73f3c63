"""Opens a Word or Excel file that somebody sent, refuses what could harm, and writes it again."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from lxml import etree

from bihuan.reports.documents.faults import FaultyTemplate, TemplateFault, say

DOCX, XLSX = "docx", "xlsx"
LARGEST = 10 << 20
MOST_PARTS = 2_000
LARGEST_UNPACKED = 80 << 20
LARGEST_XML = 16 << 20  # of one part; a tree takes ten times as much memory

TYPES = "[Content_Types].xml"
MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
}
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes
PARSER_OPTIONS: dict[str, Any] = {
    "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False, "remove_pis": True,
}  # fmt: skip

RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
CONTENT = "{http://schemas.openxmlformats.org/package/2006/content-types}"
HARMLESS_LINK = re.compile(r"(?:https?://|mailto:|#)", re.I)

# Parts that a report does not need and that run, or fetch, something when the file is opened.
REFUSED_PARTS = (
    (re.compile(r"vbaProject|vbaData|macrosheets?/|dialogsheets/", re.I), _("It holds macros."),
     _("Save it without macros, as .docx or .xlsx.")),
    (re.compile(r"(^|/)(embeddings|activeX|ctrlProps)/|oleObject|\.bin$(?<!printerSettings\d\.bin)", re.I),
     _("It holds an embedded object or a control."),
     _("Delete the object, or paste it as a picture.")),
    (re.compile(r"(^|/)(externalLinks|queryTables|customUI|webextensions)/|/connections\.xml$|afchunk", re.I),
     _("It draws on other files or connections."),
     _("Break the links (Data, Edit links) or delete the connection, and save it again.")),
)  # fmt: skip
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError,
)  # fmt: skip
PRINTER = re.compile(r"printerSettings/printerSettings\d+\.bin$")


def refuse(problem: Any, remedy: Any, part: Any = "") -> FaultyTemplate:
    return FaultyTemplate([TemplateFault(part, problem, remedy)])


@dataclass
class Package:
    """The parts of a file by name. Those that were parsed are written from their tree."""

    kind: str
    main: str
    parts: dict[str, bytes]
    trees: dict[str, Any] = field(default_factory=dict)

    def tree(self, name: str) -> Any:
        if name not in self.trees:
            self.trees[name] = parse_xml(self.parts[name], name)
        return self.trees[name]

    def named(self, pattern: str) -> Iterator[str]:
        whole = re.compile(pattern)
        yield from (name for name in self.parts if whole.fullmatch(name))

    def drop(self, name: str) -> None:
        """Take a part out, and whatever says that it is there."""
        if self.parts.pop(name, None) is None:
            return
        self.trees.pop(name, None)
        for override in list(self.tree(TYPES)):
            if override.get("PartName", "").lstrip("/") == name:
                self.tree(TYPES).remove(override)
        for other in list(self.named(r".*\.rels")):
            for relation in list(self.tree(other)):
                if target_of(other, relation) == name:
                    self.tree(other).remove(relation)

    def related(self, name: str, kind: str) -> list[str]:
        """The parts that a part points to by relations of a kind."""
        rels = rels_of(name)
        if rels not in self.parts:
            return []
        return [
            target_of(rels, relation)
            for relation in self.tree(rels)
            if relation.get("Type", "").endswith(f"/{kind}") and relation.get("TargetMode") != "External"
        ]

    def to_bytes(self) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.parts.items():
                tree = self.trees.get(name)
                if tree is not None:
                    content = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, content)
        return target.getvalue()


def rels_of(name: str) -> str:
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def target_of(rels: str, relation: Any) -> str:
    folder = posixpath.dirname(posixpath.dirname(rels))
    target = relation.get("Target", "")
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))


def parse_xml(content: bytes, name: str) -> Any:
    if len(content) > LARGEST_XML:
        raise refuse(
            say(_("The part %(part)s is too large."), part=name),
            _("Delete rows, sheets and pictures that the template does not need."),
        )
    try:
        tree = etree.fromstring(content, etree.XMLParser(**PARSER_OPTIONS))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise refuse(
            say(_("The file is damaged: the part %(part)s cannot be read."), part=name),
            _("Open it in Word, Excel or WPS, save it anew and send that copy."),
        ) from error
    if tree.getroottree().docinfo.doctype or any(
        node.tag is etree.Entity for node in tree.iter(etree.Entity)
    ):
        raise refuse(
            say(_("The part %(part)s declares what no office program would write."), part=name),
            _("Open it in Word, Excel or WPS, save it anew and send that copy."),
        )
    return tree


def open_package(content: bytes) -> Package:
    """The file's parts, once it is sure that they are few, small, and harmless."""
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise refuse(
            _("The file is locked with a password, or of the old kind .doc or .xls."),
            _("Remove the password, save it as .docx or .xlsx and send that copy."),
        )
    if not content.startswith(b"PK\x03\x04"):
        raise refuse(
            _("The file is no Word or Excel file."), _("Send a template that ends in .docx or .xlsx.")
        )
    if len(content) > LARGEST:
        raise refuse(
            say(_("The file is larger than %(most)s MB."), most=LARGEST >> 20),
            _("Make its pictures smaller, or delete them."),
        )
    parts = _unpacked(content)
    if TYPES not in parts:
        raise refuse(
            _("The file is no Word or Excel file."), _("Send a template that ends in .docx or .xlsx.")
        )
    kind, main = _main(parse_xml(parts[TYPES], TYPES), parts)
    package = Package(kind, main, parts)
    _refuse_parts(package)
    _look_at_relations(package)
    return package


def _unpacked(content: bytes) -> dict[str, bytes]:
    damaged = refuse(
        _("The file is damaged and cannot be unpacked."),
        _("Open it in Word, Excel or WPS, save it anew and send that copy."),
    )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
                raise refuse(
                    _("The file unpacks to far more than a template should."),
                    _("Copy what you need into a new file, save it and send that copy."),
                )
            names = [entry.filename for entry in entries]
            folded = {name.casefold() for name in names}
            odd = any("\\" in name or name.startswith("/") or ".." in name.split("/") for name in names)
            if len(folded) != len(names) or odd or any(entry.flag_bits & 1 for entry in entries):
                raise damaged
            return {entry.filename: archive.read(entry) for entry in entries}
    except UNREADABLE as error:
        raise damaged from error


def _main(types: Any, parts: dict[str, bytes]) -> tuple[str, str]:
    declared = {
        override.get("PartName", "").lstrip("/"): override.get("ContentType", "")
        for override in types.iter(f"{CONTENT}Override")
    }
    if any("macroEnabled" in one.get("ContentType", "") for one in types):
        raise refuse(_("It holds macros."), _("Save it without macros, as .docx or .xlsx."))
    for name, content_type in declared.items():
        if content_type in MAIN and name in parts:
            return MAIN[content_type], name
    raise refuse(
        _("The file is neither a Word document nor an Excel workbook."),
        _("Open it, choose “save as” Word document (.docx) or Excel workbook (.xlsx), and send that copy."),
    )


def _refuse_parts(package: Package) -> None:
    for name in package.parts:
        for pattern, problem, remedy in REFUSED_PARTS:
            if pattern.search(name) and not PRINTER.search(name):
                raise refuse(problem, remedy, part=name)


def _look_at_relations(package: Package) -> None:
    """Nothing outside the file may be drawn upon; a link that a reader would click may stay."""
    for name in list(package.named(r".*\.rels")):
        for relation in list(package.tree(name)):
            kind = relation.get("Type", "").rpartition("/")[2]
            if kind == "attachedTemplate":  # WPS writes one into every file; nobody needs it
                package.tree(name).remove(relation)
                _detach(package)
            elif relation.get("TargetMode") == "External" and not (
                kind == "hyperlink" and HARMLESS_LINK.match(relation.get("Target", "").strip())
            ):
                raise refuse(
                    say(_("It draws on something outside the file: %(target)s."),
                        target=relation.get("Target", "")[:100]),
                    _("Insert pictures and text into the file itself instead of linking them."),
                    part=name,
                )  # fmt: skip
            elif kind in (
                "aFChunk",
                "oleObject",
                "vbaProject",
                "control",
                "externalLink",
                "subDocument",
                "frame",
            ):
                raise refuse(
                    _("It holds an embedded object or a control."),
                    _("Delete the object, or paste it as a picture."),
                    part=name,
                )


def _detach(package: Package) -> None:
    for name in package.named(r"word/settings\d*\.xml"):
        tree = package.tree(name)
        for element in [one for one in tree if etree.QName(one).localname == "attachedTemplate"]:
            tree.remove(element)
