"""Readers of exported files that share nothing with what writes them: what stands in a file, as plain rows.

Each gives the entries as dictionaries with as much as the format has of `uri title artists album milliseconds added_at
isrc`, and the name of the playlist where the file says it.
"""

import csv
import io
import json
import re
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BEGIN = datetime(1899, 12, 30)  # noqa: DTZ001 (Excel knows no zones)
"""From where a spreadsheet counts days."""
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
    header, *rows = sheet(file)
    return [_exportify(dict(zip(header, row, strict=True)), header) for row in rows]


def sheet(file: Path) -> list[list[Any]]:
    """The cells of the first sheet, row by row, as ECMA-376 has them.

    openpyxl leaves escapes of control characters as they are, so it does not serve.
    """
    with zipfile.ZipFile(file) as parts:
        names = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
        shared, page = (ET.parse(parts.open(name)).getroot() for name in names)  # noqa: S314 (our own)
    texts = ["".join(one.itertext()) for one in shared]
    rows = [{_column(str(cell.get("r"))): _value(cell, texts) for cell in row} for row in page.iter(f"{MAIN}row")]
    return [[row.get(column) for column in range(max(rows[0]) + 1)] for row in rows]


def _column(place: str) -> int:
    number = 0
    for letter in place.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: ET.Element, texts: list[str]) -> Any:
    assert cell.find(f"{MAIN}f") is None, "a formula"
    raw = cell.findtext(f"{MAIN}v") or ""
    match cell.get("t"):
        case "s":
            return re.sub(r"_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), texts[int(raw)])
        case "b":
            return raw == "1"
        case "n" | None:
            # What has a style is a time.
            days = cell.get("s")
            return BEGIN + timedelta(seconds=round(float(raw) * 86_400)) if days else int(raw)
    raise AssertionError(cell.get("t"))


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
        "playlist": row.get("Playlist Name") or None,
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
