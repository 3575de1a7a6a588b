"""Readers of exported files that share nothing with what writes them: what stands in a file, as plain rows.

Each gives the entries as dictionaries with as much as the format has of `uri title artists album milliseconds added_at
isrc`, and the name of the playlist where the file says it.
"""

import csv
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

Rows = list[dict[str, Any]]
EXPORTIFY = [
    "Track URI", "Track Name", "Artist URI(s)", "Artist Name(s)", "Album URI", "Album Name", "Album Artist URI(s)",
    "Album Artist Name(s)", "Album Release Date", "Album Image URL", "Disc Number", "Track Number",
    "Track Duration (ms)", "Track Preview URL", "Explicit", "Popularity", "ISRC", "Added By", "Added At",
]  # fmt: skip
EXTENSION = "https://developer.spotify.com/documentation/web-api/reference/get-playlists-items"
JSPF_PLAYLIST = {
    "title", "creator", "annotation", "info", "location", "identifier", "image", "date", "license", "attribution",
    "link", "meta", "extension", "track",
}  # fmt: skip
JSPF_TRACK = {
    "location", "identifier", "title", "creator", "annotation", "info", "image", "album", "trackNum", "duration",
    "link", "meta", "extension",
}  # fmt: skip


def read(file: Path) -> Rows:
    """The entries of a file, in order; its ending tells the format."""
    return {".csv": _csv, ".xlsx": _xlsx, ".m3u8": _m3u8, ".jspf": _jspf, ".txt": _uris}[file.suffix](file)


def _csv(file: Path) -> Rows:
    text = file.read_bytes().decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    return [_exportify(dict(zip(header, row, strict=True)), header) for row in rows]


def _xlsx(file: Path) -> Rows:
    import openpyxl

    book = openpyxl.load_workbook(file)
    (sheet,) = book.worksheets
    for row in sheet.iter_rows(min_row=2):
        assert all(cell.data_type in "snbd" and cell.hyperlink is None for cell in row)
    header, *rows = sheet.iter_rows(values_only=True)
    return [_exportify(dict(zip(header, row, strict=True)), list(header)) for row in rows]


def _exportify(row: dict[Any, Any], header: list[Any]) -> dict[str, Any]:
    assert header[: len(EXPORTIFY)] == EXPORTIFY
    assert header[len(EXPORTIFY) :] in ([], ["Playlist Name", "Playlist URI", "Place"])
    length, added = row["Track Duration (ms)"], row["Added At"]
    if isinstance(added, str) and added:
        added = datetime.strptime(added, "%Y-%m-%dT%H:%M:%S%z").replace(tzinfo=None)
    return {
        "uri": row["Track URI"] or None,
        "title": row["Track Name"] or None,
        "artists": row["Artist Name(s)"] or None,
        "album": row["Album Name"] or None,
        "milliseconds": int(length) if length not in (None, "") else None,
        "added_at": added or None,
        "isrc": row["ISRC"] or None,
        "playlist": row.get("Playlist Name"),
    }


def _uris(file: Path) -> Rows:
    return [{"uri": line} for line in file.read_bytes().decode().splitlines()]


def _m3u8(file: Path) -> Rows:
    first, *lines = file.read_bytes().decode().splitlines()
    assert first == "#EXTM3U"
    rows: Rows = []
    about: dict[str, Any] = {}
    name = None
    for line in lines:
        word, _, rest = line.partition(":")
        if word == "#PLAYLIST":
            name = rest
        elif word == "#EXTINF":
            seconds, _, about["shown"] = rest.partition(",")
            about["seconds"] = int(seconds)
        elif word == "#EXTGRP":
            about["playlist"] = rest
        else:
            assert not line.startswith("#")
            rows.append({"playlist": name, **about, "uri": line})
            about = {}
    return rows


def _jspf(file: Path) -> Rows:
    document = json.loads(file.read_bytes())
    assert document.keys() == {"playlist"}
    playlist = document["playlist"]
    assert playlist.keys() <= JSPF_PLAYLIST
    assert all(isinstance(value, str) for name, value in playlist.items() if name != "track")
    return [_jspf_track(track, playlist["title"]) for track in playlist["track"]]


def _jspf_track(track: dict[str, Any], name: str) -> dict[str, Any]:
    assert track.keys() <= JSPF_TRACK
    for key, value in track.items():
        kind = {"location": list, "identifier": list, "trackNum": int, "duration": int, "extension": dict}.get(key, str)
        assert type(value) is kind, (key, value)
    # An extension is a list of bodies.
    ((body,),) = track["extension"].values()
    (address,) = track["extension"]
    assert address == EXTENSION
    (uri,) = track.get("location", [None])
    assert track.get("identifier", [None]) == [uri]
    added = body.get("added_at")
    return {
        "uri": uri,
        "title": track.get("title"),
        "artists": track.get("creator"),
        "album": track.get("album"),
        "milliseconds": track.get("duration"),
        "added_at": added and datetime.strptime(added, "%Y-%m-%dT%H:%M:%S%z").replace(tzinfo=None),
        "isrc": body.get("external_ids", {}).get("isrc"),
        "playlist": body.get("playlist", {}).get("name", name),
    }
