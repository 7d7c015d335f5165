"""``thesis explain``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from thesis.cli.context import as_of_option, assess_on, emit_json, json_option, load_pack, pack_argument
from thesis.cli.typed_arguments import QuarterArgument, completing
from thesis.core.period import Quarter
from thesis.core.problem import did_you_mean

if TYPE_CHECKING:
    from thesis.pack.load import Pack
    from thesis.pack.schema.judgements import TriggerEvent
    from thesis.scoring.assessment import Assessment


def _events(pack: Pack, assessment: Assessment, rubric: str) -> list[TriggerEvent]:
    """What has happened up to the day that ends grades of a rubric."""
    day = str(assessment.as_of)
    return [event for event in pack.events if event.rubric == rubric and event.day <= day]


@click.command(
    "explain",
    epilog="\b\nExamples:\n"
    "  thesis explain margins --as-of 2026-10-15\n"
    "  thesis explain aws_growth\n"
    "  thesis explain K2\n"
    "  thesis explain verdict amzn-4t\n"
    "  thesis explain shipping_costs --quarter 2026Q1",
)
@click.argument("what", metavar="verdict|RULE|RUBRIC|METRIC|CONCEPT", shell_complete=completing("what"))
@pack_argument
@as_of_option
@json_option
@click.option(
    "--quarter", type=QuarterArgument(), metavar="QUARTER", help="For a metric or a concept: another quarter."
)
def command(
    what: str,
    name: str | None,
    pack: str | None,
    as_of: date | None,
    as_json: bool,
    quarter: Quarter | None,
) -> None:
    """Take a score or a figure apart, down to the filings it rests on."""
    from thesis.pricing.priced_case import case_as_of
    from thesis.reports import explanation
    from thesis.scoring.assessment import json_ready

    opened = load_pack(pack, name)
    assessment = assess_on(opened, as_of)
    found = assessment.finding(what) or next(
        (k for k in (*assessment.kill, *assessment.retired) if k.id == what), None
    )
    if what == "verdict" and not as_json:
        click.echo(explanation.explain_verdict(assessment, opened.thesis.verdict))
        return
    if what == "verdict":
        emit_json(assessment.verdict)
        return
    if what in opened.rubrics and found is None:
        rubric, grades = opened.rubrics[what], case_as_of(opened, assessment.as_of).grades(what)
        if as_json:
            emit_json({"rubric": rubric, "grades": grades})
        else:
            click.echo(explanation.explain_rubric(rubric, grades, _events(opened, assessment, what)))
        return
    if found is None and opened.shape(what) is None:
        known = [f.id for f in assessment.findings] + [k.id for k in (*assessment.kill, *assessment.retired)]
        hint = did_you_mean(
            what, ["verdict", *known, *opened.rubrics, *opened.metrics, *opened.values, *opened.concepts]
        )
        raise click.UsageError(
            f"there is no rule, metric or concept called `{what}`{f'; {hint}' if hint else ''}"
        )
    if found is None:
        case = case_as_of(opened, assessment.as_of)
        evidence = case.evidence(what, quarter or case.quarter)
        if as_json:
            emit_json(evidence)
        else:
            click.echo(explanation.explain_value(evidence, opened, case))
        return
    from thesis.reports.page_one import RECORD_QUARTERS
    from thesis.reports.track_record_report import rule_record_text
    from thesis.scoring.track_record import track_record

    record = track_record(opened, assessment.as_of, RECORD_QUARTERS)
    if as_json:
        emit_json({**json_ready(found), "record": record.criterion(what) or record.rule(what)})
    else:
        click.echo(explanation.explain_rule(found))
        click.echo("\n".join(f"  {line}" for line in rule_record_text(record, what)))
