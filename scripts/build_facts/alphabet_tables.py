"""Alphabet's pack, what the filings on file lack: figures read in copies of filings, and readings of our own.

A figure read in a copy names the quarter whose report it is a copy of, and the place where it was read. Where
a page printed it to so many digits, its range is what rounds to them.
"""

from __future__ import annotations

from typing import NamedTuple

from .tables import NOTES as AMAZONS_NOTES
from .tables import UNEVEN as AMAZONS_UNEVEN
from .tables import dollars

QUARTERLY = dollars(
    google_cloud_revenue="cloud.net_sales",
    google_cloud_operating_income="cloud.operating_income",
    purchases_of_property_and_equipment="capex",
    revenue_backlog_rpo="rpo",
)
REGISTER = "jaredtrichard/grok-research memory/googl/register.md@23147184"
PACKET = "daviddbao/ai-capex-roic pipeline/packets/CY2026Q2/GOOG.md@0d4ab65c"
QUOTES = "btruempi/GMR data/quotes/GOOGL.json@030cc3e0"
SECONDARY, RESTATED = "transcribed (secondary)", "restated (secondary)"


class Copy(NamedTuple):
    """Figures in millions; the note is the address of a page, if it was one."""

    concept: str
    period: str
    millions: str
    report: str
    place: str
    note: str = ""
    how: str = SECONDARY


def page(address: str) -> tuple[str, str]:
    """A page's place and the note with its address."""
    return address.removeprefix("www.").partition("/")[0], f"<https://{address}>"


COPIES = (
    # --- the 10-Q for 2026Q2, of which only the tags of a subset are on file -------------------------
    Copy("marketable_securities", "2026Q2", "186563", "2026Q2", REGISTER),
    Copy("non_marketable_securities", "2026Q2", "131461", "2026Q2", REGISTER),
    Copy("ppe", "2026Q2", "321212", "2026Q2", REGISTER),
    Copy("debt_current", "2026Q2", "1999", "2026Q2", REGISTER),
    Copy("preferred_stock", "2026Q2", "18023", "2026Q2", REGISTER),
    Copy("fines_accrued", "2026Q2", "17356", "2026Q2", REGISTER),
    Copy("shares", "2026Q2", "12230", "2026Q2", REGISTER, "cover page, 2026-07-15"),
    Copy("depreciation", "2026Q2", "7104", "2026Q2", f"six months of 13,586m less 6,482m of the first quarter; {REGISTER}"),
    # --- Search by quarter; years stand in annual reports, of which that for 2023 is on file -----------
    Copy("search.net_sales", "2022Q1", "39615..39625", "2023Q1", *page("www.techzine.eu/news/analytics/105139/googles-cloud-division-posts-quarterly-profits-for-the-first-time/")),
    Copy("search.net_sales", "2023Q1", "40355..40365", "2023Q1", *page("www.techzine.eu/news/analytics/105139/googles-cloud-division-posts-quarterly-profits-for-the-first-time/")),
    Copy("search.net_sales", "2023Q2", "42625..42635", "2024Q2", *page("www.phonearena.com/news/alphabet-earnings-hurt-by-weaker-than-expected-you-tube-performance_id160704")),
    Copy("search.net_sales", "2023Q3", "43923..44043", "2024Q2", "175,033m of the year (10-K 0001652044-24-000022) less the other three quarters"),
    Copy("search.net_sales", "2023Q4", "48015..48025", "2023Q4", *page("www.phonearena.com/news/fourth-quarter-numbers-from-google-suggest-strong-pixel-sales_id154846")),
    Copy("search.net_sales", "2024Q1", "46150..46250", "2024Q1", *page("www.fool.com/data-news/2024/04/29/alphabet-surpasses-q1-expectations/")),
    Copy("search.net_sales", "2024Q2", "48505..48515", "2024Q2", *page("www.fool.com/data-news/2024/07/24/alphabets-strong-q2-results-beat-expectations")),
    Copy("search.net_sales", "2024Q3", "49385..49395", "2024Q3", *page("wanism.com/alphabet-q3-2024-earnings-review/")),
    Copy("search.net_sales", "2024Q4", "54025..54035", "2024Q4", *page("fintool.com/app/research/companies/GOOGL/earnings/Q4%202024")),
    Copy("search.net_sales", "2025Q1", "50650..50750", "2025Q1", *page("research.aardvarklabs.co/research/googl/earnings/2025-q1/googl-2025-q1-recap")),
    Copy("search.net_sales", "2025Q2", "54185..54195", "2025Q2", *page("preview.deepnewz.com/company-earnings/alphabet-beats-estimates-boosts-2025-capex-outlook-to-85-billion-9500ec6b")),
    Copy("search.net_sales", "2025Q3", "56550..56650", "2025Q3", *page("www.alpha-sense.com/en/earnings/goog")),
    Copy("search.net_sales", "2025Q4", "63050..63150", "2025Q4", *page("www.alpha-sense.com/earnings/goog")),
    Copy("search.net_sales", "2026Q1", "60399", "2026Q2", f"six months of 123,670m less 63,271m of the second quarter; {REGISTER}"),
    Copy("search.net_sales", "2026Q2", "63271", "2026Q2", REGISTER),
    # --- Cloud in 2022 without the research that left the segments in 2023 ------------------------------
    Copy("cloud.operating_income", "2022Q1", "-706", "2023Q1", *page("www.cio.com/article/474877/google-cloud-posts-first-ever-operating-profit-despite-slowing-growth.html"), RESTATED),
    Copy("cloud.operating_income", "2022Q2", "-590", "2023Q2", *page("ciodive.com/news/Google-Cloud-profits-generative-AI-infrastructure/689023"), RESTATED),
    Copy("cloud.operating_income", "2022Q3", "-440", "2023Q4", "-1,922m of the year (10-K 0001652044-24-000022) less the other three quarters", how=RESTATED),
    Copy("cloud.operating_income", "2022Q4", "-186", "2023Q4", *page("pulsestacks.com/news/google-039-s-parent-company-alphabet-reports-q4-revenue-of-86-31-billion-net-profit-of-20-69-billion-advertising-revenue-falls-short-of-expectations.html"), RESTATED),
)  # fmt: skip

