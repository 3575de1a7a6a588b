"""Runs of the sync."""
