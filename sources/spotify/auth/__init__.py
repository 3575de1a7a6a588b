"""Who asks: sign-in, tokens and where they are kept."""
