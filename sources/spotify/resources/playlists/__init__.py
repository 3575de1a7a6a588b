"""Playlists: what to read, reading it whole, and what is new in it."""
