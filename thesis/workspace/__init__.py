"""Packs in a working folder: finding and opening them, starting new ones, running their trials."""
