"""The Amazon pack with the stakes as the method reckons with them, for the method's own figures."""

from __future__ import annotations

from copy import copy

from thesis.core.record import replace_fields
from thesis.pack.load import Pack


def with_stakes_of_the_method(pack: Pack) -> Pack:
    """The stakes with the warrants among them, all of it taxed, and 176.5bn of it left at the horizon."""
    valuation = pack.valuation
    assert valuation is not None
    stakes = next(claim for claim in valuation.claims if claim.id == "stakes")
    assert stakes.horizon is not None
    horizon = replace_fields(stakes.horizon, central="176.5e9")
    whole = replace_fields(stakes, value=f"{stakes.value} + equity_warrants", cost="", horizon=horizon)
    claims = [whole if claim is stakes else claim for claim in valuation.claims if claim.id != "warrants"]
    changed = copy(pack)
    changed.valuation = replace_fields(valuation, claims=claims)
    return changed
