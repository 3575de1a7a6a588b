"""What tutorials do: spotipy's pages into a list of dicts, that into a data frame, and the frame into DuckDB.

As in them, an entry without a track is skipped, which would else end the script; unlike in some, all pages are
read, and podcasts and local files do not end it either.
"""

import os
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import spotipy


def load(_place: Path, _url: str, work: Path) -> int:
    """One table."""
    spotify = spotipy.Spotify(auth="benchmark", requests_timeout=60)
    spotify.prefix = os.environ["SOURCES__SPOTIFY__API_URL"] + "/"
    rows: list[dict[str, Any]] = []
    for playlist in _all(spotify, spotify.current_user_playlists()):
        for entry in _all(spotify, spotify.playlist_items(playlist["id"])):
            track = entry.get("item") or entry.get("track")
            if track is not None:
                rows.append(_row(playlist, entry, track))
    frame = pd.DataFrame(rows)
    frame["added_at"] = pd.to_datetime(frame["added_at"])
    with duckdb.connect(str(work / "tutorial.duckdb")) as connection:
        connection.register("frame", frame)
        connection.execute("CREATE TABLE tracks AS FROM frame")
    return len(rows)


def _all(spotify: Any, page: dict[str, Any]) -> list[dict[str, Any]]:
    found = list(page["items"])
    while page["next"]:
        page = spotify.next(page)
        found.extend(page["items"])
    return found


def _row(playlist: dict[str, Any], entry: dict[str, Any], track: dict[str, Any]) -> dict[str, Any]:
    album = track.get("album") or track.get("show") or {}
    return {
        "playlist_id": playlist["id"],
        "playlist": playlist["name"],
        "added_at": entry["added_at"],
        "added_by": (entry.get("added_by") or {}).get("id"),
        "track_uri": track["uri"],
        "track_name": track["name"],
        "artists": ", ".join(artist["name"] for artist in track.get("artists") or [] if artist["name"]),
        "album": album.get("name"),
        "release_date": album.get("release_date"),
        "duration_ms": track["duration_ms"],
        "popularity": track.get("popularity"),
        "explicit": track.get("explicit"),
        "isrc": (track.get("external_ids") or {}).get("isrc"),
    }
