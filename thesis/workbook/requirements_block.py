"""What the target requires, by the date it is reached and the multiple paid then."""

from __future__ import annotations

from thesis.appraisal.target_requirements import (
    RequirementAtMultiple,
    RequirementByDate,
    TargetRequirements,
)
from thesis.core.interval import Interval
from thesis.pricing.model import ModelToday, enterprise_at, multiple_of
from thesis.valuation import required_ebit, required_margin
from thesis.workbook.assumptions_sheet import AssumptionsSheet
from thesis.workbook.corners import NAME, CornerRows
from thesis.workbook.interval_formulas import HIGH, LOW, EndFormulas
from thesis.workbook.spreadsheet import HEAD, HEAD_RIGHT, SECTION, CellStyle, WorkbookSheet

RATE, MULTIPLE = CellStyle(number="0.0%"), CellStyle(number='0.00"x"')
DATES = ("Day", "Years", "Share price, low", "high", "Market value growth a year, low", "high",
         "Price growth a year, low", "high")  # fmt: skip


class RequirementsBlock:
    """The tables of what the target needs, below the block of today."""

    def __init__(
        self, sheet: WorkbookSheet, block: CornerRows, drivers: AssumptionsSheet, needs: TargetRequirements
    ) -> None:
        self.sheet, self.block, self.drivers, self.needs = sheet, block, drivers, needs
        self.terms = drivers.terms

    def write(self, row: int) -> int:
        """Write both tables, and tell the next free row."""
        return self._multiples(self._dates(row))

    def _pair(
        self, row: int, column: int, ends: EndFormulas, value: Interval, style: CellStyle
    ) -> EndFormulas:
        cells = [
            self.sheet.formula(row, column + end, text, float(number), style).reference(NAME)
            for end, (text, number) in enumerate(((ends.lo, value.lo), (ends.hi, value.hi)))
        ]
        return EndFormulas(*cells)

    # by the day --------------------------------------------------------------------------------------

    def _dates(self, row: int) -> int:
        sheet = self.sheet
        sheet.text(
            row, 0, "The target by a day: the price then, and the growth a year that leads there", SECTION
        )
        sheet.text(row + 1, 0, DATES[0], HEAD)
        sheet.texts(row + 1, 1, DATES[1:], HEAD_RIGHT)
        for i, date in enumerate(self.needs.dates):
            self._date(row + 2 + i, date)
        return row + 2 + len(self.needs.dates) + 2

    def _date(self, row: int, date: RequirementByDate) -> None:
        goal, drift = self.terms.target, self.terms.drift
        self.sheet.text(row, 0, str(date.day), CellStyle(is_input=True))
        years = self.sheet.number(row, 1, date.years, CellStyle(number="0.00", is_input=True)).reference(NAME)
        shares, cap = self.block.ends("shares"), self.block.ends("cap")
        grown = f"(1+{drift})^{years}"
        known = f"AND({years}>=0,{shares.lo}>0)"
        price = EndFormulas(
            f"IF({known},{goal}/({shares.hi}*{grown}),{LOW})",
            f"IF({known},{goal}/({shares.lo}*{grown}),{HIGH})",
        )
        self._pair(row, 2, price, date.price, CellStyle(number="#,##0.00"))
        known = f"AND({years}>0,{cap.lo}>0)"
        rates = [f"({goal}/{end})^(1/{years})" for end in (cap.hi, cap.lo)]
        growth = EndFormulas(f"IF({known},{rates[0]}-1,{LOW})", f"IF({known},{rates[1]}-1,{HIGH})")
        self._pair(row, 4, growth, date.cap_cagr, RATE)
        dearer = EndFormulas(
            f"IF({known},{rates[0]}/(1+{drift})-1,{LOW})", f"IF({known},{rates[1]}/(1+{drift})-1,{HIGH})"
        )
        self._pair(row, 6, dearer, date.price_cagr, RATE)

    # by the multiple ---------------------------------------------------------------------------------

    def _multiples(self, row: int) -> int:
        sheet, needs, unit = self.sheet, self.needs, self.block.money.unit
        title = "The target at a multiple: the operating income it takes, its growth, and the margin"
        sheet.text(row, 0, title, SECTION)
        heads = [
            "",
            "Multiple, low",
            "high",
            f"Operating income, {unit}, low",
            "high",
            "Times today's, low",
            "high",
        ]
        for years in needs.horizons:
            heads += [f"Growth a year over {years:g} years, low", "high"]
        for rate in needs.sales_growth:
            heads += [f"Margin in {needs.margin_years:g} years, sales growing {rate:.1%} a year, low", "high"]
        sheet.text(row + 1, 0, heads[0], HEAD)
        sheet.texts(row + 1, 1, heads[1:], HEAD_RIGHT)
        for i, found in enumerate(needs.multiples):
            self._multiple(row + 2 + i, found)
        return row + 2 + len(needs.multiples) + 2

    def _multiple(self, row: int, found: RequirementAtMultiple) -> None:
        self.sheet.text(row, 0, "today's" if found.is_today else "")
        if found.is_today:
            self._pair(row, 1, self.block.ends("multiple"), found.multiple, MULTIPLE)
        else:
            for end in (0, 1):
                self.sheet.number(row, 1 + end, found.multiple.lo, MULTIPLE._replace(is_input=True))
        ebit, times, margins = self._today() if found.is_today else self._fixed(row, found)
        ebit = self._pair(row, 3, ebit, found.ebit, CellStyle(number=self.block.money.number))
        times = self._pair(row, 5, times, found.times, MULTIPLE)
        column = 7
        for years, value in zip(self.needs.horizons, found.cagr, strict=True):
            self._pair(row, column, _rooted(times, years), value, RATE)
            column += 2
        for ends, value in zip(margins, found.margins, strict=True):
            self._pair(row, column, ends, value, RATE)
            column += 2

    def _fixed(
        self, row: int, found: RequirementAtMultiple
    ) -> tuple[EndFormulas, EndFormulas, list[EndFormulas]]:
        """At a multiple that is written down every figure is monotone in what it is reckoned from."""
        paid, then = self.sheet.cell(row, 1).reference(NAME), self.block.ends("ev then")
        now, sales = self.block.ends("all ebit"), self.block.ends("all sales")
        known = f"{then.lo}>0"
        ebit = _if(known, f"{then.lo}/{paid}", f"{then.hi}/{paid}")
        times = _if(f"AND({known},{now.lo}>0)", f"{then.lo}/{paid}/{now.hi}", f"{then.hi}/{paid}/{now.lo}")
        margins = []
        for rate in self.needs.sales_growth:
            grown = f"(1+{rate:.15g})^{self.needs.margin_years:g}"
            low, high = f"{then.lo}/{paid}/({sales.hi}*{grown})", f"{then.hi}/{paid}/({sales.lo}*{grown})"
            margins.append(_if(f"AND({known},{sales.lo}>0)", low, high))
        return ebit, times, margins

    def _today(self) -> tuple[EndFormulas, EndFormulas, list[EndFormulas]]:
        """At today's multiple value and profit move together: reckoned at each corner, beside them."""
        margins = [self.block.ends(f"margin {i}") for i in range(len(self.needs.sales_growth))]
        return self.block.ends("ebit then"), self.block.ends("times"), margins

    def at_todays_multiple(self) -> None:
        """Write what the target takes at today's multiple, in each column of the block."""
        block, needs, target = self.block, self.needs, self.drivers.a.target
        multiple, then, ebit, sales = "multiple", "ev then", "all ebit", "all sales"

        def asked(today: ModelToday) -> float:
            value = required_ebit(enterprise_value=enterprise_at(today, target), multiple=multiple_of(today))
            return float(value)

        def needed(column: int) -> str:
            value, paid = block.at(then, column), block.at(multiple, column)
            return f"IF(AND({value}>0,{paid}>0,{paid}<1E+60),{value}/{paid},1E+100)"

        title = "Operating income for the target at today's multiple"
        block.row_of(
            "ebit then", title, CellStyle(number=block.money.number), block.money.unit, needed, asked
        )

        def times(column: int) -> str:
            income = block.at("ebit then", column)
            return f"IF({income}<1E+60,{income}/{block.at(ebit, column)},1E+100)"

        block.row_of("times", "in times of today's", MULTIPLE, "x", times, lambda t: asked(t) / float(t.ebit))
        for i, rate in enumerate(needs.sales_growth):

            def share(column: int, rate: float = rate) -> str:
                income, whole = block.at("ebit then", column), block.at(sales, column)
                grown = f"(1+{rate:.15g})^{needs.margin_years:g}"
                return f"IF(AND({income}<1E+60,{whole}>0),{income}/({whole}*{grown}),1E+100)"

            def margin(today: ModelToday, rate: float = rate) -> float:
                value = required_margin(
                    ebit=asked(today), sales=today.sales, growth=rate, years=needs.margin_years
                )
                return float(value)

            title = f"as a margin in {needs.margin_years:g} years, sales growing {rate:.1%} a year"
            block.row_of(f"margin {i}", title, RATE, "%", share, margin)


def _if(known: str, low: str, high: str) -> EndFormulas:
    return EndFormulas(f"IF({known},{low},{LOW})", f"IF({known},{high},{HIGH})")


def _rooted(times: EndFormulas, years: float) -> EndFormulas:
    """Growth a year that makes so many times today's."""
    known = f"AND({times.lo}>0,{times.hi}<1E+60)"
    return _if(known, f"{times.lo}^(1/{years:.15g})-1", f"{times.hi}^(1/{years:.15g})-1")
