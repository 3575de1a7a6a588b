"""The state that a destination already holds, read back; the only package that knows dlt's internals."""
