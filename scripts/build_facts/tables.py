"""Amazon's pack, what goes where: source concepts, documents on file, charges, readings of our own."""

from __future__ import annotations

from decimal import Decimal

from .model import Target

MILLION = Decimal(10**6)


def percent(concept: str) -> Target:
    """A growth rate printed in whole percents."""
    return Target(concept, "ratio", Decimal("0.01"), Decimal("0.5"))


def dollars(**names: str) -> dict[str, Target]:
    """Source concept -> our concept, both in whole dollars."""
    return {source: Target(ours) for source, ours in names.items()}


# --- source concept -> our concept ----------------------------------------------------------------
SEGMENTS = {"north_america": "na", "international": "intl", "aws": "aws"}
SEGMENT_LINES = {
    f"segment_{line}_{segment}": Target(f"{ours}.{line}")
    for segment, ours in SEGMENTS.items()
    for line in ("net_sales", "operating_income")
}
PRODUCTS = dollars(
    net_sales_online_stores="online_stores.net_sales",
    net_sales_physical_stores="physical_stores.net_sales",
    net_sales_third_party_seller_services="third_party.net_sales",
    net_sales_advertising_services="ads.net_sales",
    net_sales_subscription_services="subscriptions.net_sales",
    net_sales_other="other.net_sales",
)
COSTS = dollars(
    cost_of_sales="cost_of_sales",
    fulfillment_expense="fulfillment_expense",
    technology_and_infrastructure_expense="technology_expense",
    sales_and_marketing_expense="sales_marketing_expense",
    general_and_administrative_expense="general_admin_expense",
)
CASH_AND_TOTALS = dollars(
    net_sales_total="net_sales",
    operating_income_total="operating_income",
    net_income="net_income",
    operating_cash_flow="operating_cash_flow",
    purchases_of_property_and_equipment="capex",
    proceeds_from_ppe_sales_and_incentives="capex_proceeds",
    depreciation_and_amortization="depreciation",
    stock_based_compensation="stock_compensation",
    shipping_costs="shipping_costs",
)
BACKLOG_AND_PEOPLE = {
    "performance_obligations": Target("rpo"),
    "performance_obligations_weighted_life_years": Target("rpo_life", "years", half=Decimal("0.05")),
    "employees": Target("employees", "count"),
}
IN_VINTAGES = SEGMENT_LINES | PRODUCTS | COSTS | CASH_AND_TOTALS | BACKLOG_AND_PEOPLE
QUARTERLY = {
    "AMZN": IN_VINTAGES
    | {
        "free_cash_flow_ttm": Target("fcf_ttm"),
        "shares_outstanding_cover_split_adjusted": Target("shares", "shares"),
        "shares_diluted_split_adjusted": Target("shares_diluted", "shares"),
        "price_close_split_adjusted": Target("price", "USD/share"),
    },
    "MSFT": {"azure_and_other_cloud_services_growth_yoy_pct": percent("azure.growth")}
    | dollars(
        intelligent_cloud_revenue="intelligent_cloud.net_sales",
        purchases_of_property_and_equipment="msft.capex",
    ),
    "GOOGL": dollars(
        google_cloud_revenue="gcp.net_sales",
        google_cloud_operating_income="gcp.operating_income",
        purchases_of_property_and_equipment="googl.capex",
        revenue_backlog_rpo="googl.rpo",
    ),
    "META": dollars(purchases_of_property_and_equipment="meta.capex"),
}
SUPPLEMENT = {
    "AMZN": BACKLOG_AND_PEOPLE
    | {
        "worldwide_paid_units_growth_yoy_pct": percent("units_growth"),
        "price_close": Target("price", "USD/share"),
    }
    | {f"segment_assets_{segment}": Target(f"{ours}.assets") for segment, ours in SEGMENTS.items()}
    | dollars(
        segment_ppe_net_aws="aws.ppe",
        segment_ppe_additions_aws="aws.capex_additions",
        segment_depreciation_amortization_aws="aws.depreciation",
        worldwide_shipping_costs="shipping_costs",
        stock_based_compensation="stock_compensation",
        ppe_acquired_under_finance_leases="finance_lease_additions",
        lease_liabilities_finance_pv="finance_lease_liabilities",
        leases_not_yet_commenced="leases_not_commenced",
        cash_and_cash_equivalents="cash",
        marketable_securities="marketable_securities",
        long_term_debt="long_term_debt",
        free_cash_flow_ttm="fcf_ttm",
        free_cash_flow_less_lease_principal_ttm="fcf_less_leases_ttm",
        ai_annual_revenue_run_rate="ai.run_rate",
        chips_annual_revenue_run_rate="chips.run_rate",
        anthropic_preferred_stock_carrying_value="anthropic.preferred_stock",
        anthropic_convertible_notes_fair_value="anthropic.convertible_notes",
        openai_investment_cost="openai.investment",
        equity_warrant_assets="equity_warrants",
        guidance_operating_income="guidance.operating_income",
        guidance_net_sales="guidance.net_sales",
    ),
    "MSFT": {"azure_revenue": Target("azure.net_sales", half=Decimal(5_000_000))},
    "US": {"sahm_rule_realtime_quarter_end": Target("us.sahm", "ratio", Decimal("0.01"))},
}

