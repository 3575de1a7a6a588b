"""Writes back to Spotify: `restore` restores an earlier state, `push` writes the result of a query."""

from pipelines.operations.writing.command import Written
from pipelines.operations.writing.dlt_destination import spotify_playlist
from pipelines.operations.writing.push import push
from pipelines.operations.writing.restore import restore

__all__ = ["Written", "push", "restore", "spotify_playlist"]
