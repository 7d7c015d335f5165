"""Counts what a template takes, in steps: turns of loops, calls, filters, and the text that they make.

A template of the user's is compiled with a count at the beginning of each body and around each list and each
joined text, and its filters and calls are counted as they are called. How many steps a template takes
depends on it and on what it prints, not on the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import wraps
from types import GeneratorType
from typing import Any

from jinja2 import nodes
from jinja2.environment import Environment, TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.utils import Namespace

MOST_STEPS = 1_000_000  # of one rendering
LONGEST_TEXT = 10_000_000  # characters of one text, or of the texts in one list
LARGEST_NUMBER = 100_000  # that a filter or a method of a text takes beside its value
LONGEST_INTEGER = 10_000  # bits
TEXT_OF_A_STEP = 100  # characters
ITEM = 8  # what an item of a list weighs, in characters
NUMBERS_OF_THEIR_OWN = frozenset(
    ["default", "d", "sum", "int", "float", "format", "equalto", "eq", "=="]
)  # filters whose numbers are values and no sizes
NUMBERS_THAT_REPEAT = frozenset(["tojson"])  # whose number is repeated for each item
STEPS_OF_A_TEMPLATE = 20  # that is included
ITEM_BY_ITEM = frozenset(
    [
        "batch", "groupby", "join", "list", "map", "max", "min", "pprint", "reject", "rejectattr", "reverse",
        "select", "selectattr", "slice", "sort", "sum", "tojson", "unique", "urlize", "wordcount", "wordwrap",
    ]
)  # fmt: skip
"""Filters that do something for each item or character."""
CONTAINERS = (list, tuple, dict, set, frozenset)


class Meter:
    """The steps that are left of one rendering."""

    def __init__(self) -> None:
        self.left = MOST_STEPS

    def step(self, number: int = 1) -> bool:
        """Take some steps; true, so that it may stand in a condition."""
        self.left -= number
        if self.left < 0:
            raise SecurityError(f"more than {MOST_STEPS:,} steps; shorten its loops, or what they go over")
        return True

    def weighed(self, value: Any) -> Any:
        """The value itself, after the steps that its size counts for."""
        self.step(1 + self.weight(value) // TEXT_OF_A_STEP)
        return value

    def weight(self, value: Any) -> int:
        """The characters of a text, or of all texts in a list; of what is no text or list, next to nothing.

        Errors: ``SecurityError`` for what is too long.
        """
        if isinstance(value, (str, bytes)):
            return self._bounded(len(value))
        total, waiting = 0, [value]
        while waiting:
            each = waiting.pop()
            total += ITEM
            if isinstance(each, (str, bytes)):
                total += len(each)
            elif isinstance(each, int):
                total += each.bit_length() // 4
            elif type(each) in CONTAINERS or (isinstance(each, tuple) and _is_of_jinja(each)):
                total += ITEM * len(each)
                self._bounded(total)
                waiting += [*each, *each.values()] if isinstance(each, dict) else each
            elif isinstance(each, Namespace):
                waiting.append(object.__getattribute__(each, "_Namespace__attrs"))
            elif isinstance(each, TemplateModule):
                waiting.append(list(vars(each)["_body_stream"]))
            self._bounded(total)
        return total

    def _bounded(self, total: int) -> int:
        if total > LONGEST_TEXT:
            raise SecurityError(f"a text or a list of more than {LONGEST_TEXT:,} characters")
        return total

    def concat(self, pieces: Any) -> str:
        """The pieces of what is printed, as one text."""
        listed = list(pieces)
        self.step(1 + self._bounded(sum(map(len, listed))) // TEXT_OF_A_STEP)
        return "".join(listed)

    def steps(self, *args: int) -> Iterator[int]:
        """``range``, each of whose numbers is a step."""
        return self.each(range(*args))

    def repeated(self, value: Any, times: Any) -> None:
        """Count text or a list that is repeated, or an integer that is multiplied, before that is done."""
        for one, other in ((value, times), (times, value)):
            if isinstance(one, (str, bytes, *CONTAINERS)) and isinstance(other, (int, float)):
                self.step(1 + self._bounded(int(self.weight(one) * max(other, 0))) // TEXT_OF_A_STEP)
        bits = [side.bit_length() for side in (value, times) if isinstance(side, int)]
        if len(bits) > 1 and sum(bits) > LONGEST_INTEGER:
            raise SecurityError(f"a number of more than {LONGEST_INTEGER:,} bits")

    def given(
        self, name: str, value: Any, args: Sequence[Any], named: Mapping[str, Any], *, sized: bool = True
    ) -> None:
        """Count what a filter or a method of a text is given, and refuse what could make it run on.

        What it makes is at most as long as its value times the texts beside it. ``sized``: a number may be a
        size.
        """
        beside = 0
        for each in (*args, *named.values()):
            if isinstance(each, (int, float)):
                if sized and name not in NUMBERS_OF_THEIR_OWN and abs(each) > LARGEST_NUMBER:
                    raise SecurityError(f"`{name}` takes numbers up to {LARGEST_NUMBER:,}")
                beside += int(abs(each)) if name in NUMBERS_THAT_REPEAT else 0
            else:
                beside += self.weight(each) - (0 if isinstance(each, (str, bytes)) else ITEM)
        size = self.weight(value)
        self._bounded(size * (1 + beside))
        self.step(1 + size // TEXT_OF_A_STEP)

    def counted(self, name: str, function: Callable[..., Any], *, sized: bool = True) -> Callable[..., Any]:
        """A filter or test that is counted. The first of what it is given may be Jinja's own."""
        own = 1 if hasattr(function, "jinja_pass_arg") else 0

        @wraps(function)
        def metered(*args: Any, **named: Any) -> Any:
            value = args[own] if len(args) > own else ""
            self.given(name, value, args[own + 1 :], named, sized=sized)
            if name in ITEM_BY_ITEM and isinstance(value, (str, bytes, *CONTAINERS)):
                self.step(len(value))
            found = function(*args, **named)
            return self.each(found) if isinstance(found, GeneratorType) else self.weighed(found)

        return metered

    def each(self, items: Iterable[Any]) -> Iterator[Any]:
        """Items that are made one by one, each of which is a step."""
        for item in items:
            self.step()
            yield item


