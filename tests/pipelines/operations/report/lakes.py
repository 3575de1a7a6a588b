"""Lakes for the page: one in which every text is hostile, with as many playlists as are wanted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.destinations.lake import Lake
from tests.schemas.lake_folder import LakeFolder

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"' & {{ 7 * 7 }} \u202eevil 😭夏موسيقى"
ENDLESS = (HOSTILE * 200)[:10_000]
"""Longer than Spotify allows, and than fits anywhere."""
PICTURE = b"\xff\xd8\xff".ljust(20_000, b"\0")
"""As large as a page takes it."""


def hostile_lake(folder: Path, playlists: int = 3) -> Lake:
    """A Parquet lake with two items on each playlist, three syncs, and markup wherever Spotify's words would stand."""
    ids = [f"{number:022d}" for number in range(playlists)]
    rows: dict[str, list[dict[str, Any]]] = {
        "playlists": [_playlist(id_, number) for number, id_ in enumerate(ids)],
        "users": [{"user_id": "owner", "display_name": HOSTILE}],
        "tracks": [
            {"track_uri": "spotify:track:1", "name": HOSTILE, "duration_ms": 60_000},
            {"track_uri": "spotify:track:2", "name": ENDLESS, "album_name": ENDLESS, "duration_ms": 60_000},
        ],
        "track_artists": [
            {"track_uri": f"spotify:track:{track}", "position": 0, "artist_id": f"{track}/?&#", "artist_name": name}
            for track, name in ((1, HOSTILE), (2, ENDLESS))
        ],
        "playlist_additions": [_addition(id_, key) for id_ in ids for key in (1, 2, 3)],
        "playlist_snapshots": [
            {
                "playlist_id": id_,
                "snapshot_id": str(state),
                "observed_at": NOW - timedelta(days=days),
                "item_keys": keys,
                "item_count": len(keys),
            }
            for id_ in ids
            for state, (days, keys) in enumerate(((9, [1]), (2, [1, 2, 3]), (1, [2, 3])))
        ],
        "covers": [
            {"sha256": "aa", "content_type": "image/jpeg", "bytes": 20_000, "data": PICTURE, "first_seen_at": NOW},
            {"sha256": "bb", "content_type": HOSTILE, "bytes": 9, "data": b"<svg></svg>", "first_seen_at": NOW},
        ],
        "playlist_covers": [
            {"playlist_id": id_, "observed_at": NOW, "cover_sha256": name, "thumbnail_sha256": name}
            for id_, name in zip(ids, ("bb", *("aa",) * playlists), strict=False)
        ],
        "runs": [_run(number) for number in range(3)],
        "playlist_reads": [
            {
                "run_id": "2",
                "playlist_id": ids[0],
                "outcome": "failed",
                "message": HOSTILE,
                "finished_at": NOW - timedelta(days=1),
            }
        ],
    }
    LakeFolder(folder / "spotify").load("1.0", rows)
    return Lake("parquet", str(folder))


def _playlist(playlist_id: str, number: int) -> dict[str, Any]:
    return {
        "playlist_id": playlist_id,
        "name": f"{HOSTILE} {number}",
        "owner_id": "owner",
        "external_url": "javascript:alert(3)" if number % 2 else f"https://open.spotify.com/playlist/{playlist_id}",
        "access": "readable",
        "items_total": 1,
        "last_read_at": NOW - timedelta(days=1),
    }


def _addition(playlist_id: str, key: int) -> dict[str, Any]:
    return {
        "playlist_id": playlist_id,
        "item_key": key,
        "item_uri": f"spotify:track:{max(key - 1, 1)}",
        "item_type": "track",
        "added_at": NOW - timedelta(days=100 * key),
        "first_observed_at": NOW - timedelta(days=9),
    }


def _run(number: int) -> dict[str, Any]:
    return {
        "run_id": str(number),
        "started_at": NOW - timedelta(days=(9, 2, 1)[number]),
        "finished_at": NOW - timedelta(days=(9, 2, 1)[number]),
        "exit_code": (0, 0, 4)[number],
        "outcome": ("done", "done", "partial")[number],
        "message": HOSTILE if number == 2 else None,
    }
