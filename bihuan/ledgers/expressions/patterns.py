"""Patterns for regex(): the common part of what ODK's and browsers' regular expressions know, matched here.

An own small machine, for two reasons: the same pattern means the same on both sides, and no pattern takes
longer than its length times that of the text. It always matches the whole text.
`frontend/src/expressions/patterns.ts` is the twin.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from bihuan.ledgers.expressions.faults import Fault
from bihuan.ledgers.expressions.letters import LETTERS

LARGEST = 1_000  # states
MOST_TIMES = 500
DEEPEST = 20
LONGEST_TEXT = 10_000
LAST = 0x110000

Bounds = list[int]  # where a set of signs begins, ends, begins again …

DIGITS: Bounds = [48, 58]
WORDS: Bounds = [48, 58, 65, 91, 95, 96, 97, 123]
SPACES: Bounds = [9, 14, 32, 33, 0xA0, 0xA1, 0x3000, 0x3001]
LINES: Bounds = [10, 11, 13, 14]
CLASSES = {"d": DIGITS, "w": WORDS, "s": SPACES}
CONTROLS = {"t": 9, "n": 10, "r": 13, "f": 12}
PUNCTUATION = "\\.^$|()[]{}*+?-/ \"'#&,:;<=>@_`~!%"


def without(bounds: Bounds) -> Bounds:
    """All signs that are not in the set."""
    inner = bounds[1:] if bounds[:1] == [0] else [0, *bounds]
    return inner[:-1] if inner[-1:] == [LAST] else [*inner, LAST]


def together(sets: list[Bounds]) -> Bounds:
    ranges = sorted(pair for bounds in sets for pair in zip(bounds[::2], bounds[1::2], strict=True))
    found: Bounds = []
    for begin, end in ranges:
        if found and begin <= found[-1]:
            found[-1] = max(found[-1], end)
        else:
            found += [begin, end]
    return found


@cache
def letters(name: str) -> tuple[int, ...]:
    at, bounds = 0, []
    for step in LETTERS[name].split(" "):
        at += int(step, 36)
        bounds.append(at)
    return tuple(bounds)


@dataclass
class State:
    """Reads a sign of a set, or without reading goes on to others: always, or only at the start or end."""

    signs: Bounds | None
    next: list[int]
    only: str = ""


class Pattern:
    """A pattern made ready: `matches(text)` says whether the whole text has its form."""

    def __init__(self, text: str, at: int = 0):
        self._text = text
        self._at = at  # of its first sign in the expression
        self._read = 0
        self._depth = 0
        tree = self._choice()
        if self._read < len(text):
            raise self._unsupported(")")
        self._states: list[State] = [State(None, [])]  # the first is the goal
        self._start = self._built(tree, 0)

    # -- matching

    def matches(self, text: str) -> bool:
        if len(text) > LONGEST_TEXT:
            return False
        present = self._reached([self._start], 0, len(text))
        for index, sign in enumerate(text):
            code = ord(sign)
            steps = [
                state.next[0]
                for state in (self._states[number] for number in present)
                if state.signs is not None and bisect_right(state.signs, code) & 1
            ]
            if not steps:
                return False
            present = self._reached(steps, index + 1, len(text))
        return 0 in present

    def _reached(self, numbers: list[int], at: int, end: int) -> list[int]:
        seen, waiting, found = set(numbers), list(dict.fromkeys(numbers)), []
        while waiting:
            number = waiting.pop()
            state = self._states[number]
            if state.signs is not None or number == 0:
                found.append(number)
                continue
            if (state.only == "^" and at != 0) or (state.only == "$" and at != end):
                continue
            fresh = [other for other in state.next if other not in seen]
            seen.update(fresh)
            waiting += fresh
        return found

    # -- building

    def _added(self, state: State) -> int:
        if len(self._states) >= LARGEST:
            raise Fault("expression.pattern_too_large", self._at)
        self._states.append(state)
        return len(self._states) - 1

    def _built(self, part: Part, goal: int) -> int:
        """The state from which the part leads to the goal."""
        if isinstance(part, Signs):
            return self._added(State(part.bounds, [goal]))
        if isinstance(part, Edge):
            return self._added(State(None, [goal], part.only))
        if isinstance(part, Row):
            for one in reversed(part.parts):
                goal = self._built(one, goal)
            return goal
        if isinstance(part, Either):
            return self._added(State(None, [self._built(one, goal) for one in part.parts]))
        return self._repeated(part, goal)

    def _repeated(self, part: Times, goal: int) -> int:
        if part.most is None:
            loop = self._added(State(None, [goal]))
            self._states[loop].next.insert(0, self._built(part.part, loop))
            goal_of_rest = loop
        else:
            goal_of_rest = goal
            for _time in range(part.most - part.least):
                goal_of_rest = self._added(State(None, [self._built(part.part, goal_of_rest), goal]))
        for _time in range(part.least):
            before, goal_of_rest = goal_of_rest, self._built(part.part, goal_of_rest)
            if goal_of_rest == before:  # an empty group, however often
                break
        return goal_of_rest

    # -- reading

    def _unsupported(self, part: str) -> Fault:
        return Fault("expression.pattern_unsupported", self._at + self._read, part=part)

    def _unfinished(self) -> Fault:
        return Fault("expression.pattern_unfinished", self._at + self._read)

    def _peek(self, ahead: int = 0) -> str:
        return self._text[self._read + ahead : self._read + ahead + 1]

    def _choice(self) -> Part:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Fault("expression.pattern_too_large", self._at + self._read)
        rows = [self._row()]
        while self._peek() == "|":
            self._read += 1
            rows.append(self._row())
        self._depth -= 1
        return rows[0] if len(rows) == 1 else Either(rows)

    def _row(self) -> Part:
        parts: list[Part] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._times(self._one()))
        return parts[0] if len(parts) == 1 else Row(parts)

    def _one(self) -> Part:
        sign = self._peek()
        if sign in "^$":
            self._read += 1
            return Edge(sign)
        if sign == "(":
            return self._group()
        if sign == "[":
            return Signs(self._set())
        if sign == "\\":
            return Signs(self._escaped())
        if sign in "*+?{}]":
            raise self._unsupported(sign)
        self._read += 1
        return Signs(without(LINES) if sign == "." else [ord(sign), ord(sign) + 1])

    def _group(self) -> Part:
        self._read += 1
        if self._peek() == "?":
            if self._peek(1) != ":":
                raise self._unsupported(f"(?{self._peek(1)}")
            self._read += 2
        inner = self._choice()
        if self._peek() != ")":
            raise self._unfinished()
        self._read += 1
        return inner

    def _times(self, part: Part) -> Part:
        sign = self._peek()
        if sign == "" or sign not in "*+?{":
            return part
        if isinstance(part, Edge):
            raise self._unsupported(sign)
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(sign) or self._braces()
        if sign != "{":
            self._read += 1
        if self._peek() == "?":  # as little as possible: the same when the whole text has to match
            self._read += 1
        if self._peek() != "" and self._peek() in "*+?{":
            raise self._unsupported(self._peek())
        return Times(part, least, most)

    def _braces(self) -> tuple[int, int | None]:
        close = self._text.find("}", self._read)
        if close < 0:
            raise self._unfinished()
        inside = self._text[self._read + 1 : close]
        first, comma, second = inside.partition(",")
        numbers = [first, *([second] if second else [])]
        if not all(number.isascii() and number.isdigit() and len(number) <= 4 for number in numbers):
            raise self._unsupported(f"{{{inside}}}")
        least = int(first)
        most = int(second) if second else None if comma else least
        if max(least, most or 0) > MOST_TIMES:
            raise Fault("expression.pattern_too_large", self._at + self._read)
        if most is not None and most < least:
            raise self._unsupported(f"{{{inside}}}")
        self._read = close + 1
        return least, most

    def _escaped(self) -> Bounds:
        sign = self._peek(1)
        if sign == "":
            raise self._unfinished()
        if sign in "pP":
            return self._property(sign)
        if sign == "u":
            return self._code()
        if sign.lower() in CLASSES:
            bounds = CLASSES[sign.lower()]
            self._read += 2
            return bounds if sign.islower() else without(bounds)
        if sign not in CONTROLS and sign not in PUNCTUATION:
            raise self._unsupported(f"\\{sign}")
        self._read += 2
        code = CONTROLS.get(sign, ord(sign))
        return [code, code + 1]

    def _code(self) -> Bounds:
        said = self._text[self._read + 2 : self._read + 6].lower()
        if len(said) < 4 or any(sign not in "0123456789abcdef" for sign in said):
            raise self._unsupported("\\u")
        self._read += 6
        return [int(said, 16), int(said, 16) + 1]

    def _property(self, sign: str) -> Bounds:
        close = self._text.find("}", self._read)
        if self._peek(2) != "{" or close < 0:
            raise self._unsupported(f"\\{sign}")
        name = self._text[self._read + 3 : close]
        known = "Han" if name in ("Han", "IsHan", "Script=Han", "sc=Han") else name
        if known not in LETTERS:
            raise self._unsupported(f"\\{sign}{{{name}}}")
        self._read = close + 1
        bounds = list(letters(known))
        return bounds if sign == "p" else without(bounds)

    def _set(self) -> Bounds:
        self._read += 1
        outside = self._peek() == "^"
        if outside:
            self._read += 1
        if self._peek() == "]":
            raise self._unsupported("[]")
        sets: list[Bounds] = []
        while self._peek() != "]":
            first = self._member()
            one = first[1:] == [first[0] + 1]
            if one and self._peek() == "-" and self._peek(1) not in ("]", ""):
                self._read += 1
                last = self._member()
                if last[1:] != [last[0] + 1] or last[0] < first[0]:
                    raise self._unsupported("-")
                first = [first[0], last[1]]
            sets.append(first)
        self._read += 1
        bounds = together(sets)
        return without(bounds) if outside else bounds

    def _member(self) -> Bounds:
        sign = self._peek()
        if sign == "":
            raise self._unfinished()
        if sign == "\\":
            return self._escaped()
        if sign == "[" or (sign == "&" and self._peek(1) == "&"):
            raise self._unsupported(sign)
        self._read += 1
        return [ord(sign), ord(sign) + 1]


@dataclass
class Signs:
    bounds: Bounds


@dataclass
class Edge:
    only: str


@dataclass
class Row:
    parts: list[Part]


@dataclass
class Either:
    parts: list[Part]


@dataclass
class Times:
    part: Part
    least: int
    most: int | None


Part = Signs | Edge | Row | Either | Times
