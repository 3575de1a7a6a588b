"""How it runs: syncing into a destination, views, the command line."""
