"""The state that a destination already holds, read back; the only package that knows dlt's internals."""

# The source imports these modules, and they import its rows: whichever is asked for first, the source begins.
from sources.spotify import source as source
