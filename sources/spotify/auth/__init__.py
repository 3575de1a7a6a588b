"""Authentication: sign-in, tokens, and where they are stored."""
