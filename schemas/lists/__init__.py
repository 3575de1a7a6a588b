"""Lists that Spotify puts in an order of its own."""
