"""Expressions and answers made up by chance: well formed, and of every function and operator."""

from random import Random
from typing import Any

from bihuan.ledgers.expressions.functions import FUNCTIONS, Function

OUTLINE = {"a": None, "b": None, "r": {"x": None, "y": None, "s": {"z": None}}}
SAID = [
    "", "yes", "no", "a b c", "0", "-3", "7", "2.5", "1e5", " 12 ", "NaN", "Infinity", ".", "-", "true",
    "0.1", "1.005", "2026-03-01", "1899-12-31", "2024-02-30", "2026-03-01T09:30:00.000+08:00",
    "2024-02-29T23:59:59.999Z",
    "2026-03-01T09:30", "08:15:00.000+05:30", "24:00:00", "𠮷野 家", "中文,测试", "0 0;0 1;1 1", "33.6 114.6",
    "33.6 114.6 0 5;33.61 114.61 0 5;33.6 114.62 0 5", "91 0", "a\tb\nc", "é", "%d",
]  # fmt: skip
PATTERNS = [
    "[a-c ]*", "\\p{L}+", "\\d+(\\.\\d+)?", "(-|\\+)?[0-9]+", ".*", "(a|b|)+c?", "^\\S+$", "[^\\s]{2,5}",
    "\\P{Han}*", "(\\w+[ ,]?){1,3}", "\\p{Lu}\\p{Ll}*|\\p{Nd}+?",
]  # fmt: skip
FORMATS = ["%Y-%m-%d", "%e %b %y", "%a%n%%", "第%d天"]
TIMES = [*FORMATS, "%H:%M:%S.%3", "%h %M", "%Y年%n月%e日 %H时"]
SIGNS = ["+", "-", "*", "div", "mod", "=", "!=", "<", "<=", ">", ">=", "and", "or"]
REFERENCES = ["${a}", "${b}", "${x}", "${y}", "${z}", ".", "${r}/x", "${r}[2]/y"]


def number(chance: Random) -> str:
    shapes = [
        lambda: str(chance.randrange(10)),
        lambda: str(chance.randrange(10**9)),
        lambda: f"{chance.uniform(-100, 100):.{chance.randrange(6)}f}",
        lambda: f"{chance.uniform(0, 1) * 10.0 ** chance.randrange(-12, 30):.20f}",
    ]
    return chance.choice(shapes)()


def said(chance: Random) -> str:
    return number(chance) if chance.random() < 0.4 else chance.choice(SAID)


def leaf(chance: Random) -> str:
    if chance.random() < 0.4:
        return chance.choice(REFERENCES)
    if chance.random() < 0.1:
        return chance.choice(["today()", "now()", "true()", "pi()"])
    return number(chance) if chance.random() < 0.5 else f"'{said(chance)}'"


def value(chance: Random, function: Function, at: int, depth: int) -> str:
    kind = function.kind(at)
    if kind == "question":
        return "'${a}'"
    if kind == "pattern":
        return f"'{chance.choice(PATTERNS)}'"
    if kind == "format":
        return f"'{chance.choice(FORMATS if function.name == 'format-date' else TIMES)}'"
    return expression(chance, depth)


def call(chance: Random, depth: int) -> str:
    function = FUNCTIONS[chance.choice(list(FUNCTIONS))]
    if function.name == "position":
        return "position(..)"
    if function.name == "indexed-repeat":
        return f"indexed-repeat(${{x}}, ${{r}}, {expression(chance, depth)})"
    most = function.least + 2 if function.most is None else function.most
    number_of_values = most if function.paired else chance.randint(function.least, most)
    values = [value(chance, function, at, depth) for at in range(number_of_values)]
    return f"{function.name}({', '.join(values)})"


def expression(chance: Random, depth: int) -> str:
    if depth == 0 or chance.random() < 0.15:
        return leaf(chance)
    inner = depth - 1
    drawn = chance.random()
    if drawn < 0.6:
        return call(chance, inner)
    if drawn < 0.9:
        return f"({expression(chance, inner)} {chance.choice(SIGNS)} {expression(chance, inner)})"
    if drawn < 0.95:
        return f"-{leaf(chance)}"
    return f"sum(${{r}}[x {chance.choice(SIGNS)} {number(chance)}]/y)"


def entry(chance: Random) -> dict[str, Any]:
    return {
        "x": said(chance),
        "y": said(chance),
        "s": [{"z": said(chance)} for _each in range(chance.randrange(3))],
    }


def made_up(chance: Random) -> dict[str, Any]:
    """A case as both sides take it."""
    return {
        "expression": expression(chance, chance.randint(1, 3)),
        "outline": OUTLINE,
        "answers": {
            "a": said(chance),
            "b": said(chance),
            "r": [entry(chance) for _each in range(chance.randint(1, 3))],
        },
        "now": chance.randrange(4 * 10**12),
        "zone": chance.choice([480, 0, -300, 330]),
        "language": chance.choice(["en", "zh-Hans"]),
        "this": said(chance),
        "at": chance.choice([{"r": 1}, {"r": 2}, {"r": 3}]),
        "columns": None,
        "choices": {"a": {"yes": "是", "no": "否"}},
    }
