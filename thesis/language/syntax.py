"""The parser of the rule language.

    condition  := condition or condition | condition and condition | not condition
                | condition for N quarters | condition in N of last M quarters
                | value < value            (also <= > >= == !=)
    value      := value + value | value - value | value * value | value / value | - value
                | NUMBER | NUMBER..NUMBER | NAME | FUNCTION(value, ...) | ( condition or value )
    NUMBER     := 5 | 2.5 | 4e12 | 10% | 25bp

``or`` binds least, then ``and``, ``not``, ``for`` and ``in``, comparison, ``+ -``, ``* /``, ``..``, ``-x``.
"""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from thesis.core.number_text import read_number
from thesis.language.nodes import (
    Binary,
    Both,
    Call,
    Comparison,
    Either,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Persistence,
    Product,
    Range,
    Sum,
)

LONGEST = 2000  # characters of one expression
DEEPEST = 40  # parentheses and calls inside one another
WIDEST = 80  # quarters a window may span: twenty years

_TOKEN = re.compile(
    r"\s*(?:"
    r"(?P<number>(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?P<mark>%|\s*bp\b)?"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)"
    r"|(?P<sign>\.\.|<=|>=|==|!=|[-+*/(),<>])"
    r")"
)
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_RESERVED = ("and", "or", "not", "for", "in", "of", "last", "quarter", "quarters")
_INSTEAD = {
    "=": "write `==` to compare",
    "%": "write it next to its number, as in 5%",
    "&": "write `and`",
    "|": "write `or`",
    "!": "write `not`",
    "^": "there are no powers; write the product, or use `cagr`",
    "$": "write the bare number; the unit is the concept's",
    "[": "write `lag(x, 4)` for an earlier quarter",
    "'": "names stand without quotes",
    '"': "names stand without quotes",
}


class SyntaxProblem(Exception):
    """An expression that cannot be read: where it went wrong and what was expected there."""

    def __init__(
        self, message: str, start: int, length: int = 1, hint: str = "", code: str = "syntax"
    ) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.length = length
        self.hint = hint
        self.code = code


class _Token(NamedTuple):
    kind: str  # number, word, sign or end
    text: str
    start: int
    mark: str = ""

    @property
    def shown(self) -> str:
        return "the end of the expression" if self.kind == "end" else f"`{self.text}{self.mark}`"


def parse(text: str) -> Node:
    """Read one expression. Errors: ``SyntaxProblem`` at the first character that does not fit."""
    if len(text) > LONGEST:
        message = f"an expression may have {LONGEST:,} characters, this one has {len(text):,}"
        raise SyntaxProblem(message, 0, 1, "name its parts as metrics of their own", "too-long")
    parser = _Parser(_tokens(text))
    node = parser.either()
    parser.expect_end()
    return node


def parse_number(text: str) -> Number:
    """Read a lone number such as ``-7%`` (for bands and levels). Errors: ``SyntaxProblem``."""
    try:
        found = read_number(text, style="language")
    except ValueError as error:
        raise SyntaxProblem(str(error), 0, len(text)) from None
    return Number(0, len(text), found.digits, found.mark)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        match = _TOKEN.match(text, position)
        if match is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            hint = _INSTEAD.get(text[start], "")
            raise SyntaxProblem(f"`{text[start]}` has no meaning here", start, 1, hint)
        kind = str(match.lastgroup if match.lastgroup != "mark" else "number")
        mark = (match["mark"] or "").strip()
        found.append(_Token(kind, match[kind], match.start(kind), mark))
        position = match.end()
    return [*found, _Token("end", "", end)]


