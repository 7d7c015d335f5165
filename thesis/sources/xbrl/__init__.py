"""XBRL: facts from inline documents, instances and the SEC's companyfacts files."""
