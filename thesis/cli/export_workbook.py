"""``thesis export workbook``."""

from __future__ import annotations

from datetime import date

import click

from thesis.cli.context import as_of_option, assess_on, load_pack, pack_argument, today, write_out
from thesis.cli.extras import require_modules
from thesis.cli.table_output import out_options


@click.command(
    "workbook",
    epilog="\b\nExamples:\n  thesis export workbook amzn-4t --as-of 2026-10-15 --out amzn-4t.xlsx\n\n"
    "Needs pip install 'thesis[xlsx]'.",
)
@pack_argument
@as_of_option
@out_options
def command(name: str | None, pack: str | None, as_of: date | None, out: str | None, force: bool) -> None:
    """Write a spreadsheet with the scorecard and the valuation as formulas, to be audited in Excel.

    From the facts with their filings over metrics, scores and kill criteria to the verdict, and from the
    beliefs to the market value on the target's day. What is blue was put in; all else follows from it.
    """
    if not out:
        raise click.UsageError("a spreadsheet is not text: name a file with --out")
    require_modules("a workbook", "xlsx", "XlsxWriter")
    from thesis.appraisal.appraise import appraise
    from thesis.pricing.priced_case import case_as_of
    from thesis.workbook import workbook

    opened, day = load_pack(pack, name), as_of or today()
    assessment = assess_on(opened, day)
    case = case_as_of(opened, day)
    write_out(workbook(case, assessment, appraise(case)), out, force=force)
