"""EDGAR: a company's filings, downloaded within the SEC's limits."""
