"""The account data that Spotify sends on request: what somebody listened to, for years back."""
