"""Choices as people type them: one a line, `code = 中文 | English`, of which the code may be left out."""

import re

from bihuan.ledgers.definition import Choice, Words
from bihuan.ledgers.definition.sheets import CHINESE

MOST = 2_000


def as_lines(choices: tuple[Choice, ...]) -> str:
    return "\n".join(map(_line, choices))


def _line(choice: Choice) -> str:
    label = re.sub(
        r"\s+", " ", f"{choice.label.zh} | {choice.label.en}" if choice.label.en else choice.label.zh
    )
    return f"{choice.name} = {label.strip()}".strip()


def from_lines(text: str, before: tuple[Choice, ...] = ()) -> tuple[Choice, ...]:
    """The choices that lines say. A line as it was is the choice that it was, with all that is not shown."""
    unchanged = {_line(one): one for one in before}
    by_name = {one.name: one for one in before}
    found: list[Choice] = []
    written = [line.strip() for line in text.splitlines() if line.strip()]
    taken = {name for line in written if (name := _name(line)) is not None}
    for line in written:
        choice = unchanged.get(line)
        if choice is None:
            name, label = _read(line)
            same = next(
                (one for one in before if not name and one.label == label and one.name not in taken), None
            )
            name = name or (same.name if same else _free(label, taken))
            known = by_name.get(name)
            choice = Choice(name, label or Words(name), known.extras if known else ())
        taken.add(choice.name)
        found.append(choice)
    return tuple(found)


def _name(line: str) -> str | None:
    """The code before the first “ = ”, if one is written."""
    name, sign, _label = f"{line} ".partition(" = ")
    return name if sign and not re.search(r"\s", name) else None


def _read(line: str) -> tuple[str, Words]:
    name = _name(line)
    label = f"{line} ".partition(" = ")[2].strip() if name is not None else line
    zh, bar, en = (part.strip() for part in label.partition("|"))
    if not bar and zh and not CHINESE.search(zh):
        zh, en = "", zh
    return name or "", Words(zh, en)


def _free(label: Words, taken: set[str]) -> str:
    """A code that people can read in an expression."""
    english = re.sub(r"[^a-z0-9]+", "_", label.en.lower()).strip("_")[:30]
    stem = english or re.sub(r"\s+", "_", label.zh)[:30] or "choice"
    number, name = 1, stem
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    return name


def twins(choices: tuple[Choice, ...]) -> list[str]:
    """The codes that stand more than once."""
    names = [one.name for one in choices]
    return sorted({name for name in names if names.count(name) > 1})
