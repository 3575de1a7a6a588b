"""Splits named playlists into shards, so that several syncs read one account at the same time."""

from collections.abc import Sequence
from zlib import crc32


def shards_of(playlists: Sequence[str], count: int) -> dict[int, tuple[str, ...]]:
    """Playlists by the number of their shard, from 1; those of a shard in the order given.

    A playlist's shard depends on its id alone, so that it stays where it is when others come and go. A shard without
    playlists is left out: naming none would mean all.

    Args:
        playlists: ids.
        count: how many shards.
    """
    shards: dict[int, list[str]] = {}
    for playlist in playlists:
        shards.setdefault(crc32(playlist.encode()) % count + 1, []).append(playlist)
    return {number: tuple(shards[number]) for number in sorted(shards)}
