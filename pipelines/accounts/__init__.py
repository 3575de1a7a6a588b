"""Accounts files: parsing, complete validation, and syncing the accounts one after the other."""
