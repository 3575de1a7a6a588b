"""What a destination already holds, read back; the one place that knows dlt's internals."""
