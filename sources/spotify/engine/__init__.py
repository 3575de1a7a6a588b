"""A run: reads resources, gathers their rows into batches, records the outcomes."""
