"""Documents as data: blocks of text and tables, and what prints them for terminals, Markdown and HTML."""