# Four quarters in the reconciliation of one release, in millions.
FREE_CASH_FLOW = {"2025Q3": "24461", "2025Q4": "24551", "2026Q1": "10116", "2026Q2": "-5855"}
RELEASE_2026Q2 = ("8-K 0001652044-26-000066", "2026-07-22")

# What Anthropic has signed, as far as the press has it: quarter, day, billions, how it is read, address.
LABS_BEFORE = "judged: no order of a size that was reported before October 2025"
UP_TO_200BN = "judged: up to 200bn over five years, by press reports that neither side confirmed, read as half to all of it"
LABS = (
    ("2025Q4", "2026-02-05", "20..90", "judged: tens of billions, as announced on 23 October 2025, read as 20bn to 90bn", "www.appeconomyinsights.com/p/googles-nvidia-moment"),
    ("2026Q1", "2026-04-30", "20..315", "judged: tens of billions of October 2025, and the order of 6 April 2026, of no stated size and in or out, at most all of the quarter's rise", "open-techstack.com/blog/broadcom-google-anthropic-tpu-deal-2026"),
    ("2026Q1", "2026-05-05", "100..200", UP_TO_200BN, "virtuesig.com/anthropic-200bn-google-cloud-commitment/"),
    ("2026Q2", "2026-07-23", "100..200", f"{UP_TO_200BN}; nothing of it taken off", "virtuesig.com/anthropic-200bn-google-cloud-commitment/"),
)  # fmt: skip

# The last close of each month of the class A share, and the last ones of all; the last day of the file is not
# over in it.
CLOSES = """
2024-08-30 163.38  2024-09-30 165.85  2024-10-31 171.11  2024-11-29 168.95  2024-12-31 189.3
2025-01-31 204.02  2025-02-28 170.28  2025-03-31 154.64  2025-04-30 158.8   2025-05-30 171.74
2025-06-30 176.23  2025-07-31 191.9   2025-08-29 212.91  2025-09-30 243.1   2025-10-31 281.19
2025-11-28 320.18  2025-12-31 313     2026-01-30 338     2026-02-27 311.76  2026-03-31 287.56
2026-04-30 384.8   2026-05-29 380.34  2026-06-30 357.37  2026-07-31 356.13  2026-08-14 345.9
2026-08-19 344.72
"""

# --- documents on file --------------------------------------------------------------------------------
COMPANYFACTS = "companyfacts_full/GOOGL_CIK0001652044.json"
FILINGS = (
    "googl_10k_fy2023/0001652044-24-000022_primary-document.html",
    COMPANYFACTS,
    "companyfacts_subset/GOOGL.json",
    "amzn_10k_fy2022_xbrl/amzn-20221231_htm.xml",
    "amzn_10k_fy2023/0001018724-24-000008_primary-document.html",
)
PREFERRED, LEASES = "PreferredStockSharesOutstanding", "FinanceLeaseLiability"
BOTH, LEASES_DUE = "LongTermDebtAndCapitalLeaseObligations", "FinanceLeaseLiabilityCurrent"
LEASES_UNTIL = "2024Q3"
NOTES = {("rpo", quarter): AMAZONS_NOTES["googl.rpo", quarter] for quarter in ("2026Q1", "2026Q2")}
UNEVEN = {("capex", "FY2016"): AMAZONS_UNEVEN["googl.capex", "FY2016"]}
