"""Board: many theses at a glance, what each is worth looking at for, and which of them cannot wait."""
