"""The catalogue resources: tracks, albums, artists, shows, episodes and audiobooks, looked up in full."""
