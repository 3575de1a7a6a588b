"""The resources that can be read from Spotify, one module each."""
