"""Conditions in normal form: comparisons joined by ``and``, ``or`` and spans of quarters, without ``not``.

A condition and its normal form have the same answer in every quarter, whatever is known. In the normal form
each comparison says on which side of its threshold it holds, so that it can be printed and measured as it
stands: ``not a >= 10%`` is ``a < 10%``, and ``not (a and b)`` is ``not a or not b``. What is written with a
function but asks for several quarters becomes a span of quarters: ``max(a, 2) < 0`` is ``a < 0 for 2
quarters``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from thesis.language import nodes as n
from thesis.language.functions import FUNCTIONS
from thesis.language.syntax import parse

CONTRARY = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}
FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


@cache
def normal_form_of(text: str) -> n.Node:
    """The normal form of a condition given as text, the same node each time.

    Errors: ``SyntaxProblem`` where the text cannot be read.
    """
    return normal_form(parse(text))


def normal_form(node: n.Node, *, negated: bool = False) -> n.Node:
    """The normal form of a condition, or of its contrary.

    The parts are ``Comparison``, ``Both``, ``Either`` and ``Persistence``. A ``Persistence`` stands as near
    to its comparisons as its meaning allows: all of its quarters of two conditions are all quarters of each.
    A comparison with a number has the number on its right. What is no condition stays as it is.
    """
    if isinstance(node, n.Not):
        return normal_form(node.operand, negated=not negated)
    if isinstance(node, (n.Both, n.Either)):
        left, right = (normal_form(each, negated=negated) for each in (node.left, node.right))
        return _joined(node, left, right, is_both=isinstance(node, n.Both) != negated)
    if isinstance(node, n.Persistence):
        inner = normal_form(node.condition, negated=negated)
        least = node.window - node.least + 1 if negated else node.least
        return _held(node, inner, least, node.window)
    if isinstance(node, n.Comparison):
        return _comparison(node, negated=negated)
    return n.Not(node.start, node.length, node) if negated else node


def comparisons(node: n.Node) -> Iterator[n.Node]:
    """The comparisons of a normal form, from left to right."""
    if isinstance(node, (n.Both, n.Either, n.Persistence)):
        for child in node.children():
            yield from comparisons(child)
    else:
        yield node


def _joined(place: n.Node, left: n.Node, right: n.Node, *, is_both: bool) -> n.Node:
    if is_both:
        return n.Both(place.start, place.length, "and", left, right)
    return n.Either(place.start, place.length, "or", left, right)


def _held(place: n.Node, inner: n.Node, least: int, window: int) -> n.Node:
    """A condition over some quarters, with the span moved inwards where that means the same."""
    if window == 1:
        return inner
    every, any_one = least == window, least == 1
    if (isinstance(inner, n.Both) and every) or (isinstance(inner, n.Either) and any_one):
        left, right = (_held(place, each, least, window) for each in (inner.left, inner.right))
        return _joined(place, left, right, is_both=isinstance(inner, n.Both))
    if isinstance(inner, n.Persistence):
        longer = window + inner.window - 1
        if every and inner.least == inner.window:
            return n.Persistence(place.start, place.length, inner.condition, longer, longer)
        if any_one and inner.least == 1:
            return n.Persistence(place.start, place.length, inner.condition, 1, longer)
    return n.Persistence(place.start, place.length, inner, least, window)


def _comparison(node: n.Comparison, *, negated: bool) -> n.Node:
    left, right, operator = node.left, node.right, node.operator
    if _is_number(left) and not _is_number(right):
        left, right, operator = right, left, FLIPPED[operator]
    if negated:
        operator = CONTRARY[operator]
    if isinstance(left, n.Call) and operator[0] in "<>":
        spread = _over_quarters(node, left, operator, right)
        if spread is not None:
            return spread
    return n.Comparison(node.start, node.length, operator, left, right)


def _over_quarters(place: n.Node, call: n.Call, operator: str, right: n.Node) -> n.Node | None:
    """A comparison of a function over quarters with a number, as the comparison over as many quarters."""
    given = call.arguments
    if not _is_number(right) or not all(_is_count(each) for each in given[1:]):
        return None
    counts = [int(str(each)) for each in given[1:]]
    if call.function == "streak" and len(counts) == 1:
        return _streak(place, given[0], counts[0], operator, right)
    function = FUNCTIONS.get(call.function)
    if function is None or function.rank is None or len(given) != len(function.takes):
        return None
    rank, window = function.rank(*counts), counts[-1]
    if rank is None or rank > window:
        return None  # a rank beyond the window is a problem that lint reports
    least = rank if operator[0] == ">" else window - rank + 1  # the k-th largest is above, or below
    inner = normal_form(n.Comparison(place.start, place.length, operator, given[0], right))
    return _held(place, inner, least, window)


def _streak(place: n.Node, condition: n.Node, most: int, operator: str, right: n.Node) -> n.Node | None:
    """``streak(c, 8) >= 2`` is ``c for 2 quarters``, and ``streak(c, 8) < 2`` its contrary."""
    assert isinstance(right, n.Number)
    if right.mark or not right.text.isdigit():
        return None
    quarters = int(right.text) + (operator in (">", "<="))  # more than two is three or more
    if not 1 <= quarters <= most:
        return None  # always or never so, whatever is known
    held = n.Persistence(place.start, place.length, condition, quarters, quarters)
    return normal_form(held, negated=operator[0] == "<")


def _is_number(node: n.Node) -> bool:
    if isinstance(node, n.Negative):
        return _is_number(node.operand)
    return isinstance(node, n.Number)


def _is_count(node: n.Node) -> bool:
    return isinstance(node, n.Number) and not node.mark and node.text.isdigit() and int(node.text) > 0
