"""Investment theses as rules: scored against company filings, printed as a memo."""

__version__ = "0.1.0"
