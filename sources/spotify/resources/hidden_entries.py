"""Entries that Spotify hides: a null in a page of a playlist or of saved items keeps its place as a row."""

from collections.abc import Iterable

from sources.spotify.models.answers import Entry
from sources.spotify.resources.addition_identity import Identity

NOBODY: Identity = (None, None)
"""The identity of an entry that says neither what it is nor when it was added."""


def kept_entries(rows: Iterable[Entry | None]) -> list[Entry]:
    """The rows of a page of a playlist's items; one that is null is an entry with no values."""
    return [row or Entry() for row in rows]


def kept_identities(identities: Iterable[Identity | None]) -> list[Identity]:
    """The identities of saved items; those of null rows have neither URI nor time."""
    return [identity or NOBODY for identity in identities]
