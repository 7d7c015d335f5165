"""Interval arithmetic, periods, immutable records, problems and formatting, used by everything else."""
