"""EDGAR: which filings a company has made, and their download with the SEC's limits respected."""
