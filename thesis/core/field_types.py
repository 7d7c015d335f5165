"""What a single value in a pack's file has to be, whatever stands beside it.

A field of a record states it once, as ``Annotated[str, DAY]``. Lint reports each value that does not fit, at
its place, and the JSON Schema of the file says the same to an editor. Reading a pack does not ask for it: a
sealed copy that was read once is read for ever.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, NamedTuple, cast

LARGEST = 1e24  # no figure that a company reports is larger
PERCENT_SIGNS = ("%", "bp")
PERCENT = "is a percent sign missing?"
ONE_NUMBER = "thesis.pack.assumptions:single_number"
NUMBER_OR_RANGE = "thesis.pack.assumptions:number_range"


def _named(reader: str) -> Callable[[str], Any]:
    """The function that a reader's name, ``module:function``, stands for."""
    module, _, function = reader.partition(":")
    found: Any = import_module(module)
    for name in function.split("."):
        found = getattr(found, name)
    return cast("Callable[[str], Any]", found)


class UnfitValue(ValueError):
    """A value that does not fit its field; ``hint`` is the remedy, where there is one."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class Doubt(NamedTuple):
    """Why a value that fits is likely not meant, and the remedy."""

    message: str
    hint: str


class TextType(NamedTuple):
    """A text of some form, such as a day or a share.

    ``code`` is that of the problem where a value does not fit. ``reader`` names the function that reads it,
    ``module:function``, and is imported when a value is checked. ``keywords`` are those of the JSON Schema.
    """

    code: str
    reader: str
    keywords: Mapping[str, Any]

    def read(self, value: str) -> Any:
        """What a text says. Errors: those of its reader, in words."""
        return _named(self.reader)(value)

    def __get_pydantic_json_schema__(self, core: Any, handler: Callable[[Any], Any]) -> Any:
        return {**handler(core), **self.keywords}


class NumberType(NamedTuple):
    """A number within bounds, also where it is written as a text such as ``18%``.

    ``words`` name what is expected. ``above``: the lower bound itself does not fit. ``is_range``: a text may
    be a range, both ends of which have to fit. ``besides`` are words that fit as well. ``is_rate``: a number
    above 1 without a percent sign fits, and is likely not meant.
    """

    words: str
    low: float = -LARGEST
    high: float = LARGEST
    above: bool = False
    is_range: bool = False
    code: str = "bad-value"
    besides: tuple[str, ...] = ()
    is_rate: bool = False

    def holds(self, value: float) -> bool:
        """Whether a number is within the bounds."""
        return (self.low < value if self.above else self.low <= value) and value <= self.high

    def read(self, value: Any) -> tuple[float, ...]:
        """The number, or both ends of a range; nothing for a word that fits as well.

        Errors: ``UnfitValue``, or ``ValueError`` for a text that is no number. A bare 9 where 9% fits is
        900%, and its hint says so.
        """
        if value in self.besides:
            return ()
        ends = self._ends(value)
        if all(map(self.holds, ends)):
            return ends
        found = value if isinstance(value, str) else f"{value:.12g}"
        is_meant = _is_bare(value) and ends[0] == ends[-1] > 1 and self.holds(ends[0] / 100)
        raise UnfitValue(f"expected {self.words}, found `{found}`", PERCENT if is_meant else "")

    def doubt(self, value: Any) -> Doubt | None:
        """Why a rate that fits is likely not meant: hundreds of percent, written without a sign."""
        if not self.is_rate or not _is_bare(value) or value in self.besides:
            return None
        return unsigned_rate(value, self._ends(value)[0])

    def _ends(self, value: Any) -> tuple[float, ...]:
        if not isinstance(value, str):
            return (float(value),)
        if not self.is_range:
            return (_named(ONE_NUMBER)(value),)
        found = _named(NUMBER_OR_RANGE)(value)
        return (found.lo, found.hi)

    def __get_pydantic_json_schema__(self, core: Any, handler: Callable[[Any], Any]) -> Any:
        schema = handler(core)
        if schema.get("type") not in ("number", "integer"):
            return schema
        low = "exclusiveMinimum" if self.above else "minimum"
        bounds = {low: self.low, "maximum": self.high}
        return {**schema, **{key: end for key, end in bounds.items() if math.fabs(end) < LARGEST}}


def unsigned_rate(text: str, value: float) -> Doubt | None:
    """Why a rate above 100% is likely not meant, where it is written without a percent sign."""
    if abs(value) <= 1 or not _is_bare(text):
        return None
    return Doubt(f"`{text}` is {100 * value:.6g}% a year", PERCENT)


def _is_bare(value: Any) -> bool:
    """Whether a value is a text without a percent sign."""
    return isinstance(value, str) and not value.strip().endswith(PERCENT_SIGNS)


# the types that fields of several files have ---------------------------------------------------------

_NUMBER = r"\s*[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?\s*(%|bp)?\s*"

DAY = TextType(
    "bad-date", "thesis.core.period:parse_day", {"pattern": r"^\d{4}-\d{2}-\d{2}$", "format": "date"}
)
QUARTER = TextType("bad-period", "thesis.core.period:Quarter.parse", {"pattern": r"^\d{4}Q[1-4]$"})
SHARE = TextType("bad-share", "thesis.pack.scores:fraction", {"pattern": f"^{_NUMBER}$"})
PROBABILITY = TextType("bad-value", "thesis.pack.scores:fraction", {"pattern": f"^{_NUMBER}$"})
AMOUNT = TextType("bad-value", "thesis.pack.scores:parse_score", {"pattern": f"^{_NUMBER}$"})
EDGE = TextType("bad-bands", "thesis.pack.scores:parse_score", {"pattern": f"^{_NUMBER}$"})
SUSTAINED = TextType("bad-sustained", "thesis.pack.scores:sustained_quarters", {"pattern": r"^\d+ of \d+$"})
SCORE_RANGE = TextType(
    "bad-value", "thesis.pack.scores:score_range", {"pattern": rf"^{_NUMBER}(\.\.{_NUMBER})?$"}
)
UNIT = TextType("bad-unit", "thesis.language.units:read_unit", {"minLength": 1})
ASSUMED = TextType("bad-value", "thesis.facts.fact:assumed_range", {"minLength": 1})
SPLIT_RATIO = TextType("bad-value", "thesis.pack.share_basis:split_ratio", {"minLength": 1})

SIGN = NumberType("1 or -1", -1, 1)
DAYS = NumberType("0 to 3,660 days", 0, 3660)
FRACTION_RANGE = NumberType("0% to 100%", 0, 1, is_range=True)
FRACTION = NumberType("0% to 100%", 0, 1)
RATE = NumberType("a rate above 0%, of 100% at most", 0, 1, above=True)
CHANGE = NumberType("a rate above -100%, of 100% at most", -1, 1, above=True)
GROWTH = NumberType("growth above -100% a year, of 1000% at most", -1, 10, above=True, is_rate=True)
RETURN = NumberType("a return above 0%, of 1000% at most", 0, 10, above=True, is_rate=True)
RETURN_OR_NONE = RETURN._replace(besides=("none",))
MULTIPLE = NumberType("a multiple above 0, of 10000 at most", 0, 10_000, above=True)
MULTIPLE_RANGE = MULTIPLE._replace(is_range=True)
YEARS = NumberType("more than 0 years, 100 at most", 0, 100, above=True)
FORECAST_YEARS = NumberType("1 to 50 years", 1, 50)
SESSIONS = NumberType("1 to 250 sessions", 1, 250)
QUARTERS = NumberType("1 to 40 quarters", 1, 40)
VOLATILITY = NumberType("a volatility of 0% to 1000%", 0, 10)
CHANCE = NumberType("a probability from 0% to 100%", 0, 1)
PERCENT_EDGE = NumberType("growth a year in percent, above -100 and up to 1000", -100, 1000, above=True)
SHARE_IN_PERCENT = NumberType("a share in percent, 0 to 100", 0, 100)
SALES = NumberType("sales of 0 or more", 0)
DRAWS = NumberType("0 to 100,000 draws", 0, 100_000, code="wrong-value")
# below, some draws of weights come to nothing at all; above, they differ from the pack's by nothing
CONCENTRATION = NumberType("a concentration from 0.1 to 1,000,000", 0.1, 1e6, code="wrong-value")
