"""Journal: signed reviews, the rating that they carry, and the changes between them; only ever added to."""