def _is_of_jinja(value: object) -> bool:
    return type(value).__module__.partition(".")[0] == "jinja2"


# the counts in a template ------------------------------------------------------------------------

BODIES = (nodes.Template, nodes.Block, nodes.Macro, nodes.CallBlock, nodes.For)


def count_steps(source: nodes.Template, environment: Environment) -> None:
    """Put the counts into a template: calls of the environment's ``step`` and ``weighed``."""
    bodies: list[Any] = [source, *source.find_all(BODIES)]
    for body in bodies:
        price = [nodes.Const(STEPS_OF_A_TEMPLATE)] if isinstance(body, nodes.Template) else []
        first = nodes.ExprStmt(_call("step", price, body), lineno=body.lineno)
        body.body.insert(0, first)
        if isinstance(body, nodes.For) and body.test is not None:
            body.test = nodes.And(_call("step", [], body), body.test, lineno=body.lineno)
    _weigh(source)
    source.set_environment(environment)


def _weigh(node: nodes.Node) -> None:
    """Weigh lists as they are made, joined and cut texts with what they are made of, and what is compared."""
    for name in node.fields:
        value = getattr(node, name)
        if isinstance(value, nodes.Node):
            setattr(node, name, _weighed(value))
        elif isinstance(value, list):
            value[:] = [_weighed(each) if isinstance(each, nodes.Node) else each for each in value]


def _weighed(node: nodes.Node) -> nodes.Node:
    _weigh(node)
    if isinstance(node, nodes.Concat):
        node.nodes = [_call("weighed", [each], each) for each in node.nodes]
    if isinstance(node, (nodes.Compare, nodes.Operand)):
        node.expr = _call("weighed", [node.expr], node.expr)
    is_made = (
        isinstance(node, (nodes.Concat, nodes.List, nodes.Dict))
        or (isinstance(node, nodes.Tuple) and node.ctx == "load")
        or (isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice))
    )
    return _call("weighed", [node], node) if is_made else node


def _call(name: str, args: list[Any], place: nodes.Node) -> nodes.Call:
    target = nodes.EnvironmentAttribute(name, lineno=place.lineno)
    return nodes.Call(target, args, [], None, None, lineno=place.lineno)
