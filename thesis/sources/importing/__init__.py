"""Importing: which facts of a file become rows of a pack, planned whole before anything is written."""
