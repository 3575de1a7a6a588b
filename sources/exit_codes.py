"""The exit codes of the commands. Each error of `sources.errors` has one; a run without an error has 0 or `PARTIAL`.

Codes 1, 130 and 143 are those of shells: any other error, SIGINT and SIGTERM. 75 is `EX_TEMPFAIL` of
https://man.openbsd.org/sysexits.3.
"""

SUCCESS = 0
FAILURE = 1
CONFIGURATION = 2
"""A setting, an id, a path or a statement is wrong."""
SIGN_IN = 3
"""The user has to sign in again."""
PARTIAL = 4
"""Everything that could be read is stored, but something requested could not be read."""
TRY_LATER = 75
"""Spotify, or another sync, asks to wait."""
