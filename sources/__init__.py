"""Where the data comes from: the Spotify Web API, and a sandbox that stands in for it."""
