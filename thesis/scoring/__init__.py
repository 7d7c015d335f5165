"""Scoring: from values to scores of rules, from scores to a rating, and what would change it."""
