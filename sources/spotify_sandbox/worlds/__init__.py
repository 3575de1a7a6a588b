"""Making worlds: generated from a seed, from recorded answers, from observed histories, from files."""
