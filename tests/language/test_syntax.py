"""Reading expressions: how tightly words bind, and where an error points."""

from __future__ import annotations

import pytest

from thesis.language.nodes import Comparison, Name, Negative, Node, Number, Persistence, Range, Sum
from thesis.language.syntax import DEEPEST, LONGEST, SyntaxProblem, parse, parse_number

pytestmark = pytest.mark.quick


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a + b * c", "a + (b * c)"),
        ("a - b - c", "(a - b) - c"),
        ("a / b / c", "(a / b) / c"),
        ("-a * b", "(-a) * b"),
        ("a * -b", "a * (-b)"),
        ("-1..2", "(-1)..2"),
        ("1..2 * x", "(1..2) * x"),
        ("a + b > c - d", "(a + b) > (c - d)"),
        ("not a > b", "not (a > b)"),
        ("a > 1 and b > 1 or c > 1", "(a > 1 and b > 1) or c > 1"),
        ("a > 1 or b > 1 and c > 1", "a > 1 or (b > 1 and c > 1)"),
        ("not a > 1 and b > 1", "(not a > 1) and b > 1"),
        ("a > 1 for 3 quarters and b > 1", "((a > 1) for 3 quarters) and b > 1"),
        ("not a > 1 for 3 quarters", "not ((a > 1) for 3 quarters)"),
        ("a > 1 in 2 of last 3 quarters for 2 quarters", "(a > 1 in 2 of last 3 quarters) for 2 quarters"),
        ("a > 1 for 1 quarter", "a > 1 in 1 of last 1 quarters"),
        ("a > 1 for 3 quarters", "a > 1 in 3 of last 3 quarters"),
        ("yoy( a )", "yoy(a)"),
        ("a  \n >=\t1", "a >= 1"),
        ("25 bp", "25bp"),
    ],
)
def test_two_ways_to_write_the_same(text: str, meant: str) -> None:
    assert parse(text) == parse(meant)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a - (b - c)", "a - b - c"),
        ("(a or b) and c", "a or b and c"),
        ("not (a and b)", "not a and b"),
        ("-(1..2)", "-1..2"),
        ("(a > 1 and b > 1) for 2 quarters", "a > 1 and b > 1 for 2 quarters"),
        ("1%", "0.01"),
        ("a", "A"),
    ],
)
def test_two_that_are_not_the_same(one: str, other: str) -> None:
    assert parse(one) != parse(other)
    assert parse(str(parse(one))) != parse(str(parse(other)))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("5", Number),
        ("sales", Name),
        ("-sales", Negative),
        ("1..2", Range),
        ("a + b", Sum),
        ("a < b", Comparison),
        ("a < b for 2 quarters", Persistence),
    ],
)
def test_the_outermost_word_decides_what_it_is(text: str, kind: type[Node]) -> None:
    assert type(parse(text)) is kind


@pytest.mark.parametrize(
    ("text", "start", "length", "message"),
    [
        ("", 0, 1, "expected a number, a name, a function or `(`, found the end of the expression"),
        ("1 +", 3, 1, "found the end of the expression"),
        ("(1", 2, 1, "expected `)`"),
        ("yoy(x", 5, 1, "expected `,` or `)`"),
        ("1 2", 2, 1, "expected an operator or the end of the expression, found `2`"),
        ("1 < 2 < 3", 6, 1, "expected the end of the expression, found `<`"),
        ("x..y..z", 4, 2, "found `..`"),
        ("1e31", 0, 4, "expected a number below 1e30"),
        ("quarters", 0, 8, "found `quarters`"),
        ("x > 1 for three quarters", 10, 5, "expected a number of quarters, as in `for 3 quarters`"),
        ("x > 1 for 3", 11, 1, "expected `quarters`"),
        ("x > 1 for 2.5 quarters", 10, 3, "expected a number of quarters"),
        ("x > 1 for 0 quarters", 10, 1, "expected 1 to 80 quarters, found 0"),
        ("x > 1 for 1000000000 quarters", 10, 10, "expected 1 to 80 quarters"),
        ("x > 1 in 4 of last 3 quarters", 19, 1, "4 of 3 quarters cannot be"),
        ("x > 1 in 2 of 3 quarters", 14, 1, "expected `last`"),
        ("aws.", 3, 1, "`.` has no meaning here"),
        ("1_000", 1, 4, "found `_000`"),
    ],
)
def test_an_error_points_at_the_first_character_that_does_not_fit(
    text: str, start: int, length: int, message: str
) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse(text)
    assert (caught.value.start, caught.value.length) == (start, length)
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("x = 3", "write `==` to compare"),
        ("x & y", "write `and`"),
        ("x | y", "write `or`"),
        ("x!", "write `not`"),
        ("2 ^ 3", "use `cagr`"),
        ("$5", "write the bare number"),
        ("x[4]", "write `lag(x, 4)`"),
        ("'x'", "without quotes"),
        ("1 < x < 2", "join two comparisons with `and`"),
    ],
)
def test_habits_from_other_languages_are_answered_with_ours(text: str, hint: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse(text)
    assert hint in caught.value.hint


@pytest.mark.parametrize("opening", ["(", "yoy(", "-", "not ", "- - "])
def test_nesting_has_a_bottom(opening: str) -> None:
    """However something is put inside itself, it stops at the limit, and says what to do instead."""
    with pytest.raises(SyntaxProblem) as caught:
        parse(opening * (DEEPEST + 1) + "x")
    assert caught.value.code == "too-deep"
    assert caught.value.hint == "name its parts as metrics of their own"
    assert parse("(" * DEEPEST + "x" + ")" * DEEPEST) == parse("x")


def test_length_has_an_end() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse("x" * (LONGEST + 1))
    assert caught.value.code == "too-long"
    assert parse("x" * LONGEST)


@pytest.mark.parametrize(
    ("text", "value"), [("-7%", -0.07), ("25bp", 0.0025), ("4e12", 4e12), (" 1.0 ", 1.0), ("- 3", -3.0)]
)
def test_a_lone_number_for_bands_and_levels(text: str, value: float) -> None:
    assert parse_number(text).value == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("text", ["", "x", "5..6", "1 2", "--3", "10% of sales"])
def test_what_is_no_lone_number_is_quoted_back(text: str) -> None:
    with pytest.raises(SyntaxProblem, match="expected a number such as 15%, 25bp or 4e12, found"):
        parse_number(text)
