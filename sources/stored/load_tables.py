"""Names of the tables, or folders, that say which loads are complete."""

LOADS = "_dlt_loads"
"""dlt's: a record of each load that is complete."""
NOTES = "_playlake_loads"
"""Ours: a note on each record that was seen, by which a lost one is distinguished from a load that never completed."""
