"""The data that a sandbox serves: users, their playlists and libraries, and the catalogue."""
