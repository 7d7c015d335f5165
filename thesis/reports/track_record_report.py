"""The track record as blocks: what was said of each quarter, and what the price did after."""

from __future__ import annotations

from collections.abc import Sequence

from thesis.core import formatting
from thesis.core.interval import Interval
from thesis.core.period import Quarter
from thesis.document.blocks import RIGHT, Block, Bullets, Column, Document, Line, Paragraph, Table, table_of
from thesis.document.inline import Text, strong
from thesis.scoring.track_record import (
    KNOWN,
    CriterionRecord,
    HoldingPeriod,
    OutcomeSummary,
    PriceOutcome,
    RecordLine,
    RuleRecord,
    TrackRecord,
)

WIDTH = 110  # columns of the command's answer


def record_document(record: TrackRecord) -> Document:
    """The whole record for the terminal."""
    return Document(WIDTH, tuple(record_blocks(record)) or (Paragraph("nothing was filed by then"),))


def record_blocks(record: TrackRecord) -> list[Block]:
    """The record, table by table, and what it does not prove; nothing where no quarter is known."""
    if not record.lines:
        return []
    after = f"{record.after} quarters after"
    tables = {
        "What was said, and what the price did": _line_table(record),
        "The price while the same was said": _period_table(record),
        f"The price {after}, by rating": _rating_table(record),
        f"The mean price {after}, by rule": _rule_table(record),
        f"Kill criteria, against a price lower by {_fall(record)} after {record.after} quarters": (
            _criterion_table(record)
        ),
    }
    shown = [
        block
        for label, table in tables.items()
        for block in (Line(), Paragraph((strong(f"{label}."),)), table)
    ]
    return [Paragraph(_about(record)), *shown, Line(), Bullets(tuple(caveats(record)))]


def _about(record: TrackRecord) -> tuple[Text, ...]:
    lines, tests = len(record.lines), record.backtests
    told = (
        "What the rules say of each quarter on what was filed by the day of its report, and what the share "
    )
    told += "did from the first close after it."
    if not tests:
        return (told,)
    of = "every quarter" if tests == lines else f"{tests} of {lines} quarters"
    written = (
        f"the rules were written on {record.written}, later than these"
        if record.written
        else ("the thesis does not say when its rules were written")
    )
    return (f"{told} ", strong("BACKTEST"), f" in {of}: {written}.")


# quarter by quarter ------------------------------------------------------------------------------


def _line_table(record: TrackRecord) -> Table:
    horizons = [outcome.quarters for outcome in record.lines[0].outcomes]
    columns = (
        Column[RecordLine]("quarter", lambda line: str(line.quarter), is_head=True),
        Column[RecordLine]("as of", lambda line: str(line.as_of)),
        Column[RecordLine]("rating", _said, is_head=True),
        Column[RecordLine]("close after", lambda line: str(line.start.day) if line.start else "none"),
        *(_after_column(quarters) for quarters in horizons),
        Column[RecordLine]("to date", lambda line: outcome_text(line.to_date), align=RIGHT),
        Column[RecordLine](
            "", lambda line: "BACKTEST" if line.is_backtest else "signed" if line.signed else ""
        ),
    )
    return table_of(
        columns,
        record.lines,
        caption="What was said, and what the price did",
        kind="long",
        is_captioned=False,
    )


def _after_column(quarters: int) -> Column[RecordLine]:
    return Column(f"+{quarters}Q", lambda line: outcome_text(line.after(quarters)), align=RIGHT)


def _said(line: RecordLine) -> str:
    return f"{line.said} (signed {line.signed})" if line.signed and line.signed != line.said else line.said


def outcome_text(outcome: PriceOutcome) -> str:
    """``+12%``, or why there is none: ``not yet``, ``no price``."""
    return change_text(outcome.change) if outcome.status == KNOWN else outcome.status


def change_text(change: Interval) -> str:
    """A change of the price in whole percent, with its sign; ``unknown`` where it is not known."""
    if change.is_anything:
        return formatting.UNKNOWN_TEXT
    ends = [f"{round(100 * end) + 0:+d}%" for end in change.ends]
    return ends[0] if ends[0] == ends[1] else "..".join(ends)


# together ----------------------------------------------------------------------------------------


def _period_table(record: TrackRecord) -> Table:
    columns = (
        Column[HoldingPeriod]("rating", lambda each: each.said, is_head=True),
        Column[HoldingPeriod]("quarters", lambda each: str(each.quarters), align=RIGHT),
        Column[HoldingPeriod]("held from", lambda each: str(each.since or "no price")),
        Column[HoldingPeriod]("to", lambda each: str(each.until or "no price")),
        Column[HoldingPeriod]("price", lambda each: change_text(each.change), align=RIGHT),
    )
    return table_of(columns, record.periods, caption="The price while the same was said", is_captioned=False)


Summary = tuple[str, OutcomeSummary]


def _rating_table(record: TrackRecord) -> Table:
    rows: list[Summary] = [*record.ratings, ("every quarter", record.every)]
    columns = (
        Column[Summary]("rating", lambda each: each[0], is_head=True),
        Column[Summary]("quarters", lambda each: str(each[1].quarters), align=RIGHT),
        Column[Summary]("outcome known", lambda each: str(each[1].known), align=RIGHT),
        Column[Summary](f"mean after {record.after}Q", lambda each: _mean(each[1]), align=RIGHT),
        Column[Summary]("from worst to best", lambda each: _span(each[1]), align=RIGHT),
    )
    return table_of(columns, rows, caption="The price afterwards, by rating", is_captioned=False)


def _mean(summary: OutcomeSummary) -> str:
    return change_text(summary.mean) if summary.known else "none"


