"""Reads an expression into its tree. `frontend/src/expressions/parser.ts` is the twin."""

from bihuan.ledgers.expressions import moments, tree
from bihuan.ledgers.expressions.faults import Fault
from bihuan.ledgers.expressions.functions import FUNCTIONS, REFERENCES, REFUSED, WRITTEN_OUT, Function
from bihuan.ledgers.expressions.patterns import Pattern
from bihuan.ledgers.expressions.tokens import REFERENCE, Token, field_name, tokens

DEEPEST = 40
DEEPEST_FILTER = 2  # each looks at every entry again
LEVELS = [("or",), ("and",), ("=", "!="), ("<=", "<", ">=", ">"), ("+", "-"), ("*", "div", "mod")]


class Parser:
    """One reading of one text."""

    def __init__(self, text: str):
        self._tokens = tokens(text)
        self._next = 0
        self._depth = 0
        self._filters = 0

    def read(self) -> tree.Node:
        if self._now.kind == "end":
            raise Fault("expression.empty", 0)
        whole = self._chain(0)
        if self._now.kind != "end":
            raise self._unjoined()
        return whole

    # -- words

    @property
    def _now(self) -> Token:
        return self._tokens[self._next]

    def _is(self, *texts: str) -> bool:
        return self._now.kind in ("sign", "name") and self._now.text in texts

    def _take(self) -> Token:
        token = self._now
        self._next += 1
        return token

    def _expect(self, text: str) -> None:
        if not self._is(text):
            raise self._unjoined()
        self._next += 1

    def _unjoined(self) -> Fault:
        if self._now.kind == "end":
            return Fault("expression.unfinished", self._now.at)
        if self._is("/"):
            return Fault("expression.path", self._now.at)
        return Fault("expression.operator_expected", self._now.at, found=self._now.text)

    # -- operators

    def _chain(self, level: int) -> tree.Node:
        if level == len(LEVELS):
            return self._signed()
        at, first = self._now.at, self._chain(level + 1)
        rest = []
        while self._is(*LEVELS[level]):
            sign = self._take().text
            rest.append((sign, self._chain(level + 1)))
        return tree.Chain(first, tuple(rest), at) if rest else first

    def _signed(self) -> tree.Node:
        at, minus = self._now.at, 0
        while self._is("-"):
            self._next += 1
            minus = 1 if minus == 2 else minus + 1  # three are one, so that no row of them is deep
        value = self._value()
        for _time in range(minus):
            value = tree.Negative(value, at)
        return value

    def _deeper(self) -> tree.Node:
        """An expression within brackets."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise Fault("expression.too_deep", self._now.at, most=DEEPEST)
        inner = self._chain(0)
        self._depth -= 1
        return inner

    # -- values

    def _value(self) -> tree.Node:
        token = self._take()
        if token.kind == "number":
            return tree.Number(float(token.text), token.at)
        if token.kind == "text":
            return tree.Text(token.text[1:-1], token.at)
        if token.kind == "field":
            return self._field(token)
        if token.kind == "name":
            return self._call(token) if self._is("(") else tree.Column(token.text, token.at)
        if token.text == "(":
            inner = self._deeper()
            self._expect(")")
            return inner
        if token.text == ".":
            if self._filters:
                raise Fault("expression.dot_in_filter", token.at)
            return tree.This(token.at)
        if token.kind == "end":
            raise Fault("expression.unfinished", token.at)
        if token.text in ("..", "/"):
            raise Fault("expression.path", token.at)
        raise Fault("expression.value_expected", token.at, found=token.text)

    def _field(self, token: Token) -> tree.Node:
        name = field_name(token)
        conditions: list[tree.Node] = []
        while self._is("["):
            opening = self._take()
            self._filters += 1
            if self._filters > DEEPEST_FILTER:
                raise Fault("expression.too_deep", opening.at, most=DEEPEST_FILTER)
            conditions.append(self._deeper())
            self._filters -= 1
            self._expect("]")
        column = None
        if self._is("/"):
            slash = self._take()
            if self._now.kind != "name":
                raise Fault("expression.path", slash.at)
            within = self._take()
            column = tree.Column(within.text, within.at)
        if conditions or column:
            return tree.Filter(name, tuple(conditions), column, token.at)
        return tree.Field(name, token.at)

    # -- functions

    def _call(self, token: Token) -> tree.Node:
        name = token.text
        function = FUNCTIONS.get(name)
        if function is None:
            if name in REFUSED:
                raise Fault("expression.refused_function", token.at, name=name, reason=REFUSED[name])
            raise Fault("expression.unknown_function", token.at, name=name)
        self._next += 1
        arguments: list[tree.Node] = []
        while not self._is(")"):
            if arguments:
                self._expect(",")
            arguments.append(self._entry() if name == "position" else self._deeper())
        self._next += 1
        if not arguments and function.own_value:
            if self._filters:
                raise Fault("expression.dot_in_filter", token.at)
            arguments.append(tree.This(token.at))
        self._check_number(function, len(arguments), token.at)
        if name == "position" and not arguments and not self._filters:
            raise Fault("expression.position", token.at)
        kinds = [function.kind(index) for index in range(len(arguments))]
        fitted = [self._fitted(function, kind, part) for kind, part in zip(kinds, arguments, strict=True)]
        return tree.Call(name, tuple(fitted), token.at)

    def _check_number(self, function: Function, given: int, at: int) -> None:
        fits = function.least <= given and (function.most is None or given <= function.most)
        if function.name == "indexed-repeat":
            fits = given in (3, 5, 7)
        if not fits:
            raise Fault("expression.arguments", at, name=function.name, given=given, signature=function.call)
        if function.paired and given % 2:
            raise Fault("expression.paired", at, name=function.name, signature=function.call)

    def _entry(self) -> tree.Node:
        """What position() takes: .. or current()/.. or a repeat."""
        at = self._now.at
        if self._now.kind == "field":
            return tree.Field(field_name(self._take()), at)
        if self._is(".."):
            if self._filters:
                raise Fault("expression.dot_in_filter", at)
            self._next += 1
            return tree.Parent(at)
        if self._is("current"):
            self._next += 1
            for sign in ("(", ")", "/", ".."):
                self._expect(sign)
            return tree.Parent(at)
        raise Fault("expression.field_needed", at, name="position")

    def _fitted(self, function: Function, kind: str, part: tree.Node) -> tree.Node:
        if kind in WRITTEN_OUT:
            if not isinstance(part, tree.Text):
                raise Fault("expression.written_out", part.at, name=function.name)
            if kind == "pattern":
                Pattern(part.value, part.at + 1)
            else:
                self._check_signs(function, part)
        if kind == "question":
            quoted = REFERENCE.fullmatch(part.value.strip(" ")) if isinstance(part, tree.Text) else None
            if quoted is None:
                raise Fault("expression.quoted_field", part.at, name=function.name)
            return tree.Field(quoted[1], part.at)
        if kind in REFERENCES and not isinstance(part, tree.Field):
            raise Fault("expression.field_needed", part.at, name=function.name)
        return part

    def _check_signs(self, function: Function, pattern: tree.Text) -> None:
        known = moments.DATE_SIGNS if function.name == "format-date" else moments.TIME_SIGNS
        at = 0
        while (at := pattern.value.find("%", at)) >= 0:
            sign = pattern.value[at : at + 2]
            if len(sign) < 2 or sign[1] not in known:
                raise Fault(
                    "expression.date_sign",
                    pattern.at + 1 + at,
                    sign=sign,
                    name=function.name,
                    known=" ".join(f"%{one}" for one in known),
                )
            at += 2
