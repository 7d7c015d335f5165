"""Appraisal: the valuation that a pack's assumptions give on what is known on a day.

The arithmetic itself is ``thesis.valuation``; here it meets the pack's segments, drivers and facts.
"""
