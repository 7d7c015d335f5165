"""The memo: an assessment as Markdown, HTML or PDF, with footnotes down to the filings."""
