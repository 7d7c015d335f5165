"""The gathered folder: its tables, its raw texts, and how each of their rows is cited."""

from __future__ import annotations

import csv
import html
import json
import re
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from .model import DataError, Row, full_date
from .tables import HOW_WORDS, IN_Q4_2025_RELEASE, MATCHED, MATCHED_HOW, Q4_2025_RELEASE

ACCESSION = re.compile(r"\d{10}-\d\d-\d{6}")


class Citation(NamedTuple):
    source: str
    how: str
    filed: str
    note: str = ""


class Data:
    """What was gathered, and which filing reported which quarter."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._texts: dict[str, str] = {}

    def table(self, name: str) -> list[Row]:
        with (self.folder / name).open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    @cached_property
    def quarterly(self) -> list[Row]:
        return self.table("amzn_quarterly.csv")

    @cached_property
    def supplement(self) -> list[Row]:
        return self.table("amzn_supplemental.csv")

    @cached_property
    def filings(self) -> dict[str, tuple[str, str]]:
        """Quarter -> Amazon's 10-Q or 10-K and the day it was filed, as the cover-page rows name it."""
        rows = [row for row in self.quarterly if row["concept"] == "shares_outstanding_cover"]
        return {
            r["fiscal_period"]: (f"{r['form']} {r['accession_or_source']}", r["filed_date"]) for r in rows
        }

    @cached_property
    def peer_filings(self) -> dict[tuple[str, str], str]:
        """(company, day) -> its filing of that day, for rows that came from a copy of it."""
        rows = [row for row in self.quarterly if row["entity"] != "AMZN"]
        named = ((row, named_filing(row["accession_or_source"], row["form"])) for row in rows)
        return {(row["entity"], row["filed_date"]): filing for row, filing in named if filing}

    @cached_property
    def releases(self) -> dict[str, str]:
        """Day -> accession of the 8-K that furnished the results release."""
        path = self.folder / "raw/submissions_2026/CIK0001018724.json"
        recent = json.loads(path.read_text(encoding="utf-8"))["filings"]["recent"]
        columns = zip(
            recent["form"], recent["items"], recent["filingDate"], recent["accessionNumber"], strict=True
        )
        return {day: number for form, items, day, number in columns if form == "8-K" and "2.02" in items}

    def release(self, day: str) -> str:
        number = self.releases.get(day)
        return f"8-K {number} (release)" if number else f"8-K exhibit 99.1 of {day} (release)"

    def text(self, name: str) -> str:
        """A raw document as running text, tags dropped."""
        if name not in self._texts:
            raw = html.unescape(html.unescape((self.folder / name).read_text(encoding="utf-8")))
            self._texts[name] = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", raw))
        return self._texts[name]

    def require(self, name: str, pattern: str) -> None:
        """Fail unless the document still says what a transcription rests on."""
        if not re.search(pattern, self.text(name)):
            raise DataError(f"{name}: {pattern!r} not found")


def named_filing(text: str, form: str = "") -> str:
    """`10-Q 0001018724-26-000026` out of any wording or EDGAR address, or nothing."""
    found = ACCESSION.search(text)
    folder = re.search(r"/(\d{10})(\d\d)(\d{6})/", text)
    number = found[0] if found else "-".join(folder.groups()) if folder else ""
    kind = re.search(r"10-[KQ]|8-K", form) or re.search(r"10-?[KQkq]|8-K", text)
    return (
        f"{kind[0].upper().replace('10K', '10-K').replace('10Q', '10-Q')} {number}" if number and kind else ""
    )


def cite_table(row: Row, data: Data) -> Citation:
    """A row of amzn_quarterly.csv or amzn_all_vintages.csv."""
    how, place, filed = row["how"], row["accession_or_source"], full_date(row["filed_date"])
    if "secondary" in how or row["form"] in ("secondary", "press"):
        return _cite_copy(row, data, filed)
    source = named_filing(place, row["form"]) or place
    if row["form"] == "8-K" and filed in data.releases:
        source = data.release(filed)
    if how.startswith("derived: FY minus 9M"):
        numbers = ACCESSION.findall(place)
        how = f"derived: FY less nine months ({row['form']} {numbers[0]}, 10-Q {numbers[-1]})"
    elif how.startswith("derived: sum of four quarters"):
        source = data.filings[row["fiscal_period"]][0]
        how = "derived: four quarters of OCF less purchases plus proceeds"
    elif how.startswith("reported") and "daily close" not in how:
        how = "reported"
    return Citation(source, HOW_WORDS.get(how, how), filed)


def _cite_copy(row: Row, data: Data, filed: str) -> Citation:
    """A row read in a copy: matched to the document's text since, or second-hand for good."""
    how, place, quarter = row["how"], row["accession_or_source"], row.get("fiscal_period", "")
    worked = re.sub(r"; input\(s\).*", "", how) if how.startswith("derived") else ""
    if row["entity"] == "AMZN" and quarter == "2025Q4" and row["concept"] in IN_Q4_2025_RELEASE:
        day, text = Q4_2025_RELEASE
        label, millions = re.escape(IN_Q4_2025_RELEASE[row["concept"]]), f"{int(row['value']) // 10**6:,}"
        data.require(text, rf"{label}[()$\d,]*{millions}")
        return Citation(data.release(day), MATCHED_HOW, day)
    if row["entity"] == "AMZN" and (row["concept"], quarter) in MATCHED:
        return Citation(
            data.filings[quarter][0], MATCHED_HOW, filed, worked.replace("derived: ", "worked out as ")
        )
    place = "; ".join(dict.fromkeys(re.split(r" ?; ?", place)))
    source = (
        named_filing(how)
        or named_filing(place, row["form"])
        or data.peer_filings.get((row["entity"], filed), "")
    )
    if not source and row["entity"] == "AMZN" and "price" not in row["concept"]:
        source = data.release(filed) if filed in data.releases else data.filings.get(quarter, (place, ""))[0]
    where = f"{worked.removeprefix('derived: ')}; {place}" if worked else place
    return Citation(f"{source or place} (secondary)", f"transcribed (secondary): {where}", filed)


def cite_supplement(row: Row, data: Data) -> Citation:
    """A row of amzn_supplemental.csv."""
    text, how, filed, note = row["source"], row["how"], full_date(row["filed"]), ""
    annual = re.fullmatch(r"Amazon 10-K FY(\d{4})", text)
    source = data.filings[f"{annual[1]}Q4"][0] if annual else named_filing(text)
    if "results release" in text:
        number = ACCESSION.search(text)
        source = f"8-K {number[0]} (release)" if number else data.release(filed)
        note = "read in a public copy of the release"
    elif row["concept"].startswith("guidance"):
        source, note = data.release(filed), f"text read in {source}" if source else ""
    elif row["concept"] == "azure_revenue":
        source = "public Korean-language AI-capex data page"
    if how.startswith("transcribed (secondary)"):
        return Citation(f"{source or re.split(r' [(,;]|[,;]', text)[0]} (secondary)", f"{how}: {text}", filed)
    source = source or text.split(";")[0].replace(",", "")
    if how.startswith("reported (latest of"):
        note = "as in the latest filing that shows it"
    if how.startswith("reported") and how not in HOW_WORDS:
        how = "reported"
    how = HOW_WORDS.get(how, how).replace("derived: FY20", "derived: rounded figures, FY20")
    return Citation(source, how, filed, note)
