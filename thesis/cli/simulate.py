"""``thesis simulate``."""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn, Self

import click

from thesis.case.case import NothingKnown
from thesis.cli.context import as_of_option, emit_answer, json_option, pack_argument, today
from thesis.cli.exit_codes import UNDETERMINED
from thesis.cli.extras import require_modules
from thesis.cli.output import unguarded
from thesis.cli.typed_arguments import CountArgument
from thesis.cli.value import with_valuation
from thesis.cli.what_if_options import WhatIf, as_usage_error, set_option, what_if
from thesis.core.problem import InvalidInput, Problem

if TYPE_CHECKING:
    from thesis.appraisal.simulation.target_chances import SimulationOptions, TargetSimulation
    from thesis.export.json_answers import SimulationAnswer
    from thesis.pack.load import Pack
    from thesis.pricing.inputs import PricingInputs

DRAWS, SEED = 400_000, 20261122
MOST_DRAWS, MOST_THREADS = 100_000_000, 64
THREADS = min(8, os.cpu_count() or 1)
SOON = 1.0  # seconds, before which nobody needs to be told that something is going on


def usual_draws() -> SimulationOptions:
    """The draws that are made when nothing else is said. Errors: usage, without numpy."""
    require_numpy()
    from thesis.appraisal.simulation.target_chances import SimulationOptions

    return SimulationOptions(DRAWS, SEED, THREADS)


@click.command(
    "simulate",
    epilog="\b\nExamples:\n  thesis simulate\n  thesis simulate --draws 1000000 --set aws.growth=22%\n\n"
    "The answer depends on the draws and the seed, and not on the number of threads. Exit codes: 0 fine; "
    "4 figures to start from are not known, or the target's day has passed.",
)
@pack_argument
@as_of_option
@json_option
@set_option
@click.option(
    "--draws", type=CountArgument(2, MOST_DRAWS), default=DRAWS, show_default=True, help="How many."
)
@click.option("--seed", type=CountArgument(0), default=SEED, show_default=True, help="Of the random numbers.")
@click.option(
    "--threads",
    type=CountArgument(1, MOST_THREADS),
    default=THREADS,
    help="Default: one for each processor, eight at most.",
)
def command(
    name: str | None,
    pack: str | None,
    as_of: date | None,
    as_json: bool,
    changes: tuple[str, ...],
    draws: int,
    seed: int,
    threads: int,
) -> None:
    """Chances of the target under the pack's beliefs, by drawing from them."""
    require_numpy()
    opened = with_valuation(pack, name)
    supposed = what_if(opened, changes, as_of or today())
    setting = _setting(opened, as_of or today(), supposed)
    from thesis.appraisal.simulation.target_chances import SimulationOptions

    with _Bar() as bar:
        found = _found(opened, setting, SimulationOptions(draws, seed, threads, bar.show), supposed)
    if as_json:
        emit_answer("simulation", _summary(opened, supposed, found))
        return
    from thesis.cli.output import print_document
    from thesis.reports.simulation_report import simulation_document

    print_document(simulation_document(found, opened, supposed.given, asked=draws))


def require_numpy() -> None:
    """Errors: ``ExtraMissing``, where the extra is not there."""
    require_modules("simulating", "simulate", "numpy")


def _summary(pack: Pack, supposed: WhatIf, found: TargetSimulation) -> SimulationAnswer:
    """The chances as data, under what they are of."""
    from thesis.export.json_answers import SimulationAnswer

    return SimulationAnswer(
        pack=pack.thesis.id,
        title=pack.thesis.title,
        digest=pack.digest,
        what_if={**supposed.given, **supposed.beliefs},
        event=pack.valuation.event if pack.valuation else None,
        simulated=found,
    )


def _setting(pack: Pack, day: date, supposed: WhatIf) -> PricingInputs:
    """Where the draws start from. Leaves with 4 where that is not known, or all is over."""
    from thesis.pricing.inputs import pricing_inputs
    from thesis.pricing.priced_case import case_as_of
    from thesis.pricing.starting_values import UnknownInputs

    target, valuation = pack.thesis.target, pack.valuation
    assert valuation
    assert target
    if target.by <= str(day):
        _leave(
            f"the target's day, {target.by}, is not after {day}; look from an earlier day with --as-of, "
            "or set a later `by` in thesis.yaml"
        )
    try:
        with as_usage_error():
            case = case_as_of(pack, day, supposed.given)
        return pricing_inputs(case, valuation, supposed.beliefs)
    except UnknownInputs as unknown:
        periods = ", ".join(dict.fromkeys(each.period for each in unknown.missing))
        _leave(f"{unknown.reason} ({periods})")
    except NothingKnown as error:
        _leave(str(error))
    except ArithmeticError:
        _leave("today's figures leave a segment, or the whole, without sales or profit to reckon from")


def _leave(why: str) -> NoReturn:
    click.echo(f"nothing to simulate: {why}", err=True)
    raise SystemExit(UNDETERMINED)


def _found(
    pack: Pack, setting: PricingInputs, options: SimulationOptions, supposed: WhatIf
) -> TargetSimulation:
    """The chances.

    Errors: usage for what a what-if cannot be, ``InvalidInput`` for what lint has not seen.
    """
    from thesis.appraisal.simulation.distributions import UnfitDistribution
    from thesis.appraisal.simulation.target_chances import simulate_target
    from thesis.pack.correlations import NotPositiveDefinite

    try:
        return simulate_target(setting, options)
    except NotPositiveDefinite as error:
        raise InvalidInput([Problem("not-positive-definite", str(error))]) from None
    except UnfitDistribution as unfit:
        told = [f"`{each.driver}`: {each.message}" for each in unfit.faults]
        if any(each.driver in supposed.beliefs for each in unfit.faults):
            raise click.UsageError("--set: " + "\n       ".join(told)) from None
        raise InvalidInput([Problem("bad-value", message) for message in told]) from None
    except ValueError as error:
        _leave(str(error))


class _Bar:
    """A bar on standard error, where somebody looks at it and has waited for a second."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._since = time.monotonic()
        self._shown = 0

    def __enter__(self) -> Self:
        return self

    def show(self, part: float) -> None:
        if self._bar is None:
            if time.monotonic() - self._since < SOON or not sys.stderr.isatty():
                return
            self._bar = click.progressbar(length=1000, label="drawing", file=unguarded(sys.stderr))
            self._bar.__enter__()
        done = int(1000 * part)
        self._bar.update(done - self._shown)
        self._shown = done

    def __exit__(self, *left: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