# --- documents on file, and second-hand rows that were matched to a document ------------------------
MATCHED_HOW = "transcribed, matched to the filing's text"
MATCHED = {  # matched to the 10-K and 10-Qs since the tables were made (supplemental_notes.md)
    (source, quarter)
    for source in SEGMENT_LINES | PRODUCTS | COSTS
    for quarter in ("2025Q4", "2026Q1", "2026Q2")
}
RELEASES = {  # day -> text with the table of the last six quarters
    "2025-07-31": "raw/amzn_release_md/amazon-2025-08-8k-excerpts-parsed-text.md",
    "2025-10-30": "raw/amzn_release_md/AMZN-Q3-2025-Earnings-Release.md",
}
RELEASE_LINES = {
    r"WW ?shipping costs": Target("shipping_costs", scale=MILLION),
    r"WW ?paid units -- Y/Y growth \(7\)": percent("units_growth"),
    r"Free cash flow -- ?(?:TTM|trailing twelve months)[^|]*": Target("fcf_ttm", scale=MILLION),
    r"Employees \(full-time[^|]*personnel\)": Target("employees", "count"),
}
Q4_2025_RELEASE = ("2026-02-05", "raw/amzn_release_md/amzn_Q4_2025_release_apresai_amzn.md")
IN_Q4_2025_RELEASE = {  # figures of 2025Q4 that this script finds there: their line labels
    "cost_of_sales": "Cost of sales",
    "fulfillment_expense": "Fulfillment",
    "technology_and_infrastructure_expense": "Technology and infrastructure",
    "sales_and_marketing_expense": "Sales and marketing",
    "general_and_administrative_expense": "General and administrative",
    "proceeds_from_ppe_sales_and_incentives": "Proceeds from property and equipment sales and incentives",
    "free_cash_flow_ttm": "Free cash flow -- TTM (1)",
}
TEN_K = {
    "2022Q4": "raw/amzn_10k_fy2022_xbrl/amzn-20221231_htm.xml",
    "2023Q4": "raw/amzn_10k_fy2023/0001018724-24-000008_primary-document.html",
}
TEN_K_LINES = (  # heading of the table, line, our concept
    ("Total segment assets reconciled", "North America", "na.assets"),
    ("Total segment assets reconciled", "International", "intl.assets"),
    ("Total segment assets reconciled", "AWS", "aws.assets"),
    ("Property and equipment, net by segment is", "AWS", "aws.ppe"),
)
# Files that are read as `thesis facts import` reads them; of one filing in two of them the first counts.
FILINGS = (
    "amzn_10k_fy2022_xbrl/amzn-20221231_htm.xml",
    "amzn_10k_fy2023/0001018724-24-000008_primary-document.html",
    "googl_10k_fy2023/0001652044-24-000022_primary-document.html",
    "companyfacts_full/GOOGL_CIK0001652044.json",
    "companyfacts_subset/AMZN.json",
    "companyfacts_subset/GOOGL.json",
    "companyfacts_subset/META.json",
    "companyfacts_subset/MSFT.json",
)
INDEXES = (
    "submissions_2026/CIK0001018724.json",
    "submissions_2026/CIK0001652044.json",
    "submissions_2026/CIK0000789019.json",
)
RELEASE_FILES = (
    "amzn_release_md/amazon-2025-08-8k-excerpts-parsed-text.md",
    "amzn_release_md/AMZN-Q3-2025-Earnings-Release.md",
    "amzn_release_md/amzn_Q4_2025_release_apresai_amzn.md",
)
PRICES = {
    "prices/AMZN_daily_2000_20251007_JJong-03.csv": "AMZN",
    "prices/AMZN_quotes_btruempi_GMR.json": "AMZN",
}
EVERY_CLOSE = "2025-01-01"
CLOSES_OF = frozenset(
    [
        "2020-02-03",
        "2020-05-04",
        "2020-08-03",
        "2020-11-02",
        "2021-02-04",
        "2021-05-03",
        "2021-08-02",
        "2021-11-01",
        "2022-02-01",
        "2022-02-07",
        "2022-05-02",
        "2022-05-09",
        "2022-08-01",
        "2022-08-02",
        "2022-08-08",
        "2022-10-31",
        "2022-11-01",
        "2022-11-02",
        "2023-01-31",
        "2023-02-01",
        "2023-02-06",
        "2023-02-07",
        "2023-05-01",
        "2023-05-02",
        "2023-05-08",
        "2023-08-01",
        "2023-08-07",
        "2023-10-30",
        "2023-10-31",
        "2023-11-01",
        "2023-11-07",
        "2024-01-30",
        "2024-02-05",
        "2024-02-06",
        "2024-02-07",
        "2024-04-30",
        "2024-05-01",
        "2024-05-02",
        "2024-05-06",
        "2024-08-02",
        "2024-08-05",
        "2024-08-07",
        "2024-10-30",
        "2024-11-04",
        "2024-11-05",
    ]
)
"""Days on which the record of the ratings of 2020 to 2024 begins or ends, so that it has their closes."""
_COPY = "copy, not checked"
# Where a table's own name says nothing to a reader, or names a file that does not hold the figure.
NAMED = {
    "JJong-03/stock-backtest-platform data/AMZN.csv": (
        f"Nasdaq close ({_COPY}: JJong-03/stock-backtest-platform data/AMZN.csv)"
    ),
    "btruempi/GMR data/quotes/AMZN.json": f"Nasdaq close ({_COPY}: btruempi/GMR data/quotes/AMZN.json)",
    "chrehor36/long-term-business-analysis (secondary)": (
        f"Nasdaq close ({_COPY}: chrehor36/long-term-business-analysis) (secondary)"
    ),
    # The register of that repository has no price; its thesis.md, as of the same day, has it.
    "jaredtrichard/grok-research memory/amzn/register.md@3c25e9c6 (secondary)": (
        f"Nasdaq close ({_COPY}: jaredtrichard/grok-research memory/amzn/thesis.md@a2a5f546) (secondary)"
    ),
    "public Korean-language AI-capex data page (secondary)": (
        f"{_COPY}: Korean-language page on AI spending, without an address (secondary)"
    ),
    "public Korean-language AI-capex data page": (
        f"{_COPY}: Korean-language page on AI spending, without an address"
    ),
    "jaredtrichard/grok-research memory/msft/register.md@1f542087 (secondary)": (
        f"Microsoft's release ({_COPY}: jaredtrichard/grok-research memory/msft/register.md@1f542087) "
        "(secondary)"
    ),
    "third-party note (capex dashboard built 2026-08-21 from companyfacts) (secondary)": (
        f"companyfacts ({_COPY}: capex dashboard of 2026-08-21) (secondary)"
    ),
    "2025 shareholder letter (HE-1234/research-and-valuation companies/AMZN/sources/2026-Q2/"
    "shareholder-letter-2025.txt)": "8-K 0001104659-26-041034 (letter to shareholders)",
    "Q1 2025 call (appeconomyinsights.com)": f"Q1 2025 call ({_COPY}: appeconomyinsights.com)",
    "Q2 2025 call summary (up2info.com)": f"Q2 2025 call ({_COPY}: summary at up2info.com)",
    "FRED SAHMREALTIME in Nikhilesh-B/granite-tsfm data/SAHMREALTIME.csv (commit 988a61b6)": (
        f"FRED SAHMREALTIME ({_COPY}: Nikhilesh-B/granite-tsfm data/SAHMREALTIME.csv@988a61b6)"
    ),
}
UNUSABLE = ("0001193125-13-028520",)  # gives the quarters of 2011 the dates of 2012, and the other way round
# Where files on file and the tables part, and why: (concept, period, filing), and (concept, year).
EXPLAINED: dict[tuple[str, str, str], str] = {}
UNEVEN = {
    ("googl.capex", "FY2016"): "the 10-Qs of 2017 restate the first two quarters by 29m, which the year has",
}
TEN_Q_2025Q3 = "raw/amzn_release_md/amzn-10q-2025q3.md"

