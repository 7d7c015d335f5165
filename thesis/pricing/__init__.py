"""Pricing: what a valuation works out without scores, under the names `value.*` of the rule language."""
