"""The sections of pages written by hand that the program fills in, by the name between their marks."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping

from scripts.docs.markdown import fenced, table
from scripts.readme import functions_table
from thesis.interval import point
from thesis.language import syntax
from thesis.scoring import POWERS, power_mean
from thesis.words import score


def grammar() -> str:
    """The forms of an expression, as the parser's own module states them."""
    words = inspect.cleandoc(syntax.__doc__ or "").split("\n\n")
    return fenced(inspect.cleandoc(f"\n{words[1]}"))


def power_means() -> str:
    """What each way of combining makes of five scores, with every engine running and with one dead."""
    running, weights = [0.80, 0.50, 0.80, 0.70, 0.73], [25, 20, 15, 15, 25]
    dead = [0.05 if each == 0.50 else each for each in running]
    rows = [
        [f"`{how}`", *(score(point(power_mean(each, weights, POWERS[how], 0.05))) for each in (running, dead))]
        for how in ("min", "harmonic", "geometric", "mean", "max")
    ]
    return table(["combine", ".80 .50 .80 .70 .73", ".80 **.05** .80 .70 .73"], rows)


SECTIONS: Mapping[str, Callable[[], str]] = {
    "functions": functions_table,
    "grammar": grammar,
    "power-means": power_means,
}
