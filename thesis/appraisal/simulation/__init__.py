"""Monte Carlo simulation: the chance of reaching the target under a pack's assumptions."""
