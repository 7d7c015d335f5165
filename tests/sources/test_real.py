"""What was really filed: counts, and the figures that were gathered from the same filings by other ways."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from thesis.files.yaml import read_yaml
from thesis.sources.read_file import read_facts
from thesis.sources.reported_fact import ReportedFact
from thesis.sources.xbrl.companyfacts import read_companyfacts

METRICS = Path(__file__).resolve().parents[2] / "rules" / "amzn-4t" / "metrics.yaml"
AMZN_2022 = "raw/amzn_10k_fy2022_xbrl/amzn-20221231_htm.xml"
AMZN_2023 = "raw/amzn_10k_fy2023/0001018724-24-000008_primary-document.html"
GOOGL_2023 = "raw/googl_10k_fy2023/0001652044-24-000022_primary-document.html"
ACCESSIONS = {"0001018724-23-000004": AMZN_2022, "0001018724-24-000008": AMZN_2023}


@cache
def filed(path: Path) -> list[ReportedFact]:
    return read_facts(path, path.name)


@pytest.mark.parametrize(
    ("name", "facts", "numbers", "with_dimensions", "numbers_with_dimensions", "nil"),
    [
        (AMZN_2022, 1457, 1280, 570, 533, 2),
        (AMZN_2023, 1502, 1287, 601, 530, 2),
        (GOOGL_2023, 1588, 1415, 756, 710, 2),
    ],
)
def test_every_fact_is_read(
    raw: Path,
    name: str,
    facts: int,
    numbers: int,
    with_dimensions: int,
    numbers_with_dimensions: int,
    nil: int,
) -> None:
    """The counts are those of the elements in the files, taken with grep."""
    found = filed(raw / name)
    assert len(found) == facts
    assert sum(fact.is_number for fact in found) == numbers
    assert sum(bool(fact.dimensions) for fact in found) == with_dimensions
    assert sum(bool(fact.dimensions) and fact.is_number for fact in found) == numbers_with_dimensions
    assert sum(fact.is_number and fact.value is None for fact in found) == nil
    assert {fact.form for fact in found} == {"10-K"}
    assert len({fact.entity for fact in found}) == 1


def test_the_whole_of_companyfacts(raw: Path) -> None:
    path = raw / "raw" / "companyfacts_full" / "GOOGL_CIK0001652044.json"
    found = filed(path)
    assert len(found) == 20_329
    assert {fact.unit for fact in found} == {"USD", "shares", "USD/shares", "pure"}
    assert not any(fact.dimensions or fact.value is None for fact in found)
    one = read_companyfacts(path.read_bytes(), path.name, {"us-gaap:Assets"})
    assert one == [fact for fact in found if fact.tag == "us-gaap:Assets"] and one


def test_a_filing_and_companyfacts_state_the_same(raw: Path) -> None:
    """What Alphabet's 10-K states without dimensions is what the SEC collected from it, figure by figure."""
    stated: dict[tuple[str, str, str], set[Decimal]] = defaultdict(set)
    for fact in filed(raw / GOOGL_2023):
        if fact.is_number and fact.value is not None and not fact.dimensions:
            stated[fact.tag, str(fact.period), fact.unit].add(fact.value)
    compared = 0
    for fact in filed(raw / "raw" / "companyfacts_full" / "GOOGL_CIK0001652044.json"):
        if fact.accession == "0001652044-24-000022" and fact.value is not None:
            found = stated[fact.tag, str(fact.period), fact.unit]
            # a figure that is stated twice, once rounded, is collected once
            assert fact.value in found, fact
            compared += 1
    assert compared == 547


def test_texts_of_the_cover(raw: Path) -> None:
    texts = {fact.tag: fact.text for fact in filed(raw / AMZN_2023) if fact.tag.startswith("dei:")}
    assert texts["dei:DocumentPeriodEndDate"] == "2023-12-31"
    assert texts["dei:EntityShellCompany"] == "false"
    assert texts["dei:EntityCentralIndexKey"] == "0001018724"


def test_backlog_stands_on_a_typed_axis(raw: Path) -> None:
    tag = "us-gaap:RevenueRemainingPerformanceObligation"
    found = {
        (fact.tag, fact.dimensions, fact.value, fact.text)
        for name in (AMZN_2022, AMZN_2023)
        for fact in filed(raw / name)
        if fact.tag in (tag, f"{tag}ExpectedTimingOfSatisfactionPeriod1")
    }
    axis = f"{tag}ExpectedTimingOfSatisfactionStartDateAxis"
    assert found == {
        (tag, ((axis, "2023-01-01"),), Decimal(110400000000), None),
        (tag, ((axis, "2024-01-01"),), Decimal(155700000000), None),
        (f"{tag}ExpectedTimingOfSatisfactionPeriod1", ((axis, "2023-01-01"),), None, "P3Y8M12D"),
        (f"{tag}ExpectedTimingOfSatisfactionPeriod1", ((axis, "2024-01-01"),), None, "P4Y"),
    }


