"""The Chinese catalogue: what is to be translated, whether all of it is. No GNU gettext needed.

tools/catalogue.py update          bring the catalogue in line with the sources
tools/catalogue.py check           fail when anything is untranslated, obsolete or has other placeholders
tools/catalogue.py compile         write the .mo that Django reads, when the .po changed
tools/catalogue.py merge FILE …    take translations from JSON: {"English": "中文"}; plurals as a list,
                                   with a context as "context\\u0004English"
"""

import ast
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "bihuan"
CATALOGUE = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
HEADER = {
    "Project-Id-Version": "Bihuan",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}

# Which arguments of a call are context, message and plural.
CALLS: dict[str, tuple[str, ...]] = {}
for _name, _shape in {
    "gettext": ("id",),
    "ngettext": ("id", "plural"),
    "pgettext": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
}.items():
    CALLS[_name] = CALLS[f"{_name}_lazy"] = _shape
CALLS["gettext_noop"] = ("id",)
CALLS["_"] = ("id",)

STRING = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
CALL_IN_TEMPLATE = re.compile(
    rf"(?<!\w)(npgettext|ngettext|pgettext|gettext|_)\(({STRING}(?:\s*,\s*{STRING})*)"
)
STRINGS = re.compile(STRING)
NAMED = re.compile(r"%\((\w+)\)[sdif]")
BARE = re.compile(r"%[sdif]")


@dataclass(frozen=True, order=True)
class Message:
    """One thing to translate. Equal ones in different places are one."""

    id: str
    context: str | None = None
    plural: str | None = None


class Untranslatable(Exception):
    """A translation call whose text is put together before it is translated."""


