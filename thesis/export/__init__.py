"""Formats that other tools expect: test reports, annotations, tables and calendars, all views of a pack."""
