"""Share prices: daily closes out of CSV and JSON files."""
