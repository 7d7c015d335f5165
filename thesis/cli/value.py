"""``thesis value``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from thesis.case.case import NothingKnown
from thesis.cli.context import (
    as_of_option,
    cache,
    emit_answer,
    json_option,
    locate_pack,
    pack_argument,
    today,
)
from thesis.cli.exit_codes import FINE, UNDETERMINED
from thesis.cli.output import plain_option, print_document
from thesis.cli.what_if_options import WhatIf, as_usage_error, set_option, what_if
from thesis.core.problem import InvalidInput, Problem
from thesis.pack.load import Pack
from thesis.workspace.open_pack import open_pack

if TYPE_CHECKING:
    from thesis.appraisal.appraise import Appraisal
    from thesis.case.case import Case
    from thesis.export.json_answers import ValuationAnswer

SECTIONS = ("bridge", "needs", "implied", "parts", "paths", "scenarios", "levers", "chance", "outside")


@click.command(
    "value",
    epilog="\b\nExamples:\n"
    "  thesis value amzn-4t --as-of 2026-10-15\n"
    "  thesis value --only needs --only scenarios\n"
    "  thesis value --only levers --set aws.growth=22% --set price=254.80\n\n"
    f"Sections: {', '.join(SECTIONS)}.\n\n"
    "Exit codes: 0 reckoned; 4 a figure to start from is not known, or the target's day is past.",
)
@pack_argument
@as_of_option
@json_option
@set_option
@click.option(
    "--only", type=click.Choice(SECTIONS), metavar="SECTION", multiple=True,
    help="Print this section. May be repeated.",
)  # fmt: skip
@plain_option
def command(
    name: str | None,
    pack: str | None,
    as_of: date | None,
    as_json: bool,
    changes: tuple[str, ...],
    only: tuple[str, ...],
    plain: bool,
) -> None:
    """What does the target take, and what does the price assume?

    Growth, margins and the multiple that the target needs, what today's price stands for, how it came
    about, where the scenarios end, and which belief decides. A second axis, netted into no score.
    """
    opened = with_valuation(pack, name)
    supposed = what_if(opened, changes, as_of or today())
    case, found = _appraised(opened, as_of or today(), supposed)
    if as_json:
        emit_answer("value", _summary(case, found, supposed))
    else:
        from thesis.reports.valuation import valuation_document

        print_document(
            valuation_document(case, found, only, {**supposed.given, **supposed.beliefs}), plain=plain
        )
    raise SystemExit(UNDETERMINED if found.missing else FINE)


def with_valuation(wanted: str | None, also: str | None = None) -> Pack:
    """The pack that was asked for, if it says what is believed. Errors: ``InvalidInput`` if it does not."""
    from thesis.workspace.scaffold import EXAMPLE

    folder = locate_pack(wanted, also)
    pack = open_pack(folder, today(), cache())
    if pack.valuation is None:
        shown = folder.shown + EXAMPLE
        is_there = (folder.path / EXAMPLE).is_file()
        start = f"`{shown}` is one to fill in" if is_there else "amzn-4t's is one to start from"
        hint = f"write down there what is believed; {start}, `thesis schema valuation.yaml` has the shape"
        raise InvalidInput([Problem("no-valuation", f"`{pack.thesis.id}` has no valuation.yaml", hint=hint)])
    return pack


def _appraised(pack: Pack, day: date, supposed: WhatIf) -> tuple[Case, Appraisal]:
    """The appraisal of a day; an answer with exit code 4 where there is nothing to reckon from or towards."""
    from thesis.appraisal.appraise import appraise
    from thesis.pricing.priced_case import case_as_of

    target = pack.thesis.target
    assert target  # lint saw to it
    if date.fromisoformat(target.by) <= day:
        click.echo(
            f"nothing to reckon: the target's day, {target.by}, is not after {day}; look from an earlier "
            "day with --as-of, or set a later `by` in thesis.yaml",
            err=True,
        )
        raise SystemExit(UNDETERMINED)
    try:
        with as_usage_error():
            case = case_as_of(pack, day, supposed.given, assumptions=supposed.beliefs)
        found = appraise(case, supposed.beliefs)
    except NothingKnown as error:
        click.echo(f"nothing to reckon from: {error}", err=True)
        raise SystemExit(UNDETERMINED) from None
    assert found
    return case, found


def _summary(case: Case, found: Appraisal, supposed: WhatIf) -> ValuationAnswer:
    """The appraisal as data, under what it is of."""
    from thesis.export.json_answers import ValuationAnswer
    from thesis.narrative.key_assumption_text import key_assumption

    return ValuationAnswer(
        pack=case.pack.thesis.id,
        title=case.pack.thesis.title,
        digest=case.pack.digest,
        as_of=case.as_of,
        quarter=case.quarter,
        filed=case.filed,
        what_if={**supposed.given, **supposed.beliefs},
        hindsight=case.as_of < found.written,
        is_passed=found.is_passed,
        deciding=key_assumption(found),
        appraisal=found,
    )
