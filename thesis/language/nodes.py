"""The syntax tree of an expression, with the position of each node in the text.

Two nodes are equal if they say the same, wherever they stand; ``str(node)`` is an expression that
parses back to an equal node.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from thesis.core.number_text import DIVISORS


class Node:
    """Part of an expression: ``start`` and ``length`` count characters of the expression's text."""

    __slots__ = ("length", "start")
    fields: ClassVar[tuple[str, ...]] = ()
    precedence: ClassVar[int] = 9

    def __init__(self, start: int, length: int) -> None:
        self.start = start
        self.length = length

    def children(self) -> Iterator[Node]:
        """The nodes directly below, from left to right."""
        for field in self.fields:
            value = getattr(self, field)
            for item in value if isinstance(value, tuple) else (value,):
                if isinstance(item, Node):
                    yield item

    def walk(self) -> Iterator[Node]:
        """This node and everything below it."""
        yield self
        for child in self.children():
            yield from child.walk()

    @property
    def is_constant(self) -> bool:
        """Whether no figure has a part in it: neither a name nor a call stands in it."""
        return not any(isinstance(part, (Name, Call)) for part in self.walk())

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and all(
            getattr(self, field) == getattr(other, field) for field in self.fields
        )

    def __hash__(self) -> int:
        return hash(str(self))

    def __repr__(self) -> str:
        return str(self)

    def _inside(self, child: Node, least: int) -> str:
        """A child's text, in parentheses where it binds less tightly than it must."""
        return str(child) if child.precedence >= least else f"({child})"


class Number(Node):
    """``5``, ``4e12``, ``10%``, ``25bp``: ``text`` as written, ``mark`` is ``%``, ``bp`` or nothing."""

    __slots__ = ("mark", "text")
    fields = ("text", "mark")

    def __init__(self, start: int, length: int, text: str, mark: str) -> None:
        super().__init__(start, length)
        self.text = text
        self.mark = mark

    @property
    def value(self) -> float:
        return float(self.text) / DIVISORS[self.mark]

    def __str__(self) -> str:
        return f"{self.text}{self.mark}"


class Range(Node):
    """``25%..45%``: somewhere between the two."""

    __slots__ = ("hi", "lo")
    fields = ("lo", "hi")
    precedence = 7

    def __init__(self, start: int, length: int, lo: Node, hi: Node) -> None:
        super().__init__(start, length)
        self.lo = lo
        self.hi = hi

    def __str__(self) -> str:
        return f"{self._inside(self.lo, 8)}..{self._inside(self.hi, 8)}"


class Name(Node):
    """A concept or a metric."""

    __slots__ = ("name",)
    fields = ("name",)

    def __init__(self, start: int, length: int, name: str) -> None:
        super().__init__(start, length)
        self.name = name

    def __str__(self) -> str:
        return self.name


class Call(Node):
    """``yoy(aws.net_sales)``."""

    __slots__ = ("arguments", "function")
    fields = ("function", "arguments")

    def __init__(self, start: int, length: int, function: str, arguments: tuple[Node, ...]) -> None:
        super().__init__(start, length)
        self.function = function
        self.arguments = arguments

    def __str__(self) -> str:
        return f"{self.function}({', '.join(map(str, self.arguments))})"


class Negative(Node):
    """``-x``."""

    __slots__ = ("operand",)
    fields = ("operand",)
    precedence = 8

    def __init__(self, start: int, length: int, operand: Node) -> None:
        super().__init__(start, length)
        self.operand = operand

    def __str__(self) -> str:
        return f"-{self._inside(self.operand, 8)}"


class Not(Node):
    """``not condition``."""

    __slots__ = ("operand",)
    fields = ("operand",)
    precedence = 3

    def __init__(self, start: int, length: int, operand: Node) -> None:
        super().__init__(start, length)
        self.operand = operand

    def __str__(self) -> str:
        return f"not {self._inside(self.operand, 3)}"


class Binary(Node):
    """Two sides and an operator; ``precedence`` depends on which."""

    __slots__ = ("left", "operator", "right")
    fields = ("operator", "left", "right")

    def __init__(self, start: int, length: int, operator: str, left: Node, right: Node) -> None:
        super().__init__(start, length)
        self.operator = operator
        self.left = left
        self.right = right

    def __str__(self) -> str:
        left = self._inside(self.left, self.precedence)
        return f"{left} {self.operator} {self._inside(self.right, self.precedence + 1)}"


class Sum(Binary):
    """``+`` and ``-``."""

    __slots__ = ()
    precedence = 6


class Product(Binary):
    """``*`` and ``/``."""

    __slots__ = ()
    precedence = 7


class Multiple(Binary):
    """A quotient with an answer where its divisor is not positive: ``operator`` is ``highest`` or ``lowest``.

    It stands for the formula of a metric that says ``not_positive``, and cannot be written in an expression.
    """

    __slots__ = ()
    precedence = 7

    @property
    def beyond(self) -> float:
        """What it comes to there: beyond every threshold on that side."""
        return math.inf if self.operator == "highest" else -math.inf


class Comparison(Binary):
    """``< <= > >= == !=``; comparisons are not chained."""

    __slots__ = ()
    precedence = 5

    def __str__(self) -> str:
        return f"{self._inside(self.left, 6)} {self.operator} {self._inside(self.right, 6)}"


class Both(Binary):
    """``and``."""

    __slots__ = ()
    precedence = 2


class Either(Binary):
    """``or``."""

    __slots__ = ()
    precedence = 1


class Persistence(Node):
    """``condition for 3 quarters`` (3 of 3), ``condition in 2 of last 3 quarters``."""

    __slots__ = ("condition", "least", "window")
    fields = ("condition", "least", "window")
    precedence = 4

    def __init__(self, start: int, length: int, condition: Node, least: int, window: int) -> None:
        super().__init__(start, length)
        self.condition = condition
        self.least = least
        self.window = window

    def __str__(self) -> str:
        noun = "quarter" if self.window == 1 else "quarters"
        condition = self._inside(self.condition, 4)
        if self.least == self.window:
            return f"{condition} for {self.window} {noun}"
        return f"{condition} in {self.least} of last {self.window} {noun}"
