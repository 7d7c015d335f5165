"""Attempts at what is imported: filings, the SEC's companyfacts, earnings releases and prices.

They are mutations of the small documents of the tests and, where the gathered data stand beside this
checkout, of real ones.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from scripts.fuzz.attempt import Attempt, Files, Step
from scripts.fuzz.packs import ROOT, mutated, packs
from tests.cli.test_facts_import import FILING, INDEX
from tests.cli.test_facts_release import LINES, RELEASE
from tests.sources.conftest import CONTEXTS, write_instance, write_page

GATHERED = ROOT.parent / "shared"
MOST_BYTES = 120_000
"""Of a real document, so that an attempt takes less than a second."""
NUMBER = "0000012345-26-000111"
SAID = ("--accession", NUMBER, "--filed", "2026-10-29")
BODY = """<p>Sales were <ix:nonFraction name="us-gaap:Revenues" contextRef="year" unitRef="usd"
 decimals="-6" scale="6" format="ixt:num-dot-decimal">1,234</ix:nonFraction> and <ix:nonFraction
 name="us-gaap:Revenues" contextRef="end" unitRef="usd"
 sign="-" scale="3">(5<ix:exclude>x</ix:exclude>)</ix:nonFraction> of
 <ix:nonNumeric name="dei:DocumentType" contextRef="year">10-<ix:continuation id="c"/>K</ix:nonNumeric></p>
 <table><tr><td><ix:fraction name="acme:Part" contextRef="end" unitRef="pure">
 <ix:numerator name="acme:N">1</ix:numerator>
 <ix:denominator name="acme:D">3</ix:denominator></ix:fraction></td></tr></table>"""
FACTS = {
    "cik": 12345,
    "entityName": "Acme",
    "facts": {
        "us-gaap": {
            "Revenues": {
                "label": "Revenues",
                "units": {
                    "USD": [
                        {
                            "start": f"{year}-0{month}-01", "end": f"{year}-0{month + 2}-30",
                            "val": 150_000_000 + year, "accn": NUMBER, "fy": year, "fp": "Q3", "form": "10-Q",
                            "filed": "2026-10-29", "frame": f"CY{year}Q{month // 3 + 1}",
                        }
                        for year in (2025, 2026)
                        for month in (4, 7)
                    ]
                },
            }
        }
    },
}  # fmt: skip
PRICES = {
    "prices.csv": b"Date,Open,High,Low,Close,Adj Close,Volume\n2026-09-29,9,11,9,10.25,10,1000\n"
    b"2026-09-30,9,11,9,10.5,10.1,1200\n2026-11-20,13,15,13,14.0,14,900\n",
    "plain.csv": b"date;close\n2026-09-29;10,25\n2026-09-30;10,5\n30.09.2026;1.010,5\n",
    "prices.json": b'{"ticker": "ACME", "dates": ["2026-09-29", "2026-09-30"], "closes": [10.25, 10.5]}',
    "tabs.txt": b"Date\tClose*\tAdj Close**\nNov 20, 2026\t14.00\t14.00\nSep 30, 2026\t10.50\t10.50\n",
}


class Seed(NamedTuple):
    """A document to start from, and the commands that read it."""

    name: str
    data: bytes
    commands: Sequence[tuple[str, ...]]


@cache
def pack() -> Files:
    """The Acme pack with its number at the SEC, the tags and the lines of its concepts, and prices."""
    files = dict(packs()["valued"])
    text = (
        files["metrics.yaml"].decode("utf-8").replace("{name: Acme Anvils", "{name: Acme Anvils, cik: 12345")
    )
    for name, line in LINES.items():
        text = text.replace(f"  {name}: {{", f'  {name}: {{release: "{line}", ')
    text = text.replace("label: Sales, unit", "label: Sales, tag: us-gaap:Revenues, unit")
    text = text.replace("label: Debt, unit", "label: Debt, tag: us-gaap:Assets, unit")
    return {**files, "metrics.yaml": text.encode("utf-8"), "index.json": json.dumps(INDEX, indent=1).encode()}


@cache
def filing_seeds() -> Sequence[Seed]:
    small = {
        "acme-20260930_htm.xml": FILING.encode("utf-8"),
        "instance.xml": write_instance(
            '<us-gaap:Assets contextRef="end" unitRef="usd" decimals="-6">5</us-gaap:Assets>'
        ),
        "page.htm": write_page(BODY),
        "bare.htm": write_page(BODY, resources="", hidden=CONTEXTS),
        "facts.json": json.dumps(FACTS, indent=1).encode(),
    }
    found = [Seed(name, data, _imported(name)) for name, data in small.items() for _ in range(8)]
    found += [Seed("release.md", RELEASE.encode("utf-8"), _released("release.md"))] * 8
    kinds = (".json", ".htm", ".html", ".xhtml", ".xbrl", ".xml", ".zip")
    for path in _gathered("data/raw", "ifrs", "universe/companyfacts"):
        if path.suffix in kinds and "prices" not in path.parts:
            found.append(Seed(f"real{path.suffix}", path.read_bytes(), _imported(f"real{path.suffix}")))
        elif path.suffix == ".md" and path.parent.name.startswith("amzn_release"):
            found.append(Seed("real.md", path.read_bytes(), _released("real.md")))
    return found


@cache
def price_seeds() -> Sequence[Seed]:
    real = {f"real{path.suffix}": path.read_bytes() for path in _gathered("ifrs/prices", "data/raw/prices")}
    return [
        Seed(
            name,
            data,
            [("facts", "import", name, "--entity", "ACME", "--source", "closes", *more) for more in MORE],
        )
        for name, data in [*PRICES.items()] * 4 + [*real.items()]
    ]


MORE: Sequence[tuple[str, ...]] = (
    (),
    ("--dry-run",),
    ("--every-day", "--json"),
    ("--currency", "USD", "--verbose"),
    ("--currency", "GBX"),
)


def _imported(name: str) -> list[tuple[str, ...]]:
    take = ("facts", "import", name)
    return [
        (*take, *SAID), (*take, *SAID, "--dry-run", "--verbose"), (*take, "--json", *SAID),
        (*take, "--index", "index.json"),
        ("facts", "tags", name), ("facts", "tags", name, "--like", "Rev"),
        (*take, "--entity", "ACME", *SAID, "--verbose"), _released(name)[0],
    ]  # fmt: skip


def _released(name: str) -> list[tuple[str, ...]]:
    take = ("facts", "release", name)
    return [(*take, *SAID), (*take, *SAID, "--dry-run", "--verbose"), (*take, "--index", "index.json")]


def _gathered(*folders: str) -> list[Path]:
    """Real documents that are small enough, where they are."""
    found = [path for folder in folders for path in sorted((GATHERED / folder).rglob("*")) if path.is_file()]
    return [path for path in found if path.stat().st_size <= MOST_BYTES]


def filing_attempt(draw: Random) -> Attempt:
    """An edited document, imported into the Acme pack and then asked of."""
    return _attempt(draw, draw.choice(filing_seeds()))


def price_attempt(draw: Random) -> Attempt:
    """An edited file of prices, imported into the Acme pack."""
    return _attempt(draw, draw.choice(price_seeds()))


def _attempt(draw: Random, seed: Seed) -> Attempt:
    files = {**pack(), seed.name: seed.data}
    names = [seed.name] * 12 + ["index.json"] if "index.json" in str(seed.commands) else [seed.name]
    asked = draw.choice((("check",), ("facts", "check"), ("lint",), ("facts", "--vintages")))
    steps = [Step(draw.choice(seed.commands)), Step(asked)]
    return Attempt(files, mutated(draw, files, names, 5), tuple(steps))
