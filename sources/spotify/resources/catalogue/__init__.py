"""What is behind the ids: tracks, albums, artists, shows, episodes and audiobooks, described in full."""
