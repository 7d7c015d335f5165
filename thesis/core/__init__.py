"""What everything else stands on: interval arithmetic, periods, immutable records, problems, formatting."""
