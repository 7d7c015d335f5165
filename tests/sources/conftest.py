"""Small documents of an invented company, as it would file them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from thesis.core.problem import FileProblems, InvalidInput, Problem
from thesis.sources.read_file import read_facts
from thesis.sources.reported_fact import ReportedFact

RAW = Path(__file__).resolve().parents[3] / "shared" / "data"

NAMESPACES = """xmlns:xbrli="http://www.xbrl.org/2003/instance"
 xmlns:xbrldi="http://xbrl.org/2006/xbrldi"
 xmlns:link="http://www.xbrl.org/2003/linkbase"
 xmlns:iso4217="http://www.xbrl.org/2003/iso4217"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:us-gaap="http://fasb.org/us-gaap/2023"
 xmlns:srt="http://fasb.org/srt/2023"
 xmlns:dei="http://xbrl.sec.gov/dei/2023"
 xmlns:acme="http://acme.example/20231231" """
INLINE = """xmlns="http://www.w3.org/1999/xhtml"
 xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12"
 xmlns:ixt-sec="http://www.sec.gov/inlineXBRL/transformation/2015-08-31" """
ENTITY = '<xbrli:identifier scheme="http://www.sec.gov/CIK">0000012345</xbrli:identifier>'
YEAR = (
    "<xbrli:period><xbrli:startDate>2023-01-01</xbrli:startDate>"
    "<xbrli:endDate>2023-12-31</xbrli:endDate></xbrli:period>"
)
INSTANT = "<xbrli:period><xbrli:instant>2023-12-31</xbrli:instant></xbrli:period>"
CONTEXTS = f"""<xbrli:context id="year"><xbrli:entity>{ENTITY}</xbrli:entity>{YEAR}</xbrli:context>
<xbrli:context id="end"><xbrli:entity>{ENTITY}</xbrli:entity>{INSTANT}</xbrli:context>
<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>
<xbrli:unit id="pure"><xbrli:measure>xbrli:pure</xbrli:measure></xbrli:unit>
"""

Document = Callable[..., bytes]
Refused = Callable[..., tuple[Problem, ...]]
Facts = Callable[[bytes], list[ReportedFact]]


def write_instance(body: str, resources: str = CONTEXTS, head: str = '<?xml version="1.0"?>') -> bytes:
    return f"{head}\n<xbrli:xbrl {NAMESPACES}>\n{resources}{body}\n</xbrli:xbrl>".encode()


def write_page(
    body: str, resources: str = CONTEXTS, hidden: str = "", head: str = '<?xml version="1.0"?>'
) -> bytes:
    header = (
        f'<div style="display:none"><ix:header><ix:hidden>{hidden}</ix:hidden>'
        f"<ix:resources>{resources}</ix:resources></ix:header></div>"
    )
    return f"{head}\n<html {INLINE}{NAMESPACES}><body>{header}\n{body}\n</body></html>".encode()


@pytest.fixture(scope="session")
def instance() -> Document:
    """``instance(facts)``: an XBRL instance with the contexts year and end, the units usd and pure."""
    return write_instance


@pytest.fixture(scope="session")
def page() -> Document:
    """``page(body)``: the same as a page with inline XBRL."""
    return write_page


@pytest.fixture(scope="session")
def facts() -> Facts:
    """``facts(document)``: what is read from it."""
    return lambda data: read_facts(data, "acme.xml")


@pytest.fixture(scope="session")
def refused() -> Refused:
    """``refused(document)``: the problems for which it is refused."""

    def problems(data: bytes | Path, shown: str = "acme.xml", most: int = 200_000_000) -> tuple[Problem, ...]:
        with pytest.raises(InvalidInput) as caught:
            read_facts(data, shown, most=most)
        return caught.value.problems

    return problems


@pytest.fixture
def flaws() -> FileProblems:
    return FileProblems("acme")


@pytest.fixture
def raw() -> Path:
    """The folder of gathered filings, where it is beside the repository."""
    if not RAW.is_dir():
        pytest.skip(f"the gathered filings are not there: {RAW}")
    return RAW
