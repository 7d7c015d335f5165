"""Against Arelle, the XBRL processor that regulators use, where it is installed.

Offline it has none of the taxonomies and not the SEC's own transformations, so numbers in words stay
unread by it; of an instance it only knows the facts whose schema lies beside the file, so there its
contexts and units are compared, and the values as the XML has them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from thesis.sources.read_file import read_facts
from thesis.sources.reported_fact import ReportedFact, ReportedPeriod

Fact = tuple[str, Any, str, str, Decimal | str | None, str | None]

PAGES = {
    "raw/amzn_10k_fy2023/0001018724-24-000008_primary-document.html": (1287, 3),
    "raw/googl_10k_fy2023/0001652044-24-000022_primary-document.html": (1415, 3),
}
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
INSTANCE = "raw/amzn_10k_fy2022_xbrl/amzn-20221231_htm.xml"


@pytest.fixture(scope="module")
def controller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    module = pytest.importorskip("arelle.Cntlr")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("arelle")))
        controller = module.Cntlr(logFileName="logToBuffer")
        controller.webCache.workOffline = True
        yield controller
        controller.close()


def ours(facts: list[ReportedFact]) -> Counter[Fact]:
    return Counter(
        (
            fact.tag,
            fact.dimensions,
            fact.context,
            fact.unit,
            fact.value,
            None if fact.decimals is None else str(fact.decimals),
        )
        for fact in facts
        if fact.is_number
    )


def dimensions(context: Any) -> Any:
    return tuple(
        sorted(
            (str(axis), str(held.memberQname) if held.isExplicit else held.typedMember.stringValue.strip())
            for axis, held in context.qnameDims.items()
        )
    )


def unit(measured: Any) -> str:
    over, under = (
        "*".join(sorted(str(name).removeprefix("iso4217:").removeprefix("xbrli:") for name in names))
        for names in measured.measures
    )
    return f"{over}/{under}" if under else over


def period(context: Any) -> ReportedPeriod:
    """Arelle ends a day at the midnight after it."""
    end = (context.endDatetime - timedelta(days=1)).date()
    return ReportedPeriod(None if context.isInstantPeriod else context.startDatetime.date(), end)


def number(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", PAGES)
def test_pages_are_read_alike(raw: Path, controller: Any, name: str) -> None:
    numbers, in_words = PAGES[name]
    model = controller.modelManager.load(str(raw / name))
    theirs: Counter[Fact] = Counter(
        (
            str(fact.qname),
            dimensions(fact.context),
            fact.contextID,
            unit(fact.unit),
            None if fact.isNil else number(fact.value),
            fact.decimals,
        )
        for fact in model.facts
        if fact.get("unitRef") is not None
    )
    model.close()
    found = ours(read_facts(raw / name, name))
    assert found.total() == theirs.total() == numbers
    unread = theirs - found
    assert unread.total() == (found - theirs).total() == in_words
    assert {fact[4] for fact in unread} == {"(ixTransformValueError)"}
    assert {fact[:4] for fact in unread} == {fact[:4] for fact in found - theirs}


@pytest.mark.filterwarnings("ignore")
def test_an_instance_is_read_alike(raw: Path, controller: Any) -> None:
    model = controller.modelManager.load(str(raw / INSTANCE))
    theirs: Counter[Fact] = Counter(
        (
            str(element.qname),
            dimensions(model.contexts[element.get("contextRef")]),
            element.get("contextRef"),
            unit(model.units[element.get("unitRef")]),
            None if element.get(NIL) == "true" else number(element.text),
            element.get("decimals"),
        )
        for element in model.modelDocument.xmlRootElement.iterchildren("*")
        if element.get("unitRef") is not None
    )
    periods = {name: period(context) for name, context in model.contexts.items()}
    model.close()
    facts = read_facts(raw / INSTANCE, INSTANCE)
    assert ours(facts) == theirs and theirs.total() == 1280
    assert {fact.context: fact.period for fact in facts} == periods
