"""What can be read of Spotify, a resource a module."""
