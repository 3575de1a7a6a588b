"""What people do with a lake besides syncing it."""
