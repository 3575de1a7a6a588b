"""A run: reads resources, gathers their rows into batches, records what came of it."""
