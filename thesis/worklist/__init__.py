"""What a rating needs today: the inputs that are missing or out of date, by the document they stand in."""
