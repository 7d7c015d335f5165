"""Share prices: daily closes from CSV and JSON files."""
