"""Board: many theses side by side, those that need attention first."""
