"""``thesis forecast``: dated probabilities, and how they turned out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from thesis.case.case import NothingKnown
from thesis.cli.context import cache, locate_pack, pack_option, refuse_bundled, today
from thesis.cli.lazy_group import LazyGroup
from thesis.cli.prompts import Prompt, prompt_answers
from thesis.cli.typed_arguments import QuarterArgument, completing
from thesis.core.problem import InvalidInput, Problem

if TYPE_CHECKING:
    from thesis.pack.load import Pack

COMMANDS = {
    "resolve": "Settle a forecast that no figure settles, with evidence.",
    "list": "Every forecast, open or settled.",
}


class ForecastGroup(LazyGroup):
    """What is done with forecasts; alone, registering one."""

    known = COMMANDS
    modules = "thesis.cli.forecast_"
    otherwise = "`thesis forecast` with options registers one"


@click.group(
    "forecast",
    cls=ForecastGroup,
    invoke_without_command=True,
    subcommand_metavar="[COMMAND [ARGS]...]",
    epilog="\b\nExamples:\n"
    "  thesis forecast --id F1 --when 'aws_growth >= 25%' --p 60% --period 2026Q3 \\\n"
    "    --base-rate 14% --base-rate-source '6 of 42 quarters since 2016'\n"
    "  thesis forecast --id F2 --metric aws_growth --level 20% --p 90% --level 25% --p 60%\n"
    "  thesis forecast --id F3 --metric aws_margin --quantile 34% --quantile 36% --quantile 38%\n"
    "  thesis forecast --id F4 --verdict --p 1% --p 4% --p 30% --p 55% --p 10%\n"
    "  thesis forecast --id F5 --text 'AWS is designated a gatekeeper' --p 30% --period 2027Q2\n\n"
    "A condition alone is a yes-or-no forecast, a text alone one that people settle. Several levels are a "
    "ladder, with the chance that the metric reaches each; three quantiles (10, 50, 90%) are a range; "
    "--verdict gives one chance for each verdict, worst first, that the next review publishes it. What "
    "figures can settle settles by itself when those of its quarter arrive, and counts if a review that "
    "holds it was signed before. What one review forecasts of one figure counts as one.\n\n"
    "Exit codes: 0 written, or there already; 2 wrong usage; 3 a problem, and then nothing was written.",
)
@pack_option
@click.option("--id", "id", metavar="ID", help="What it goes by, for ever.")
@click.option("--text", metavar="TEXT", help="What is forecast, as a sentence. Default: made of the options.")
@click.option("--when", metavar="CONDITION", help="The condition, in the rule language.")
@click.option(
    "--metric",
    metavar="NAME",
    shell_complete=completing("metrics"),
    help="Of a ladder or of quantiles: the metric.",
)
@click.option("--p", "p", multiple=True, metavar="PROBABILITY", help="A probability; one for each level.")
@click.option("--level", "levels", multiple=True, metavar="VALUE", help="A rung of a ladder.")
@click.option("--quantile", "values", multiple=True, metavar="VALUE", help="The 10, 50 and 90% quantile.")
@click.option("--verdict", is_flag=True, help="Of the verdict that the review of the quarter publishes.")
@click.option(
    "--period",
    type=QuarterArgument(),
    shell_complete=completing("quarters to come"),
    metavar="QUARTER",
    help="The quarter that settles it. Default: the next one.",
)
@click.option("--base-rate", default="", metavar="SHARE", help="How often it came true before.")
@click.option("--base-rate-source", default="", metavar="TEXT", help="Counted over what.")
@click.option("--cluster", default="", metavar="NAME", help="What it hangs together with.")
@click.option("--supersedes", default="", metavar="ID", help="The earlier forecast that it updates.")
@click.option("--by", metavar="NAME", help="Who forecasts. Default: THESIS_ANALYST, or the settings.")
@click.pass_context
def command(ctx: click.Context, /, pack: str | None, verdict: bool, **given: Any) -> None:
    """Register a dated probability of something that a filing will settle."""
    if ctx.invoked_subcommand:
        if pack or verdict or any(given.values()):
            raise click.UsageError(f"options go behind `{ctx.invoked_subcommand}`")
        return
    from thesis.cli.config import analyst
    from thesis.cli.file_entries import add_entry
    from thesis.pack.folder import FORECASTS
    from thesis.workspace.open_pack import open_pack

    folder = locate_pack(pack)
    refuse_bundled(folder, pack)
    opened = open_pack(folder, today(), cache())
    kind = _kind(given, verdict=verdict)
    if kind == "verdict" and not given["levels"]:
        given["levels"] = tuple(opened.thesis.verdict.levels)
    asks = [Prompt("id", "what it goes by"), Prompt("by", "who forecasts")]
    said = prompt_answers(asks, {**given, "by": given["by"] or analyst()})
    period = str(given["period"] or _next_quarter(opened))
    given = _as_files_have_it(given, opened)
    item = {
        "id": said["id"],
        "text": given["text"] or _text(kind, given, period),
        "kind": kind,
        "by": said["by"],
        "made": str(today()),
        "period": period,
        "when": given["when"] or "",
        "metric": given["metric"] or "",
        "p": list(given["p"]),
        "levels": list(given["levels"]),
        "values": list(given["values"]),
        "base_rate": given["base_rate"],
        "base_rate_source": given["base_rate_source"],
        "cluster": given["cluster"],
        "supersedes": given["supersedes"],
    }
    _refuse_public_quarter(opened, period)
    add_entry(folder, FORECASTS, "forecasts", item, about=("id",), aside=("made",))
    _doubt(opened, given)
    is_by_hand = kind == "binary" and not given["when"]
    by = "by hand, with evidence" if is_by_hand else f"by the figures of {period}"
    public = "it is settled" if is_by_hand else "those figures are public"
    click.echo(f"{said['id']}: {item['text']}; settled {by}")
    click.echo(f"it counts once a review that holds it is signed, before {public}", err=True)


def _as_files_have_it(given: dict[str, Any], opened: Pack) -> dict[str, Any]:
    """The numbers of a forecast in the notation of packs. Errors: usage, with all that are none."""
    from thesis.core.number_text import read_number

    unit = opened.unit_of(given["metric"] or "")
    found, wrong = dict(given), []
    for option, key, one in (
        ("--p", "p", "ratio"), ("--level", "levels", unit), ("--quantile", "values", unit),
        ("--base-rate", "base_rate", "ratio"),
    ):  # fmt: skip
        texts = [given[key]] if key == "base_rate" else given[key]
        read = []
        for text in texts if key != "levels" or given["metric"] else ():
            try:
                read.append(str(read_number(text, one)) if text else "")
            except ValueError as error:
                wrong.append(f"{option}: {error}")
        if read:
            found[key] = read[0] if key == "base_rate" else tuple(read)
    if wrong:
        raise click.UsageError("\n".join(wrong))
    return found


def _refuse_public_quarter(opened: Pack, period: str) -> None:
    """Errors: ``InvalidInput`` for a quarter whose figures are public: no forecast of the past is taken."""
    from thesis.pricing.priced_case import case_as_of

    filed = {str(quarter): day for quarter, day in case_as_of(opened, today()).first_filed.items()}
    if period in filed:
        message = f"--period: the figures of {period} are public since {filed[period]}; nothing was written"
        hint = f"a forecast is made before its quarter is filed: name {_next_quarter(opened)} or a later one"
        raise InvalidInput([Problem("too-late", message, hint=hint)])


def _doubt(pack: Pack, given: dict[str, Any]) -> None:
    """Tell what is hardly meant of the numbers of a forecast."""
    from thesis.case.magnitudes import Magnitudes
    from thesis.cli.number_doubts import print_doubts
    from thesis.language.syntax import parse, parse_number
    from thesis.pricing.priced_case import case_as_of

    judge = Magnitudes(case_as_of(pack, today()))
    if given["when"]:
        print_doubts(("--when", found.doubt) for found in judge.in_expression(parse(given["when"])))
    for option, key in (("--level", "levels"), ("--quantile", "values")):
        if given["metric"] and given[key]:
            print_doubts([(option, judge.of_numbers(given["metric"], list(map(parse_number, given[key]))))])


def _kind(given: dict[str, Any], *, verdict: bool) -> str:
    """The kind that the options make. Errors: usage, where they make none."""
    kinds = {
        "verdict": verdict,
        "quantiles": bool(given["values"]),
        "ladder": bool(given["levels"]) and not verdict,
        "binary": bool(given["when"]) or _is_for_people(given, verdict=verdict),
    }
    found = [kind for kind, is_it in kinds.items() if is_it]
    if len(found) != 1:
        raise click.UsageError(
            "expected one of --when CONDITION, --metric with --level and --p, --metric with three "
            f"--quantile, or --verdict; found {' and '.join(found) or 'none'}"
        )
    if found[0] in ("ladder", "quantiles") and not given["metric"]:
        raise click.UsageError("missing: --metric")
    return found[0]


def _is_for_people(given: dict[str, Any], *, verdict: bool) -> bool:
    """Whether a text and a probability stand alone: somebody will settle it, with evidence."""
    others = (given["when"], given["metric"], given["levels"], given["values"], verdict)
    return bool(given["text"] and given["p"]) and not any(others)


def _next_quarter(pack: Pack) -> str:
    from thesis.pricing.priced_case import case_as_of

    try:
        return str(case_as_of(pack, today()).quarter + 1)
    except NothingKnown:
        raise click.UsageError("missing: --period, for nothing was filed yet") from None


def _text(kind: str, given: dict[str, Any], period: str) -> str:
    if kind == "binary":
        return f"{given['when']} in {period}"
    if kind == "verdict":
        return f"the verdict that the review of {period} publishes"
    return f"{given['metric']} in {period}"
