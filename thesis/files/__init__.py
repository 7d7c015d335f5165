"""Files on disk: YAML and CSV with line and column, bounded reads, atomic writes, locks and the cache."""
