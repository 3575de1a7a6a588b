"""A sync, from lock to views."""
