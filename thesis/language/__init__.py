"""The rule language: syntax, evaluation, units.

It knows quarters and intervals and nothing else: not where facts come from, nor what a rule is.
"""