# against the gathered table ----------------------------------------------------------------------

# What the table calls the concepts of the pack that these filings tag.
NAMES = {
    "net_sales_total": "net_sales",
    "operating_income_total": "operating_income",
    "net_income": "net_income",
    "segment_net_sales_north_america": "na.net_sales",
    "segment_net_sales_international": "intl.net_sales",
    "segment_net_sales_aws": "aws.net_sales",
    "segment_operating_income_north_america": "na.operating_income",
    "segment_operating_income_international": "intl.operating_income",
    "segment_operating_income_aws": "aws.operating_income",
    "net_sales_online_stores": "online_stores.net_sales",
    "net_sales_physical_stores": "physical_stores.net_sales",
    "net_sales_third_party_seller_services": "third_party.net_sales",
    "net_sales_advertising_services": "ads.net_sales",
    "net_sales_subscription_services": "subscriptions.net_sales",
    "net_sales_other": "other.net_sales",
    "cost_of_sales": "cost_of_sales",
    "fulfillment_expense": "fulfillment_expense",
    "technology_and_infrastructure_expense": "technology_expense",
    "sales_and_marketing_expense": "sales_marketing_expense",
    "general_and_administrative_expense": "general_admin_expense",
    "operating_cash_flow": "operating_cash_flow",
    "purchases_of_property_and_equipment": "capex",
    "proceeds_from_ppe_sales_and_incentives": "capex_proceeds",
    "depreciation_and_amortization": "depreciation",
    "stock_based_compensation": "stock_compensation",
    "shares_diluted": "shares_diluted",
}
# In the table and not in these comparisons: no concept of the pack carries a tag for them, or the concept
# names no axis where the filing has one.
LEFT_OUT = {
    "eps_diluted": "the pack has no such concept",
    "employees": "told in the text, not tagged",
    "shipping_costs": "told in the text, not tagged",
    "net_sales_aws_product_line": "the pack reads AWS on the segment axis alone",
    "performance_obligations": "on a typed axis, compared above",
    "performance_obligations_weighted_life_years": "a duration on a typed axis, compared above",
}


class Wanted(NamedTuple):
    tags: list[str]
    where: dict[str, list[str]]

    def fits(self, fact: ReportedFact) -> bool:
        return (
            fact.tag in self.tags
            and len(fact.dimensions) == len(self.where)
            and all(member in self.where.get(axis, ()) for axis, member in fact.dimensions)
        )


def alternatives(text: str) -> list[str]:
    return [name.strip() for name in text.split("|")]


@cache
def concepts() -> dict[str, Wanted]:
    value = read_yaml(METRICS.read_text(encoding="utf-8"), "metrics.yaml").value["concepts"]
    return {
        name: Wanted(
            alternatives(concept["tag"]),
            {axis: alternatives(members) for axis, members in concept.get("where", {}).items()},
        )
        for name, concept in value.items()
        if "tag" in concept and concept.get("entity", "AMZN") == "AMZN"
    }


def gathered(raw: Path) -> Iterator[dict[str, str]]:
    with (raw / "amzn_all_vintages.csv").open(encoding="utf-8", newline="") as handle:
        yield from (row for row in csv.DictReader(handle) if row["accession_or_source"] in ACCESSIONS)


def test_every_gathered_figure_is_in_the_filing_it_names(raw: Path) -> None:
    """All that the table has of these two filings and the pack maps by tag and dimensions, to the dollar."""
    compared, left_out = 0, set()
    for row in gathered(raw):
        name = NAMES.get(row["concept"])
        if name is None:
            left_out.add(row["concept"])
            continue
        period = f"{row['period_start']}..{row['period_end']}"
        facts = filed(raw / ACCESSIONS[row["accession_or_source"]])
        values = {f.value for f in facts if concepts()[name].fits(f) and str(f.period) == period}
        assert values == {Decimal(row["value"])}, row
        compared += 1
    assert left_out == set(LEFT_OUT)
    assert compared == 198


def test_a_concept_has_one_value_per_period_in_a_filing(raw: Path) -> None:
    """Told apart by tag and dimensions, a filing does not contradict itself in what the pack maps."""
    for name in ACCESSIONS.values():
        for concept, wanted in concepts().items():
            values: dict[str, set[Decimal | None]] = defaultdict(set)
            for fact in filed(raw / name):
                if wanted.fits(fact):
                    values[str(fact.period)].add(fact.value)
            assert all(len(found) == 1 for found in values.values()), (concept, values)


def test_what_the_pack_maps_and_these_filings_do_not_state(raw: Path) -> None:
    """Only the backlog and its life: they stand on a typed axis, which `*` takes whatever it says."""
    silent = {
        concept
        for concept, wanted in concepts().items()
        for name in ACCESSIONS.values()
        if not any(wanted.fits(fact) for fact in filed(raw / name))
    }
    assert silent == {"rpo", "rpo_life"}
