"""State and control of a sandbox, at addresses that Spotify does not have: ``/`` and ``/sandbox``."""

from sources.spotify_sandbox.control.addresses import ADDRESSES, is_own, own

__all__ = ["ADDRESSES", "is_own", "own"]
