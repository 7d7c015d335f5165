"""Investment theses as rules: scored against what the filings say, told as a memo."""

__version__ = "0.1.0"
