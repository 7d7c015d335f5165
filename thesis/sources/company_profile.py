"""What a company's facts say of the company: accounting standard, currency, fiscal year, kind of business.

Each is told from the facts alone, by rules that were measured on some ninety companies: the fiscal year as
annual reports state their own, the currency as most amounts are in, the kind of business by tags that only
banks, insurers or property companies use. An industry code of the SEC, where it is at hand, goes before them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from thesis.core.currency import is_currency
from thesis.core.formatting import join_words
from thesis.core.problem import InvalidInput, Problem
from thesis.sources.importing.periods import stated_year_ends
from thesis.sources.reported_fact import FilingReference, ReportedFact

ANNUAL = ("10-K", "20-F", "40-F")
RECENT = timedelta(days=800)  # before the newest figure: how a company reports now
LOOKED_BACK = timedelta(days=5 * 366)  # in which a change of currency or year end counts
QUARTER = range(75, 126)  # days
LEAST_QUARTERS = 3
STANDARDS: Mapping[str, str] = {"us-gaap": "standard/us-gaap", "ifrs-full": "standard/ifrs"}
SECTORS = ("company", "bank", "insurer", "reit")

_BANK = (
    "Deposits", "NoninterestIncome", "NoninterestExpense", "InterestExpenseDeposits",
    "LoansAndLeasesReceivableNetReportedAmount", "ProvisionForLoanAndLeaseLosses", "InterestIncomeExpenseNet",
    "InterestAndDividendIncomeOperating", "ProvisionForLoanLeaseAndOtherLosses",
    "InterestAndFeeIncomeLoansAndLeases",
    "FinancingReceivableExcludingAccruedInterestAfterAllowanceForCreditLoss",
)  # fmt: skip
_INSURER = (
    "PremiumsEarnedNet", "PremiumsWrittenNet", "PolicyholderBenefitsAndClaimsIncurredNet",
    "LiabilityForFuturePolicyBenefits", "LiabilityForClaimsAndClaimsAdjustmentExpense", "UnearnedPremiums",
    "DeferredPolicyAcquisitionCosts", "ReinsuranceRecoverables", "PremiumsReceivableAtCarryingValue",
)  # fmt: skip
_REIT = (
    "RealEstateInvestmentPropertyNet", "RealEstateInvestmentPropertyAtCost",
    "OperatingLeasesIncomeStatementLeaseRevenue",
    "RealEstateRevenueNet", "GainLossOnSaleOfProperties", "PaymentsToAcquireRealEstateHeldForInvestment",
    "PaymentsToAcquireRealEstate", "RealEstateInvestmentPropertyAccumulatedDepreciation",
)  # fmt: skip
_MARKS = (("insurer", _INSURER, 2), ("bank", _BANK, 3), ("reit", _REIT, 2))
_INDUSTRIES = (("bank", range(6020, 6212)), ("insurer", range(6311, 6400)), ("reit", range(6798, 6799)))


class CompanyProfile(NamedTuple):
    """How a company reports: ``year_ends`` is Q1 to Q4, ``uses`` the standard definitions that fit it.

    ``sector`` is one of ``SECTORS``; ``doubt`` says where the industry code and the tags do not agree.
    """

    cik: str
    uses: str
    currency: str
    year_ends: str
    sector: str
    doubt: str = ""


def company_profile(
    facts: Sequence[ReportedFact], shown: str, industry: str = "", sector: str = ""
) -> CompanyProfile:
    """How the company reports of which a file of facts is. ``industry``: its SIC code, where that is known.

    Errors: ``InvalidInput`` where the file is of several companies or holds no statements; where the company
    reports by years alone, or changed its currency or the end of its fiscal year in the last five years.
    """
    stated = [fact for fact in facts if not fact.flaw and fact.value is not None and fact.period.end]
    ciks = sorted({fact.entity for fact in stated if fact.entity})
    if len(ciks) != 1:
        whose = f"is of {join_words(ciks)}" if ciks else "holds no facts of a company"
        hint = "give the SEC's companyfacts of one company: CIK##########.json"
        raise InvalidInput([Problem("unknown-filer", f"`{shown}` {whose}", hint=hint)])
    newest = max(fact.period.end for fact in stated if fact.period.end)
    recent = [fact for fact in stated if fact.period.end and fact.period.end > newest - RECENT]
    taxonomy = Counter(fact.tag.partition(":")[0] for fact in recent)
    standards = [name for name, _ in taxonomy.most_common() if name in STANDARDS]
    if not standards or not any(fact.period.days in QUARTER or fact.period.is_year for fact in recent):
        message = f"`{shown}` holds no figures over a quarter or a year: the company reports no business"
        raise InvalidInput(
            [Problem("no-figures", message, hint="a shell company has nothing to be scored on")]
        )
    problems = [*_years_alone(recent, shown), *_changed(stated, newest, shown)]
    if problems:
        raise InvalidInput(problems)
    year_end = stated_year_ends(stated).get(ciks[0])
    found, doubt = _sector({fact.tag.partition(":")[2] for fact in recent}, industry)
    sector = sector or found
    uses = STANDARDS[standards[0]] + (f"/{sector}" if sector != "company" else "")
    year_ends = year_end.quarter if year_end else "Q4"
    return CompanyProfile(ciks[0], uses, _currency(recent), year_ends, sector, doubt)


def _years_alone(recent: Sequence[ReportedFact], shown: str) -> Iterator[Problem]:
    """A company that states no quarters, as most that file a 20-F do: rules are scored by quarters."""
    quarters = {fact.period.end for fact in recent if fact.period.days in QUARTER}
    if len(quarters) < LEAST_QUARTERS:
        told = f"{len(quarters)} quarters of the last two years"
        message = f"`{shown}` states {told}, and rules are scored by quarters"
        hint = "start a skeleton with --entity, and add quarters out of releases with `thesis facts add`"
        yield Problem("no-figures", message, hint=hint)


def _changed(stated: Sequence[ReportedFact], newest: date, shown: str) -> Iterator[Problem]:
    """A currency or an end of the year that is not the same in the annual reports of the last years."""
    reports: dict[FilingReference, list[ReportedFact]] = {}
    for fact in stated:
        is_late = fact.filed and fact.filed > newest - LOOKED_BACK
        if is_late and fact.form in ANNUAL:
            reports.setdefault(fact.filing, []).append(fact)
    ordered = sorted(reports.items(), key=lambda each: str(each[0].filed))
    for code, what, told in (
        ("other-currency", "currency", [(filing, _currency(held)) for filing, held in ordered]),
        ("year-end", "end of the fiscal year", list(_year_ends(ordered))),
    ):
        before = [(filing, text) for filing, text in told if text]
        for (_, was), (filing, now) in pairwise(before):
            if was != now:
                message = (
                    f"`{shown}`: the {what} is {was} before, and {now} in the {filing.form} of {filing.filed}"
                )
                hint = (
                    "figures before and after do not compare: start a skeleton with --entity, and import "
                    f"what was filed since with `thesis facts import --since {filing.filed}`"
                )
                yield Problem(code, message, hint=hint)
                break


def _year_ends(
    reports: Iterable[tuple[FilingReference, Sequence[ReportedFact]]],
) -> Iterator[tuple[FilingReference, str]]:
    for filing, held in reports:
        for end in stated_year_ends(held).values():
            yield filing, end.quarter


def _currency(facts: Iterable[ReportedFact]) -> str:
    """The currency that most amounts are in; empty where there is none."""
    found = Counter(fact.unit for fact in facts if is_currency(fact.unit))
    return found.most_common(1)[0][0] if found else ""


def _sector(tags: Collection[str], industry: str) -> tuple[str, str]:
    """The kind of business, and what speaks against it."""
    marked = next((name for name, marks, least in _MARKS if len(set(marks) & set(tags)) >= least), "company")
    by_tags = "company" if "AssetsCurrent" in tags else marked
    code = int(industry) if industry.isdecimal() else 0
    if not code:
        return by_tags, ""
    by_code = next((name for name, codes in _INDUSTRIES if code in codes), "company")
    doubt = (
        f"its industry code {industry} says {by_code}, its tags say {by_tags}" if by_code != by_tags else ""
    )
    return by_code, doubt
