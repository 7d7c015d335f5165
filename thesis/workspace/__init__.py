"""Workspace: finding and opening packs, starting new ones, running their trials."""
