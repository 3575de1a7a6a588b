"""The resource `playlists`: which ones to read (plan), reading them whole (read), and what is new (diff)."""
