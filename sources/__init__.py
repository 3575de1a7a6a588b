"""Where the data comes from: the Spotify Web API, account exports, and a sandbox that imitates the API."""
