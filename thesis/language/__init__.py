"""The rule language: text to nodes, nodes to values, units checked on the way.

It knows quarters and intervals and nothing else: not where facts come from, nor what a rule is.
"""
