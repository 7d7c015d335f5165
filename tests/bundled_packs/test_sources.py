"""Where the bundled theses have their figures from: every source is one that a stranger can look up.

What needs the gathered data is skipped where the folder beside the repository is absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from thesis.memo.markdown import render_memo
from thesis.pack.folder import Folder, read_folder
from thesis.pack.load import Pack, build
from thesis.pack.schema.thesis import Measure
from thesis.scoring.assess import assess

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
PACKS = ("amzn-4t", "googl-cloud")
ACCESSION = re.compile(r"\b\d{10}-\d{2}-\d{6}\b")
REPOSITORY = re.compile(r"(?<![/\w.-])([A-Za-z0-9][\w-]+/[\w-]+)(?= [\w/.-]+[.](?:csv|json|md)\b)")
NAMED = re.compile(
    rf"{ACCESSION.pattern}|https?://|[\w-]+[.][a-z]{{2,}}\b|\b(?:10-[KQ]|8-K|call|release|[Rr]egister|press|Press"
    r"|news|report|letter|Letter|index|FRED|BEA|CPI|Book|copy, not checked|Material|notice)"
)
"""An accession, an address, or the document or publisher that a source names."""


@cache
def folder(name: str) -> Folder:
    return read_folder(ROOT / "rules" / name, name)


@cache
def pack(name: str) -> Pack:
    return build(folder(name))[0]


def _measures(measures: list[Measure], rule: str) -> Iterator[tuple[str, Measure]]:
    for measure in measures:
        yield f"{rule}: {measure.metric or measure.judgement or measure.group}", measure
        yield from _measures(list(measure.measures), rule)


def sources(name: str) -> Iterator[tuple[str, str, str]]:
    """What has a source: where it stands, the source, and the reason where that is the author's judgement."""
    found = pack(name)
    for grade in found.grades:
        yield f"{grade.rubric} of {grade.graded} by {grade.by}", grade.source, grade.evidence
    for event in found.events:
        yield f"{event.rubric} ended on {event.day}", event.source, event.what
    valuation = found.valuation
    assert valuation is not None
    assumed = [("multiple", valuation.multiple), ("cash flow", valuation.cash_flow)]
    for segment in valuation.segments:
        assumed += [(f"{segment.id}.growth", segment.growth), (f"{segment.id}.margin", segment.margin)]
    assumed += [(claim.id, claim.horizon) for claim in valuation.claims]
    assumed += [("implied", valuation.implied), ("market", valuation.market)]  # type: ignore[list-item]
    yield from ((where, each.source, each.because) for where, each in assumed if each is not None)
    yield from ((table.id, table.source, table.vintage) for table in valuation.base_rates)


@pytest.mark.parametrize("name", PACKS)
def test_every_source_names_a_document_or_says_judgement_and_why(name: str) -> None:
    nowhere = [
        f"{where}: {source}"
        for where, source, why in sources(name)
        if not (why.strip() if source == "judgement" else NAMED.search(source))
    ]
    assert nowhere == []


@pytest.mark.parametrize("name", PACKS)
def test_every_weight_and_band_says_why(name: str) -> None:
    thesis = pack(name).thesis
    for rule in (*thesis.conditions, *thesis.risks):
        assert rule.because, rule.id
        for where, measure in _measures(list(rule.measures), rule.id):
            assert measure.because or measure.measures, where
    assert all(cap.because for cap in thesis.verdict.caps)
    assert all(kill.because for kill in thesis.kill)


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the gathered data is not there: {DATA}")
@pytest.mark.parametrize("name", ["amzn-4t"])
def test_every_accession_and_repository_occurs_in_the_gathered_data(name: str) -> None:
    """But for what the author read beside that, which the pack says to be a copy that nobody checked."""
    gathered = "\n".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(DATA.rglob("*"))
        if path.suffix in (".csv", ".md", ".tsv", ".json") and path.is_file()
    )
    gathered += "".join(
        f"\n{a}-{b}-{c}" for a, b, c in re.findall(r"(?<!\d)(\d{10})(\d{2})(\d{6})(?!\d)", gathered)
    )
    told = [source for _, source, _ in sources(name)]
    told += [cells[5] for _, _, _, cells in pack(name).facts.each() if len(cells) > 5]
    cited = {number for source in told for number in ACCESSION.findall(source)}
    cited |= {found for source in told for found in REPOSITORY.findall(source)}
    assert len(cited) > 50
    assert sorted(each for each in cited if each not in gathered) == []


LATER = {
    "judgements.yaml": (
        "\ngrades:\n",
        "\ngrades:\n  - {rubric: J-R4, level: 0, graded: 2026-11-01, by: me, evidence: A, source: later}\n",
    ),
    "facts/AMZN.csv": (
        "\nprice,2015-03-31,",
        "\nprice,2026-10-30,1,USD/share,2026-10-30,later,reported,\nprice,2015-03-31,",
    ),
}


@pytest.mark.parametrize("day", ["2026-05-15", "2026-10-15"])
def test_what_is_added_for_later_days_changes_nothing_printed_for_an_earlier_one(day: str) -> None:
    """A grade, an event and a price of November; only the digest of the files is another."""
    before = folder("amzn-4t")
    texts, facts = dict(before.texts), dict(before.facts)
    for name, (at, more) in LATER.items():
        files = facts if name in facts else texts
        assert at in files[name]
        files[name] = files[name].replace(at, more, 1)
    texts["judgements.yaml"] += (
        "  - {rubric: J-R4, day: 2026-10-20, what: A ruling., source: later}\n"
        "  - {rubric: J5, day: 2026-10-21, what: A plan., source: later}\n"
    )
    after = build(before._replace(texts=texts, facts=facts))[0]
    plain, later = (
        re.sub(r"digest [0-9a-f]{8}", "", render_memo(assess(each, date.fromisoformat(day))))
        for each in (pack("amzn-4t"), after)
    )
    assert plain == later