def _span(summary: OutcomeSummary) -> str:
    if not summary.known:
        return ""
    return f"{change_text(Interval(summary.span.lo, summary.span.lo))} to {change_text(_top(summary))}"


def _top(summary: OutcomeSummary) -> Interval:
    return Interval(summary.span.hi, summary.span.hi)


def _rule_table(record: TrackRecord) -> Table:
    columns = (
        Column[RuleRecord]("rule", lambda each: each.name, is_head=True),
        Column[RuleRecord]("good side", lambda each: _sides(each)[0]),
        Column[RuleRecord]("mean, good", lambda each: _mean(each.good), align=RIGHT),
        Column[RuleRecord]("bad side", lambda each: _sides(each)[1]),
        Column[RuleRecord]("mean, bad", lambda each: _mean(each.bad), align=RIGHT),
        Column[RuleRecord]("undecided", lambda each: str(each.undecided), align=RIGHT),
    )
    return table_of(
        columns,
        record.rules,
        caption="The mean price afterwards, by rule",
        is_captioned=False,
    )


def _sides(record: RuleRecord) -> tuple[str, str]:
    """How many quarters lie on each side, and of how many the outcome is known."""
    good, bad = ("met", "not met") if record.kind == "condition" else ("below high", "high or worse")
    return _side(good, record.good), _side(bad, record.bad)


def _side(name: str, summary: OutcomeSummary) -> str:
    return f"{name} {summary.quarters} ({summary.known} known)"


def _criterion_table(record: TrackRecord) -> Table:
    columns = (
        Column[CriterionRecord]("criterion", criterion_name, is_head=True),
        Column[CriterionRecord]("triggered", lambda each: quarters_text(each.triggered), wraps=True),
        Column[CriterionRecord]("judged", lambda each: str(each.judged), align=RIGHT),
        Column[CriterionRecord]("right", lambda each: quarters_text(each.right)),
        Column[CriterionRecord]("false alarms", lambda each: quarters_text(each.false_alarms)),
        Column[CriterionRecord]("missed", lambda each: quarters_text(each.misses)),
    )
    caption = "Kill criteria, and what the price did"
    return table_of(columns, record.criteria, caption=caption, is_captioned=False, is_wordy=True)


def criterion_name(record: CriterionRecord) -> str:
    """``K2, retired 2026-12-01``."""
    return f"{record.id}, retired {record.retired}" if record.retired else record.id


def quarters_text(quarters: Sequence[Quarter]) -> str:
    """``2023Q2 to 2023Q4, 2025Q1``: quarters in a row as their first and last; ``never`` for none."""
    runs: list[list[Quarter]] = []
    for quarter in quarters:
        if runs and runs[-1][-1] + 1 == quarter:
            runs[-1].append(quarter)
        else:
            runs.append([quarter])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs) or "never"


def _fall(record: TrackRecord) -> str:
    return f"{100 * record.fall:g}%"


# one rule or criterion -----------------------------------------------------------------------------


def rule_record_text(record: TrackRecord, name: str) -> list[str]:
    """The record of a rule or a kill criterion, as lines of text; none where there is no such thing."""
    criterion, rule = record.criterion(name), record.rule(name)
    head = f"record over {formatting.count(len(record.lines), 'quarter')}, {_whose(record, criterion)}"
    if criterion is not None:
        told = [
            f"triggered {quarters_text(criterion.triggered)}; undecided {quarters_text(criterion.undecided)}",
            f"against a price lower by {_fall(record)} after {record.after} quarters: {_judged(criterion)}",
        ]
    elif rule is not None:
        sides = zip(_sides(rule), (rule.good, rule.bad), strict=True)
        means = "; ".join(f"{side}: {_mean(summary)}" for side, summary in sides)
        told = [f"mean price after {record.after} quarters, {means}; undecided {rule.undecided}"]
    else:
        return []
    return [head, *told, FEW]


def _judged(criterion: CriterionRecord) -> str:
    """``of 9 quarters judged right never, false alarms 2023Q2, missed never``."""
    if not criterion.judged:
        return "no quarter has both an answer and an outcome"
    right, alarms, misses = map(quarters_text, (criterion.right, criterion.false_alarms, criterion.misses))
    judged = formatting.count(criterion.judged, "quarter")
    return f"of {judged} judged right {right}, false alarms {alarms}, missed {misses}"


def _whose(record: TrackRecord, criterion: CriterionRecord | None) -> str:
    written = criterion.written if criterion else record.written
    tests = [line for line in record.lines if not written or str(line.as_of) < written]
    if not tests:
        return "none of them before it was written"
    return "all of them a BACKTEST" if len(tests) == len(record.lines) else f"{len(tests)} of them a BACKTEST"


FEW = "Few quarters prove little: windows overlap, and most falls have other causes."


def caveats(record: TrackRecord) -> list[str]:
    """What the record does not prove."""
    windows = max(1, len(record.lines) // record.after)
    independent = f"{formatting.count(windows, 'window')} that {'is' if windows == 1 else 'are'} independent"
    lines = formatting.count(len(record.lines), "quarter")
    told = [HINDSIGHT] if record.backtests else []
    told.append(
        f"Windows of {record.after} quarters overlap: {lines} hold about {independent}. No difference "
        "here is evidence of skill."
    )
    return [*told, LEFT_OUT, OVER]


HINDSIGHT = (
    "In a backtest the rules were written by somebody who knew what came after. It shows what they would "
    "have said, and does not test them."
)
LEFT_OUT = (
    "Prices are closes as this thesis has them. Costs, taxes, dividends and what the market did are left out."
)
OVER = (
    "A criterion says that the thesis is over, not that the price falls. Where the price does not fall after "
    "it, that is a false alarm here, whatever became of the thesis; where it falls for another reason, that "
    "is a miss."
)
