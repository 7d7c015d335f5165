"""Rebuild the fact files of the Amazon pack from the gathered data: `python -m scripts.build_facts`."""
