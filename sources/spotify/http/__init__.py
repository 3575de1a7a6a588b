"""How requests travel: connections, rate limits, retries, recordings of answers, prefetching."""
