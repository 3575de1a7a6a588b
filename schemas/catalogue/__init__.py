"""Tracks, albums, artists, episodes, shows and users."""
