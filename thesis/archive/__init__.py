"""Documents on file: which a pack has, their bytes in the user's cache, their text, and passages in it."""
