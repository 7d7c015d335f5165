"""Importing: the rows that a file adds to a pack, planned as a whole before anything is written."""