# --- registers of special charges -------------------------------------------------------------------
REGISTERS = ("charges.na", "charges.intl", "charges.aws", "charges.all_segments")
ALL, PRIMARILY, OPEN, REST = "all", "primarily", "open", "rest"
# item, special_charge_<concept>, the segment's share, then `quarter = stated for [- stated for]`.
# OPEN: stated for a longer span only, so none to all of it. REST: what the AWS part leaves over.
# A changed useful life is a new estimate, not a charge, and stays out.
CHARGES = (
    (
        "na/impairments",
        "property_impairments_north_america",
        PRIMARILY,
        (
            "2022Q1 = 2022Q1",
            "2022Q2 = 6M2022 - 2022Q1",
            "2022Q3 = 9M2022 - 6M2022",
            "2022Q4 = 2022Q4",
            "2023Q1 = 2023Q1",
            "2023Q2 = 6M2023 - 2023Q1",
            "2023Q3 = 9M2023 - 6M2023",
        ),
    ),
    (
        "na/lease-terminations",
        "lease_terminations_north_america",
        OPEN,
        ("2022Q1 = 6M2022", "2022Q2 = 6M2022", "2023Q1 = 6M2023", "2023Q2 = 6M2023"),
    ),
    (
        "na/lease-terminations",
        "lease_terminations_north_america",
        PRIMARILY,
        ("2022Q3 = 9M2022 - 6M2022", "2022Q4 = FY2022 - 9M2022", "2023Q3 = 9M2023 - 6M2023"),
    ),
    ("na/severance", "severance_north_america", PRIMARILY, ("2022Q4 = 2022Q4",)),
    ("na/ftc-settlement", "ftc_prime_settlement_north_america", ALL, ("2025Q3 = 2025Q3",)),
    ("na/impairments", "asset_impairments_physical_stores_north_america", PRIMARILY, ("2025Q4 = 2025Q4",)),
    ("na/tariff-refunds", "tariff_refunds_cost_reduction_north_america", PRIMARILY, ("2026Q2 = 2026Q2",)),
    ("intl/italy-and-lawsuit", "italy_tax_and_lawsuit_international", PRIMARILY, ("2025Q4 = 2025Q4",)),
    (
        "aws/severance",
        "severance_aws",
        PRIMARILY,
        ("2023Q1 = 2023Q1", "2023Q2 = 6M2023 - 2023Q1", "2023Q3 = 9M2023 - 6M2023"),
    ),
    ("aws/server-retirement", "server_early_retirement_aws", PRIMARILY, ("2024Q4 = 2024Q4",)),
    ("aws/energy-derivatives", "energy_derivative_gain_aws", PRIMARILY, ("2026Q2 = 2026Q2",)),
    (
        "all_segments/severance",
        "severance_total",
        REST,
        ("2023Q1 = 2023Q1", "2023Q2 = 6M2023 - 2023Q1", "2023Q3 = 9M2023 - 6M2023"),
    ),
    ("all_segments/severance", "severance_all_segments", ALL, ("2025Q3 = 2025Q3", "2025Q4 = 2025Q4")),
)
# Stated in a filing on file and in no table: item, quarters, value, the filing's quarter and text, what to
# find there, how.
CHARGES_IN_FILINGS = (
    (
        "na/self-insurance",
        ("2022Q4",),
        "1250000000..1350000000",
        "2022Q4",
        TEN_K["2022Q4"],
        r"automobile liabilities by \$ ?1\.3 billion",
        MATCHED_HOW,
    ),
    (
        "na/severance",
        ("2022Q1", "2022Q2", "2022Q3"),
        "0..90000000",
        "2022Q4",
        TEN_K["2022Q4"],
        r"\$ ?720 million, of which \$ ?640 million was recorded in the fourth",
        "judged: 720m for the year less 640m for its last quarter, in whichever of the first three",
    ),
    (
        "all_segments/severance",
        ("2025Q1", "2025Q2"),
        "0..300000000",
        "2025Q3",
        TEN_Q_2025Q3,
        r"\$1\.8 billion and \$2\.0 billion of estimated severance",
        "judged: 2.0bn for nine months less 1.8bn for the third quarter, in whichever of the first two",
    ),
)
# Free of charges in its own 10-Q, before a later filing put a figure on the half year.
NONE_AT_FIRST = {("charges.all_segments", "2025Q1"), ("charges.all_segments", "2025Q2")}

