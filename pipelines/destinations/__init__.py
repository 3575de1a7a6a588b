"""Where the tables are."""
