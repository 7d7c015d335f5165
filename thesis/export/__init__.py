"""Formats for other programs: JSON, test reports, annotations, tables and calendars."""
