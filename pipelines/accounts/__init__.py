"""Accounts as data: a file that lists them, checked whole, and their syncs one after the other."""
