"""Narrative: the sentences of memo and terminal about an assessment, a valuation or a change."""
