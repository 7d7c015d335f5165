"""``thesis judge``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from thesis.case.case import NothingKnown
from thesis.cli.context import DayArgument, cache, entry_day, locate_pack, pack_option, refuse_bundled, today
from thesis.cli.prompts import Prompt, plain_words, prompt_answers
from thesis.cli.typed_arguments import QuarterArgument, completing
from thesis.core.problem import did_you_mean

if TYPE_CHECKING:
    from thesis.pack.load import Pack
    from thesis.pack.schema.judgements import Rubric
    from thesis.pack.schema.thesis import Measure


@click.command(
    "judge",
    epilog="\b\nExamples:\n"
    "  thesis judge J5 --level 3 --evidence 'Capacity holds sales back.' --source 'call of 2026-10-29'\n"
    "  thesis judge automation                 asks for what is missing\n"
    "  thesis judge J-R4 --event 'The FTC and 22 states sue.' --source ftc.gov --graded 2026-08-31\n\n"
    "Rows are added, never changed: a new grade of the same analyst takes the place of the old one, grades "
    "of two analysts on one quarter make a range. An event ends every grade given before its day.\n\n"
    "Exit codes: 0 written, or there already; 2 wrong usage; 3 a problem, and then nothing was written.",
)
@click.argument("rule", metavar="RUBRIC|RULE", shell_complete=completing("graded"))
@pack_option
@click.option(
    "--level",
    metavar="LEVEL",
    shell_complete=completing("grades"),
    help="A level of the rubric, or a span as in 2..3.",
)
@click.option("--evidence", metavar="TEXT", help="What it rests on.")
@click.option("--source", metavar="TEXT", help="Where that can be read.")
@click.option("--url", default="", metavar="ADDRESS", help="Its address on the web.")
@click.option("--by", metavar="NAME", help="Who judges. Default: THESIS_ANALYST, or the settings.")
@click.option(
    "--graded", type=DayArgument(), metavar="DATE", help="The day from which on it counts. Default: today."
)
@click.option(
    "--period",
    type=QuarterArgument(),
    metavar="QUARTER",
    help="The quarter it is about. Default: the one under review.",
)
@click.option(
    "--until",
    type=DayArgument(),
    metavar="DATE",
    help="The last day on which it counts, if sooner than usual.",
)
@click.option("--event", metavar="TEXT", help="Something happened that ends the grades given before.")
def command(
    rule: str, pack: str | None, graded: date | None, until: date | None, url: str, **given: Any
) -> None:
    """Grade a rubric with evidence, or say that something happened that ends its grades."""
    from thesis.cli.config import analyst
    from thesis.cli.file_entries import add_entry
    from thesis.pack.folder import JUDGEMENTS
    from thesis.pricing.priced_case import case_as_of
    from thesis.workspace.open_pack import open_pack

    folder = locate_pack(pack)
    refuse_bundled(folder, pack)
    opened = open_pack(folder, today(), cache())
    rubric = _rubric(opened, rule)
    day = graded or today()
    if given["event"]:
        _refuse_with_event(given["level"], given["evidence"], until)
        said = prompt_answers(
            [Prompt("event", "what happened"), Prompt("source", "where it can be read")], given
        )
        item = {"rubric": rubric.id, "day": str(day), "what": said["event"], "source": said["source"]}
        add_entry(folder, JUDGEMENTS, "events", item, {"day": "graded"}, about=("rubric", "day"))
        click.echo(f"{rubric.id}: grades given before {day} count no more; {folder.shown}{JUDGEMENTS}")
        return
    asks = [
        Prompt("level", _question(rubric), _level(rubric)),
        Prompt("evidence", "evidence"),
        Prompt("source", "where that can be read"),
        Prompt("by", "judged by"),
        Prompt("period", "quarter", _quarter, _newest(opened, day)),
    ]
    said = prompt_answers(asks, {**given, "by": given["by"] or analyst()})
    item = {
        "rubric": rubric.id,
        "level": said["level"],
        "period": str(said["period"] or ""),
        "graded": str(day),
        "until": str(until or ""),
        "by": said["by"],
        "evidence": said["evidence"],
        "source": said["source"],
        "url": _address(url),
        "entered": entry_day(day),
    }
    now = add_entry(folder, JUDGEMENTS, "grades", item, about=("rubric", "by")).pack
    case = case_as_of(now, today())
    given_now = [grade for grade in now.grades if (grade.rubric, grade.by) == (rubric.id, said["by"])][-1]
    until = case.counts_until(given_now)
    ended = " (no more)" if until < today() else ""
    click.echo(f"{rubric.id}: level {said['level']} of {len(rubric.levels) - 1}, until {until}{ended}")
    in_force = case.grades(rubric.id)
    others = [f"{g.level} by {g.by} on {g.graded} for {g.period}" for g in in_force if g is not given_now]
    if given_now not in in_force:
        click.echo(f"  it has no say: level {' and '.join(others)} is newer")
    elif others:
        range_ = ": together they make a range" if len({g.level for g in in_force}) > 1 else ""
        click.echo(f"  beside level {' and '.join(others)}{range_}")


def _address(text: str) -> str:
    """An address on the web, or nothing. Errors: usage."""
    from thesis.sources.importing.by_hand import parse_address

    try:
        return parse_address(text) if text.strip() else ""
    except ValueError as error:
        raise click.UsageError(f"--url: {error}") from None


def _refuse_with_event(level: str | None, evidence: str | None, until: date | None) -> None:
    extra = [name for name, value in (("level", level), ("evidence", evidence), ("until", until)) if value]
    if extra:
        told = " and ".join(f"--{name}" for name in extra)
        raise click.UsageError(f"an event has no {told}: grade again in a second step")


def _rubric(pack: Pack, name: str) -> Rubric:
    """A rubric by its id, or the one that a rule is judged by. Errors: usage."""
    if name in pack.rubrics:
        return pack.rubrics[name]
    thesis = pack.thesis
    rule = next((r for r in (*thesis.conditions, *thesis.risks) if r.id == name), None)
    kill = next((k for k in thesis.kill if k.id == name), None)
    found = _judged_by(rule.measures) if rule else [kill.judgement] if kill and kill.judgement else []
    if len(found) == 1:
        return pack.rubrics[found[0]]
    if found:
        raise click.UsageError(f"`{name}` is judged by {', '.join(found)}: name one")
    if rule or kill:
        raise click.UsageError(f"`{name}` is measured, not judged")
    hint = did_you_mean(name, pack.rubrics) or f"there are {', '.join(pack.rubrics) or 'none'}"
    raise click.UsageError(f"there is no rubric called `{name}`; {hint}")


def _judged_by(measures: Any) -> list[str]:
    found: list[str] = []
    measure: Measure
    for measure in measures:
        found += [measure.judgement] if measure.judgement else _judged_by(measure.measures)
    return found


def _question(rubric: Rubric) -> str:
    listed = "\n".join(f"  {i}  {text}" for i, text in enumerate(rubric.levels))
    return f"{rubric.asks}\n{listed}\nlevel"


def _level(rubric: Rubric) -> Any:
    from thesis.pack.scores import grade_problem

    def read(text: str) -> str:
        wrong = grade_problem(text.strip(), len(rubric.levels) - 1)
        if wrong:
            raise ValueError(wrong)
        return text.strip()

    return read


def _quarter(text: str) -> str:
    from thesis.core.period import read_quarter

    return str(read_quarter(plain_words(text)))


def _newest(pack: Pack, day: date) -> str:
    """The quarter under review on the day from which the grade counts."""
    from thesis.pricing.priced_case import case_as_of

    try:
        return str(case_as_of(pack, day).quarter)
    except NothingKnown:
        return ""
