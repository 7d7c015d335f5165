"""Documents as data: blocks of text and tables, and the printers for terminals, Markdown and HTML."""
