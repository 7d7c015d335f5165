"""Journal: what an analyst signed, and what was said on the way there; appended to, never edited."""
