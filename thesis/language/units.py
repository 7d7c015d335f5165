"""Checks the units of an expression before it is evaluated.

A unit is a product of powers (``USD/share`` is USD times shares to the minus one); ``ratio`` is the
empty product. Beside it goes the kind: a flow happens over a quarter, a stock stands at its end, an
annual value is four quarters already added up. A bare number takes the unit of what it meets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from thesis.core.currency import is_currency, minor_unit
from thesis.language import nodes as n
from thesis.language.functions import FUNCTIONS, Function
from thesis.language.syntax import WIDEST

Powers = tuple[tuple[str, int], ...]

RATIO: Powers = ()
BASES = ("shares", "count", "years")
SINGULAR = {"share": "shares", "year": "years"}


class ValueType(NamedTuple):
    """Unit and kind of a value. ``powers`` None: a bare number, of whatever unit is called for."""

    powers: Powers | None
    kind: str = "rate"  # flow, stock, annual, rate, truth

    @property
    def unit(self) -> str:
        return "yes or no" if self.kind == "truth" else unit_name(self.powers or RATIO)


TRUTH = ValueType(RATIO, "truth")
BARE = ValueType(None)
ANY = ValueType(None, "any")  # after a problem: fits everywhere, so that one mistake is told once


class UnitClash(NamedTuple):
    """A part of an expression that does not fit: code, message, hint and the node at fault."""

    code: str
    message: str
    hint: str
    node: n.Node


def read_unit(text: str) -> Powers:
    """``USD``, ``USD/share``, ``shares``, ``ratio``, ``count``, ``years``. Errors: ``ValueError``."""
    powers: dict[str, int] = {}
    for i, part in enumerate(text.split("/")):
        word = SINGULAR.get(part, part)
        if not is_currency(word) and word not in BASES and not (word == "ratio" and text == "ratio"):
            minor = minor_unit(word)
            told = f"; {word} is {minor.name}: say {minor.currency}" if minor else ""
            raise ValueError(f"expected USD, shares, USD/share, ratio, count or years, found `{text}`{told}")
        if word != "ratio":
            powers[word] = powers.get(word, 0) + (1 if i == 0 else -1)
    return _normal(powers)


def unit_name(powers: Powers) -> str:
    """A unit as people write it."""
    above = [_power(base, power) for base, power in powers if power > 0]
    below = [_power(base, -power) for base, power in powers if power < 0]
    one = {plural: word for word, plural in SINGULAR.items()}
    below = [one.get(base, base) for base in below]
    if not above and not below:
        return "ratio"
    return "/".join([" x ".join(above) or "1", *below])


def infer(node: n.Node, types: Mapping[str, ValueType], complain: Callable[[UnitClash], None]) -> ValueType:
    """The type of an expression; every misfit on the way is handed to ``complain``."""
    return _Inference(types, complain).of(node)


class _Inference:
    def __init__(self, types: Mapping[str, ValueType], complain: Callable[[UnitClash], None]) -> None:
        self.types = types
        self.complain = complain

    def of(self, node: n.Node) -> ValueType:
        rule: Callable[[n.Node], ValueType] = getattr(self, f"_{type(node).__name__.lower()}")
        return rule(node)

    def clash(self, message: str, node: n.Node, hint: str = "", code: str = "unit-clash") -> ValueType:
        self.complain(UnitClash(code, message, hint, node))
        return ANY

    def _number(self, node: n.Number) -> ValueType:
        return ValueType(RATIO) if node.mark else BARE

    def _name(self, node: n.Name) -> ValueType:
        return self.types.get(node.name, ANY)

    def _range(self, node: n.Range) -> ValueType:
        return self._joined(node, self.value(node.lo), self.value(node.hi), "a range from {} to {}")

    def value(self, node: n.Node) -> ValueType:
        """A number is wanted here, not an answer."""
        found = self.of(node)
        if found.kind == "truth":
            return self.clash("expected a number, found a condition", node, "use `if(condition, 1, 0)`")
        return found

    def condition(self, node: n.Node) -> ValueType:
        """An answer is wanted here, not a number."""
        found = self.of(node)
        if found.kind not in ("truth", "any"):
            message = f"expected a condition, found a number ({found.unit})"
            self.clash(message, node, "compare it with something, as in `... >= 10%`")
        return TRUTH

    def _sum(self, node: n.Sum) -> ValueType:
        words = "adds {1} to {0}" if node.operator == "+" else "takes {1} from {0}"
        return self._joined(node, self.value(node.left), self.value(node.right), words, node.right)

    def _joined(
        self, node: n.Node, a: ValueType, b: ValueType, words: str, fault: n.Node | None = None
    ) -> ValueType:
        if a.powers is None or b.powers is None:
            known = b if a.powers is None else a
            return known if "any" not in (a.kind, b.kind) else ANY
        if a.powers != b.powers:
            message = words.format(_an(a), _an(b))
            return self.clash(message, fault or node, "both sides need the same unit")
        kind = a.kind if a.kind == b.kind else "rate" if a.powers == RATIO else "stock"
        return ValueType(a.powers, kind)

    def _product(self, node: n.Product) -> ValueType:
        a, b = self.value(node.left), self.value(node.right)
        if "any" in (a.kind, b.kind):
            return ANY
        if a.powers is None and b.powers is None:
            return BARE
        sign = 1 if node.operator == "*" else -1
        powers = dict(a.powers or RATIO)
        for base, power in b.powers or RATIO:
            powers[base] = powers.get(base, 0) + sign * power
        return ValueType(_normal(powers), _product_kind(node.operator, a, b))

    def _negative(self, node: n.Negative) -> ValueType:
        return self.value(node.operand)

    def _comparison(self, node: n.Comparison) -> ValueType:
        a, b = self.value(node.left), self.value(node.right)
        if a.powers is not None and b.powers is not None and a.powers != b.powers:
            self.clash(f"compares {_an(a)} with {_an(b)}", node.right, "both sides need the same unit")
        return TRUTH

    def _both(self, node: n.Both) -> ValueType:
        self.condition(node.left)
        return self.condition(node.right)

    _either = _both

    def _not(self, node: n.Not) -> ValueType:
        return self.condition(node.operand)

    def _persistence(self, node: n.Persistence) -> ValueType:
        return self.condition(node.condition)

    def _call(self, node: n.Call) -> ValueType:
        function = FUNCTIONS.get(node.function)
        if function is None:
            return ANY  # lint names it, with the nearest function
        expected = len(function.takes)
        given = len(node.arguments)
        if given < expected or (given > expected and not function.repeats):
            what = ", ".join(_NAMED.get(kind, kind) for kind in function.takes)
            what += ", ..." if function.repeats else ""
            message = f"`{node.function}` takes {expected} ({what}), found {given}"
            return self.clash(message, node, code="arguments")
        found = [self._argument(node, function, i) for i in range(given)]
        return self._given(node, function, found)

    def _argument(self, node: n.Call, function: Function, index: int) -> ValueType:
        wanted = function.kind(index)
        argument = node.arguments[index]
        if wanted == "value":
            return self.value(argument)
        if wanted == "condition":
            return self.condition(argument)
        whole = isinstance(argument, n.Number) and not argument.mark and argument.text.isdigit()
        if not whole or not 0 <= int(str(argument)[:6]) <= WIDEST:
            what = _NAMED.get(wanted, wanted)
            message = f"expected a whole number of {what} up to {WIDEST}, found `{argument}`"
            return self.clash(message, argument, code="arguments")
        if int(str(argument)) == 0 and wanted != "lag":
            return self.clash(f"expected at least 1 of {wanted}, found 0", argument, code="arguments")
        if wanted == "years" and int(str(argument)) * 4 > WIDEST:
            return self.clash(f"expected at most {WIDEST // 4} years", argument, code="arguments")
        return BARE

    def _given(self, node: n.Call, function: Function, found: list[ValueType]) -> ValueType:
        if "rank" in function.takes and ANY not in found:
            rank, quarters = (node.arguments[function.takes.index(kind)] for kind in ("rank", "quarters"))
            if int(str(rank)) > int(str(quarters)):
                return self.clash(f"there is no number {rank} among {quarters}", node, code="arguments")
        first = found[0]
        if function.gives in ("annual", "sum"):
            if first is ANY:
                return ANY
            if first.kind not in ("flow", "any"):
                what = (
                    "a stock, which stands at a quarter's end"
                    if first.kind == "stock"
                    else _kind_words(first)
                )
                hint = "only what happens over a quarter can be added up over quarters"
                return self.clash(
                    f"`{node.function}` adds up quarters of {what}", node.arguments[0], hint, "not-a-flow"
                )
            return ValueType(first.powers, "annual")
        if function.gives == "ratio":
            return ValueType(RATIO)
        if function.gives == "count":
            return ValueType((("count", 1),))
        values = [
            t for t, wanted in zip(found, _stretch(function, len(found)), strict=True) if wanted == "value"
        ]
        result = values[0]
        for i, other in enumerate(values[1:], start=len(found) - len(values) + 1):
            result = self._joined(node, result, other, "puts {1} beside {0}", node.arguments[i])
        return result


_NAMED = {"lag": "quarters"}  # kinds of argument that messages call by another name


def _stretch(function: Function, length: int) -> list[str]:
    return [function.kind(i) for i in range(length)]


def _product_kind(operator: str, a: ValueType, b: ValueType) -> str:
    """A flow times or over a mere ratio stays a flow; two amounts over one another are a rate."""
    if a.kind == b.kind and operator == "/":
        return "rate"
    if b.kind == "rate":
        return a.kind
    return b.kind if a.kind == "rate" and operator == "*" else "rate"


def _kind_words(found: ValueType) -> str:
    if found.kind == "annual":
        return "what is added up over a year already"
    return f"{_an(found)} that is not a flow"


def _an(found: ValueType) -> str:
    unit = found.unit
    return f"a {unit}" if unit in ("ratio", "count") else unit


def _power(base: str, power: int) -> str:
    return base if power == 1 else f"{base}^{power}"


def _normal(powers: Mapping[str, int]) -> Powers:
    return tuple(sorted((base, power) for base, power in powers.items() if power))
