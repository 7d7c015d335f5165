"""Sentences: what an assessment, a valuation or a change says, in the words of memo and terminal."""
