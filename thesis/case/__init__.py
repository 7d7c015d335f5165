"""A case: a pack as of a day, with the value and the evidence of everything that a rule may use."""
