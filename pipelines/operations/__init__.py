"""The operations on a lake besides syncing it."""
