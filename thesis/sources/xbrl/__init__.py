"""XBRL: facts out of inline documents, instances and the SEC's companyfacts files."""
