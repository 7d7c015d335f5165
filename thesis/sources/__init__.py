"""Sources: filings, earnings releases and prices, read into facts exactly as stated, each with its place."""
