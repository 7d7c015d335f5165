"""Files on disk: YAML and CSV with places, bounded reads, atomic writes, locks and the cache."""
