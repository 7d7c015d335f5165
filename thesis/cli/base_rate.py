"""``thesis base-rate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from thesis.cli.context import emit_json, json_option, pack_option
from thesis.cli.exit_codes import FINE, UNDETERMINED
from thesis.cli.typed_arguments import CountArgument, NumberArgument
from thesis.cli.value import with_valuation
from thesis.core.problem import InvalidInput, Problem
from thesis.pack.assumptions import NOMINAL, price_factor, single_number

if TYPE_CHECKING:
    from thesis.pack.load import Pack
    from thesis.pack.schema.valuation import BaseRateTable, OwnViewWeight

FASTEST = 1.0  # a year; more is a percent sign left out


SALES = NumberArgument("amount", lambda x: x > 0, "sales above 0 like 776bn")
GROWTH = NumberArgument(
    "rate", lambda x: -1 < x <= FASTEST, "growth a year like 11%, above -100% and up to 100%", "ratio"
)


@click.command(
    "base-rate",
    epilog="\b\nExamples:\n"
    "  thesis base-rate --sales 776e9 --growth 11% --years 5\n"
    "  thesis base-rate -p mine --sales 2e9 --growth 20% --years 3\n\n"
    "Exit codes: 0 the pack has such a table; 4 only one of other years or of larger companies.",
)
@pack_option
@click.option(
    "--sales", type=SALES, metavar="AMOUNT", required=True, help="Sales a year to start from: 776bn."
)
@click.option(
    "--growth", type=GROWTH, metavar="RATE", required=True, help="Growth a year, with inflation: 11%."
)
@click.option("--years", type=CountArgument(1, 50), required=True, help="For how many years.")
@json_option
def command(pack: str | None, sales: float, growth: float, years: int, as_json: bool) -> None:
    """How many companies of a size have grown so fast for so long?

    From the tables of base rates in a pack's valuation.yaml, which say what they count and who did.
    """
    from thesis.appraisal.outside_view import share_reaching, shrink_to_base_rate

    opened = with_valuation(pack)
    rates = nearest_base_rate(opened, sales, years)
    doubts = _doubts(rates, sales, years)
    share = share_reaching(rates, growth)
    prior = _prior(opened, rates)
    drawn = shrink_to_base_rate(rates, prior, growth) if prior else None
    if as_json:
        emit_json(
            {
                "asked": {"sales": sales, "growth": growth, "years": years},
                "share": share,
                "real_growth": growth - single_number(rates.inflation),
                "shrunk": drawn,
                "weight": single_number(prior.weight) if prior else None,
                "doubts": doubts,
                "table": rates,
            }
        )
    else:
        from thesis.reports.valuation.base_rate_section import base_rate_section

        click.echo(base_rate_section(rates, growth, share, doubts, prior, drawn), nl=False)
    raise SystemExit(UNDETERMINED if doubts else FINE)


def nearest_base_rate(pack: Pack, sales: float, years: int) -> BaseRateTable:
    """The pack's table of such companies over such a time, or what comes nearest.

    First the size counts, in the table's money where the pack says what that is today, then the years: of the
    tables whose companies are no larger, those of the nearest years, and of these the one of the largest
    companies. Errors: ``InvalidInput`` where there is none.
    """
    assert pack.valuation
    tables = list(pack.valuation.base_rates)
    if not tables:
        hint = "add one to valuation.yaml under base_rates: edges, shares, years, deflator, source"
        raise InvalidInput(
            [Problem("no-base-rates", f"`{pack.thesis.id}` has no table of base rates", hint=hint)]
        )
    fitting = [rates for rates in tables if rates.sales_from <= sales * (price_factor(rates) or 1.0)]
    if not fitting:
        return min(tables, key=lambda rates: (rates.sales_from, abs(rates.years - years)))
    return min(fitting, key=lambda rates: (abs(rates.years - years), -rates.sales_from))


def _doubts(rates: BaseRateTable, sales: float, years: int) -> list[str]:
    """Why the table is not the one that was asked for."""
    found = []
    if rates.years != years:
        found.append(f"there is no table over {years} years; this is the nearest, over {rates.years}")
    factor = price_factor(rates)
    if factor is None:
        found.append(
            f"its sizes are in {rates.deflator}, and no `price_index` of the table says what {sales:,.0f} of "
            "today are in these"
        )
    elif rates.sales_from > sales * factor:
        today = f", {sales * factor:,.0f} in {rates.deflator}," if rates.deflator != NOMINAL else ""
        found.append(
            f"it counts companies with sales above {rates.sales_from:,.0f} only; smaller ones grow faster, "
            f"and of those with {sales:,.0f}{today} nothing is known"
        )
    return found


def _prior(pack: Pack, rates: BaseRateTable) -> OwnViewWeight | None:
    assert pack.valuation
    return next((prior for prior in pack.valuation.priors if prior.table == rates.id), None)
