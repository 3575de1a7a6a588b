"""Playlists and what is on them."""
