"""Where worlds come from: generated from a seed, recorded answers, observed histories, files."""
