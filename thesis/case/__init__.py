"""A case: a pack as of a day, with every value a rule may ask for and the evidence behind it."""