def messages_in_python(source: str, name: str) -> Iterator[Message]:
    """Calls of gettext and its kin with constant texts.

    A function imported under another name than `_` is left alone: so a module takes words that Django's own
    catalogue has.
    """
    for node in ast.walk(ast.parse(source, name)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        shape = CALLS.get(called)
        if shape is None or (called == "_" and isinstance(node.func, ast.Attribute)):
            continue
        found = {}
        for part, argument in zip(shape, node.args, strict=False):
            if isinstance(argument, ast.JoinedStr | ast.BinOp):
                raise Untranslatable(f"{name}:{node.lineno}: translate first, then fill in")
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                found[part] = argument.value
        if len(found) == len(shape) and found["id"]:
            yield Message(**found)


def messages_in_template(source: str, name: str) -> Iterator[Message]:
    """What `translate`, `blocktranslate` and `_("…")` mark in a template, as Django will look it up."""
    from django.utils.translation.template import templatize

    for call, arguments in CALL_IN_TEMPLATE.findall(templatize(source, origin=name)):
        texts = [ast.literal_eval(text) for text in STRINGS.findall(arguments)]
        shape = CALLS[call]
        if len(texts) >= len(shape) and texts[shape.index("id")]:
            yield Message(**dict(zip(shape, texts, strict=False)))


def messages() -> list[Message]:
    """Everything the product says, without duplicates; a plural wins over the same text without one."""
    found: set[Message] = set()
    for path in _sources():
        read = messages_in_template if path.suffix in (".html", ".txt") else messages_in_python
        found.update(read(path.read_text(), str(path.relative_to(ROOT))))
    plurals = {(message.id, message.context) for message in found if message.plural}
    kept = (m for m in found if m.plural or (m.id, m.context) not in plurals)
    return sorted(kept, key=lambda m: (m.id, m.context or ""))


def _sources() -> Iterator[Path]:
    for folder, folders, names in os.walk(PACKAGE):
        folders[:] = sorted(set(folders) - {"tests", "migrations", "static", "locale", "__pycache__"})
        in_templates = "templates" in Path(folder).parts
        for name in sorted(names):
            if name.endswith(".py") or (in_templates and name.endswith((".html", ".txt"))):
                yield Path(folder) / name


def load() -> polib.POFile:
    book = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile()
    book.wrapwidth = 0  # one line each, so that a change shows as a change of one line
    book.header, book.metadata = "", HEADER
    return book


def key(entry: polib.POEntry) -> tuple[str, str | None]:
    return entry.msgid, entry.msgctxt


def update(book: polib.POFile, wanted: Iterable[Message]) -> polib.POFile:
    """A catalogue with exactly the wanted messages, sorted, keeping every translation there is."""
    known = {key(entry): entry for entry in book if not entry.obsolete}
    fresh = polib.POFile(wrapwidth=0)
    fresh.header, fresh.metadata = "", HEADER
    for message in wanted:
        old = known.get((message.id, message.context))
        entry = polib.POEntry(msgid=message.id, msgctxt=message.context)
        text = translation(old) if old else ""
        if message.plural:
            entry.msgid_plural, entry.msgstr_plural = message.plural, {0: text}
        else:
            entry.msgstr = text
        if "%" in message.id and (NAMED.search(message.id) or BARE.search(message.id)):
            entry.flags = ["python-format"]
        if old and old.fuzzy:
            entry.flags.append("fuzzy")
        fresh.append(entry)
    return fresh


def translation(entry: polib.POEntry) -> str:
    text: str = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
    return text


def merge(book: polib.POFile, translations: dict[str, str | list[str]]) -> list[str]:
    """Fill in translations; returns the keys that no source asks for."""
    entries = {key(entry): entry for entry in book}
    unknown = []
    for name, value in translations.items():
        context, separator, text = name.rpartition("\x04")
        entry = entries.get((text, context if separator else None))
        if entry is None:
            unknown.append(name)
            continue
        chinese = value[0] if isinstance(value, list) else value
        if entry.msgid_plural:
            entry.msgstr_plural = {0: chinese}
        else:
            entry.msgstr = chinese
    return unknown


def faults(book: polib.POFile, wanted: Iterable[Message]) -> Iterator[str]:
    """What is wrong with a catalogue, one sentence each."""
    wanted = list(wanted)
    entries = {key(entry): entry for entry in book if not entry.obsolete}
    asked = {(message.id, message.context) for message in wanted}
    for message in wanted:
        entry = entries.get((message.id, message.context))
        if entry is None or not translation(entry):
            yield f"untranslated: {message.id!r}"
        elif entry.fuzzy:
            yield f"fuzzy: {message.id!r}"
        elif (entry.msgid_plural or None) != message.plural:
            yield f"plural out of date: {message.id!r}"
        elif placeholders(translation(entry)) != placeholders(message.plural or message.id):
            yield f"other placeholders: {message.id!r} → {translation(entry)!r}"
        elif "%" in translation(entry) and "%" not in message.id + (message.plural or ""):
            yield f"a percent sign of its own, which drops the translation of a block: {message.id!r}"
        elif message.id[:1].isspace() != translation(entry)[:1].isspace():
            yield f"other white space: {message.id!r}"
    for entry in book:
        if entry.obsolete or key(entry) not in asked:
            yield f"obsolete: {entry.msgid!r}"


def placeholders(text: str) -> tuple[frozenset[str], int]:
    """The named ones as a set, since languages repeat and reorder them; bare ones counted."""
    text = text.replace("%%", "")
    return frozenset(NAMED.findall(text)), len(BARE.findall(text))


def compile_catalogue() -> None:
    target = CATALOGUE.with_suffix(".mo")
    if not CATALOGUE.exists():
        sys.exit(f"There is no {CATALOGUE.relative_to(ROOT)}. Run: tools/catalogue.py update")
    if target.exists() and target.stat().st_mtime >= CATALOGUE.stat().st_mtime:
        return
    draft = target.with_suffix(".mo.new")
    load().save_as_mofile(str(draft))
    draft.replace(target)


def save(book: polib.POFile) -> None:
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    book.save(str(CATALOGUE))


def main(arguments: list[str]) -> int:
    command, files = (arguments or ["check"])[0], arguments[1:]
    if command == "compile":
        compile_catalogue()
        return 0
    if command not in ("update", "check", "merge") or (command == "merge" and not files):
        print(__doc__)
        return 2
    wanted, book = messages(), load()
    if command == "check":
        wrong = list(faults(book, wanted))
        print("\n".join(wrong) or f"{len(wanted)} messages, all translated.")
        return 1 if wrong else 0
    book = update(book, wanted)
    said: dict[str, str | list[str]] = {}
    for name in files:
        for text, chinese in json.loads(Path(name).read_text()).items():
            if text in said and said[text] != chinese:
                print(f"two translations: {text!r}: {said[text]!r} stays, {chinese!r} of {name} left out")
                continue
            said[text] = chinese
    for text in merge(book, said):
        print(f"not in the sources: {text!r}")
    save(book)
    missing = [entry.msgid for entry in book if not translation(entry)]
    print(f"{len(book)} messages, {len(missing)} untranslated.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
