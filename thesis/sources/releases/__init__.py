"""Earnings releases: the figures of their tables."""