class _Parser:
    """One method for each level of binding, loosest first."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.depth = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.position]

    def take(self) -> _Token:
        token = self.next
        self.position += 1
        return token

    def at(self, *texts: str) -> bool:
        return self.next.kind in ("word", "sign") and self.next.text in texts

    def expected(self, what: str, hint: str = "") -> NoReturn:
        token = self.next
        length = len(token.text + token.mark) or 1
        raise SyntaxProblem(f"expected {what}, found {token.shown}", token.start, length, hint)

    def expect(self, text: str, what: str) -> _Token:
        return self.take() if self.at(text) else self.expected(what)

    def expect_end(self) -> None:
        if self.at(*_COMPARISONS):
            self.expected("the end of the expression", "join two comparisons with `and`")
        if self.next.kind != "end":
            self.expected("an operator or the end of the expression")

    def _span(self, start: int) -> tuple[int, int]:
        last = self.tokens[self.position - 1]
        return start, last.start + len(last.text) + len(last.mark) - start

    def _binary(self, kind: type[Binary], operators: tuple[str, ...], below: str) -> Node:
        start = self.next.start
        left: Node = getattr(self, below)()
        while self.at(*operators):
            operator = self.take().text
            right = getattr(self, below)()
            left = kind(*self._span(start), operator, left, right)
        return left

    def either(self) -> Node:
        return self._binary(Either, ("or",), "both")

    def both(self) -> Node:
        return self._binary(Both, ("and",), "negation")

    def negation(self) -> Node:
        if not self.at("not"):
            return self.held()
        start = self.take().start
        self._deeper(start)
        operand = self.negation()
        self.depth -= 1
        return Not(*self._span(start), operand)

    def held(self) -> Node:
        start = self.next.start
        node = self.comparison()
        while self.at("for", "in"):
            if self.take().text == "for":
                window = least = self.count("a number of quarters, as in `for 3 quarters`")
            else:
                least = self.count("a number, as in `in 2 of last 3 quarters`")
                self.expect("of", "`of`, as in `in 2 of last 3 quarters`")
                self.expect("last", "`last`, as in `in 2 of last 3 quarters`")
                window = self.count("a number of quarters, as in `in 2 of last 3 quarters`")
                if least > window:
                    token = self.tokens[self.position - 1]
                    message = f"{least} of {window} quarters cannot be"
                    raise SyntaxProblem(message, token.start, len(token.text))
            if not self.at("quarter", "quarters"):
                self.expected("`quarters`")
            self.take()
            node = Persistence(*self._span(start), node, least, window)
        return node

    def count(self, what: str) -> int:
        """A whole number of quarters, from 1 to the widest window."""
        token = self.next
        if token.kind != "number" or token.mark or not token.text.isdigit():
            self.expected(what)
        self.take()
        if not 1 <= int(token.text[:4]) <= WIDEST:
            raise SyntaxProblem(
                f"expected 1 to {WIDEST} quarters, found {token.text}", token.start, len(token.text)
            )
        return int(token.text)

    def comparison(self) -> Node:
        start = self.next.start
        left = self.sum()
        if not self.at(*_COMPARISONS):
            return left
        operator = self.take().text
        right = self.sum()
        return Comparison(*self._span(start), operator, left, right)

    def sum(self) -> Node:
        return self._binary(Sum, ("+", "-"), "product")

    def product(self) -> Node:
        return self._binary(Product, ("*", "/"), "range")

    def range(self) -> Node:
        start = self.next.start
        lo = self.negative()
        if not self.at(".."):
            return lo
        self.take()
        hi = self.negative()
        return Range(*self._span(start), lo, hi)

    def negative(self) -> Node:
        if not self.at("-"):
            return self.atom()
        start = self.take().start
        self._deeper(start)
        operand = self.negative()
        self.depth -= 1
        return Negative(*self._span(start), operand)

    def atom(self) -> Node:
        token = self.next
        if token.kind == "number":
            return self.number()
        if token.kind == "word" and token.text not in _RESERVED:
            self.take()
            if self.at("("):
                return self.call(token)
            return Name(token.start, len(token.text), token.text)
        if self.at("("):
            self.take()
            self._deeper(token.start)
            node = self.either()
            self.expect(")", "`)`")
            self.depth -= 1
            return node
        return self.expected("a number, a name, a function or `(`")

    def number(self) -> Node:
        token = self.take()
        number = Number(token.start, len(token.text) + len(token.mark), token.text, token.mark)
        if not number.value < 1e30:
            raise SyntaxProblem("expected a number below 1e30", token.start, len(token.text))
        return number

    def call(self, name: _Token) -> Node:
        self.take()
        self._deeper(name.start)
        arguments = [] if self.at(")") else [self.either()]
        while self.at(","):
            self.take()
            arguments.append(self.either())
        self.expect(")", "`,` or `)`")
        self.depth -= 1
        return Call(*self._span(name.start), name.text, tuple(arguments))

    def _deeper(self, start: int) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            message = f"nested deeper than {DEEPEST} levels"
            raise SyntaxProblem(message, start, 1, "name its parts as metrics of their own", "too-deep")
