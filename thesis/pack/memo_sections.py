"""The sections of a memo that a statement of thesis.yaml may name as its place."""

from __future__ import annotations

VALUED = "target"
"""The section that only a pack with a valuation has."""
MEMO_SECTIONS = (
    "verdict",
    "needs",
    "scorecard",
    "conditions",
    "risks",
    "flips",
    VALUED,
    "judgements",
    "unknowns",
)
"""Their ids in the order of the memo; those about earlier reviews are not in every memo and left out."""
