"""Frozen data is read by the tests beside it; nothing in it is a test by itself."""

collect_ignore = ["packs"]
