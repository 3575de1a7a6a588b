"""What Spotify knows: people, their playlists and libraries, and the catalogue."""