# --- readings of our own ------------------------------------------------------------------------------
LABS = {  # commitments of named labs inside the backlog
    "2025Q4": ("0..38000000000", "judged: OpenAI's 38bn contract may or may not be inside"),
    "2026Q1": (
        "100000000000..138000000000",
        "judged: OpenAI's 100bn of February 2026 inside, its earlier 38bn inside or not",
    ),
    "2026Q2": (
        "200000000000..248000000000",
        "judged: OpenAI 100bn, Anthropic's more than 100bn read as 100bn to 110bn, the 38bn in or out",
    ),
}
LABS_BEFORE = "derived: no commitment of a named lab before OpenAI's of November 2025"
# What was paid for the stake in Anthropic so far, from the note on investments of each report: $8.0bn of
# convertible notes up to 2025Q4, of which preferred stock was made since, and 5.0bn each for preferred stock of
# the Series G and H in 2026Q2. The 10-Q of 2025Q3 has the parts of the first sum: 5.3bn up to 2024Q4, 1.3bn in
# 2025Q2 and 1.4bn to come in 2025Q4.
PAID_FOR_ANTHROPIC = {
    "2025Q4": ("7950000000..8050000000", "reported"),
    "2026Q1": ("7950000000..8050000000", "derived: 8.0bn up to 2025Q4, nothing paid in 2026Q1"),
    "2026Q2": ("17900000000..18100000000", "derived: 8.0bn up to 2025Q4, 5.0bn each for Series G and H"),
}
# Totals that the filings themselves round apart: (total, period) -> parts less total.
ROUNDED_APART = {("net_sales", "2019Q4"): Decimal(-1_000_000)}  # nine months print 1m above Q1..Q3
NOTES = {
    ("azure.growth", "2026Q2"): "the dollar figures of the same quarter imply 42 percent",
    ("shipping_costs", "2023Q2"): "10-Q text (20.5bn) and release table (20.418bn) disagree; the table holds",
    ("shipping_costs", "2025Q3"): "the 10-Q text of the day after prints 25.3bn; the table holds",
    (
        "charges.na/none",
        "2023Q4",
    ): "the annual report calls such charges of 2023 not material and gives no figure",
    ("chips.run_rate", "2025Q3"): "Trainium2 only",
    ("net_sales", "2019Q4"): "the segments add up to 1m less; the filings round apart",
    (
        "sales_marketing_expense",
        "2017Q4",
    ): "FY as a later annual report states it, less nine months of an earlier 10-Q",
    ("googl.rpo", "2026Q1"): "wider definition from here: adds contracts of a year or less (7.3bn)",
    ("googl.rpo", "2026Q2"): "wider definition since 2026Q1: adds contracts of a year or less",
}
HOW_WORDS = {  # the tables' wording of a derivation -> ours
    "derived: reported x 20": "derived: as filed x 20 for the split of June 2022",
    "derived: YTD minus prior YTD": "derived: year to date less the quarters before",
    "derived: full year less nine months": "derived: FY less nine months",
    "derived: full year less the three 10-Q quarters": "derived: FY less the quarters of its three 10-Qs",
    "derived: full year less three 10-Q quarters": "derived: FY less the quarters of its three 10-Qs",
    "derived: FY minus three quarters (each rounded to $0.1B)": "derived: FY less three quarters, all rounded to 0.1bn",
    "derived: TTM operating cash flow - purchases (net line as then reported)": "derived: twelve months of OCF less net purchases, as then reported",
    "derived: TTM operating cash flow - purchases + proceeds, all from the same cash-flow statement": "derived: twelve months of OCF less purchases plus proceeds, one cash flow statement",
    "derived: 29.415..29.425bn / 1.415..1.425": "derived: 2026Q2 over its growth, 29.415..29.425bn / 1.415..1.425 "
    "(both secondary)",
    "reported (daily close, month end or last available)": "reported (daily close, split-adjusted)",
    "reported: quarter-end month": "reported",
}
