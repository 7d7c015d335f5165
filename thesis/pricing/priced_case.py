"""Opens a pack as of a day, with what its valuation works out under the names ``value.*``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from thesis.case.case import Case
from thesis.core.interval import Interval
from thesis.core.period import Quarter
from thesis.language.evaluate import Supposition
from thesis.pack.load import Pack

if TYPE_CHECKING:
    from thesis.pricing.case_values import CaseValues


def case_as_of(
    pack: Pack,
    as_of: date,
    given: Mapping[str, Interval | Supposition] | None = None,
    *,
    assumptions: Mapping[str, float] | None = None,
    quarter: Quarter | None = None,
    clock: date | None = None,
    rules_day: date | None = None,
) -> Case:
    """The case of a pack on a day, whose rules may ask for ``value.*``.

    ``assumptions``: drivers of the valuation that a what-if sets. All else, and errors, as of ``Case``.
    """
    values = partial(_values_of, assumptions=dict(assumptions or {}))
    return Case(pack, as_of, given, quarter=quarter, clock=clock, rules_day=rules_day, values=values)


def _values_of(case: Case, assumptions: Mapping[str, float]) -> CaseValues:
    from thesis.pricing.case_values import CaseValues  # only where a value is asked for

    return CaseValues(case, assumptions)
