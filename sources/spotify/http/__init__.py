"""HTTP transports: connections, rate limits, retries, recording, replay and prefetching."""
