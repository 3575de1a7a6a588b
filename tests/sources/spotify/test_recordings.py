"""Recorded answers of the real API become rows: all of them, with every oddity."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
import requests

from schemas import TABLES
from sources.spotify.config import Settings
from sources.spotify.engine.run import Run
from sources.stored.state import Stored
from tests.sources.spotify.recordings import (
    Json,
    Recording,
    content,
    entries,
    expected_addition,
    recordings,
    served,
)
from tests.sources.spotify.stand_in import Reply, StandIn, client, in_turn, path, refusal, reply

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEAD = "joostlek_python-spotify/HEAD_2026-03-03"
PULL = "joostlek_python-spotify/pr775_2026-05-31"
RSPOTIFY = "_decoded_cassettes/guilhermesad_rspotify_vcr__"
SPOTDL = "_decoded_cassettes/spotDL_cassettes__"
JMPEREZ = "JMPerez_spotify-web-api-js"

Tables = dict[str, list[Json]]
Find = Callable[[str], Recording]


def synced(server: StandIn, *references: str) -> Tables:
    """The rows of a first sync, by table."""
    run = Run(client(server), Settings(), references, lambda: NOW)
    with duckdb.connect() as connection:
        batches = list(run.batches(Stored(connection, ())))
    assert run.error is None
    rows: Tables = {table.name: [] for table in TABLES}
    for batch in batches:
        batch.rows.validate(full=True)
        assert batch.rows.schema == batch.table.arrow
        rows[batch.table.name] += batch.rows.to_pylist()
    return rows


def rows_of(recording: Recording) -> Tables:
    """The rows of a recorded playlist or page."""
    playlist = served(recording)
    return synced(in_turn(reply(playlist)), playlist["id"])


@pytest.fixture(scope="session")
def recorded(shared: Path) -> dict[str, Recording]:
    """All recordings with playlists or entries, by name."""
    return {recording.name: recording for recording in recordings(shared / "recordings")}


@pytest.fixture
def find(recorded: dict[str, Recording]) -> Find:
    """The recording of a name, without its ending."""
    return lambda name: recorded[f"{name}.json"]


def test_every_recorded_entry_becomes_an_addition(recorded: dict[str, Recording]) -> None:
    """As many additions as entries, each saying what the JSON says, in the order of the snapshot."""
    checked = 0
    for recording in recorded.values():
        if recording.kind == "playlists":
            continue
        rows = rows_of(recording)
        expected = [expected_addition(entry) for entry in entries(recording)]
        if not expected:
            assert rows["playlist_additions"] == []
            continue
        additions = {row["item_key"]: row for row in rows["playlist_additions"]}
        [snapshot] = rows["playlist_snapshots"]
        [read] = rows["playlist_reads"]
        in_order = [additions[key] for key in snapshot["item_keys"]]
        assert [{name: row[name] for name in expected[0]} for row in in_order] == expected, recording.name
        assert len(rows["playlist_additions"]) == snapshot["item_count"] == read["new_items"] == len(expected)
        assert read["outcome"] == "read"
        checked += len(expected)
    assert checked > 800


def test_every_recorded_track_and_credit_is_kept(recorded: dict[str, Recording]) -> None:
    """Each track with a URI is a row, with its album and its artists in order, local files too."""
    for recording in recorded.values():
        if recording.kind == "playlists":
            continue
        rows = rows_of(recording)
        items = [item for item in map(content, entries(recording)) if item and item["uri"]]
        tracks = {item["uri"]: item for item in reversed(items) if item["type"] == "track"}
        got = {row["track_uri"]: row for row in rows["tracks"]}
        assert got.keys() == tracks.keys()
        credited: dict[str, list[Any]] = {uri: [] for uri in tracks}
        for row in rows["track_artists"]:
            credited[row["track_uri"]].append((row["position"], row["artist_id"], row["artist_name"]))
        for uri, track in tracks.items():
            assert got[uri]["name"] == track["name"]
            assert got[uri]["album_id"] == track["album"]["id"]
            assert got[uri]["duration_ms"] == track["duration_ms"]
            named = [(place, artist["id"], artist["name"]) for place, artist in enumerate(track["artists"])]
            assert credited[uri] == named


def _library(page: Json, request: requests.PreparedRequest) -> Reply:
    """A library whose playlists are hidden from the app."""
    return reply(page) if path(request) == "/v1/me/playlists" else refusal(404, "Resource not found")


def test_every_listed_playlist_is_kept(recorded: dict[str, Recording]) -> None:
    """Each listed playlist with an id becomes a row, hidden ones none, and owners and images come along."""
    checked = 0
    for recording in recorded.values():
        if recording.kind != "playlists":
            continue
        listing = StandIn(partial(_library, recording.body | {"next": None}))
        rows = synced(listing)
        listed = {row["id"]: row for row in recording.body["items"] if row is not None and row["id"]}
        got = {row["playlist_id"]: row for row in rows["playlists"]}
        assert got.keys() == listed.keys()
        images: dict[str, list[Any]] = {playlist_id: [] for playlist_id in listed}
        for row in rows["playlist_images"]:
            images[row["playlist_id"]].append((row["position"], row["url"], row["height"], row["width"]))
        for playlist_id, playlist in listed.items():
            row = got[playlist_id]
            for name in ("name", "public", "collaborative"):
                assert row[name] == playlist[name]
            assert row["snapshot_id"] == playlist.get("snapshot_id")
            assert row["description"] == playlist.get("description")
            assert row["owner_id"] == playlist["owner"]["id"]
            assert row["items_total"] == (playlist.get("items") or playlist["tracks"])["total"]
            assert images[playlist_id] == [
                (place, image["url"], image.get("height"), image.get("width"))
                for place, image in enumerate(playlist.get("images") or ())
            ]
        assert {row["user_id"] for row in rows["users"]} == {row["owner"]["id"] for row in listed.values()}
        checked += len(listed)
    assert checked > 130


def test_local_files(find: Find) -> None:
    """A local file is an addition and a track without ids, whatever parts of its URI are empty or escaped."""
    rows = rows_of(find(f"{RSPOTIFY}playlist_find_by_id_4dn0iEoAxn69ea0Tyov8V5_002"))
    local = [row for row in rows["playlist_additions"] if row["is_local"]]
    assert len(local) == 8
    assert {row["track_id"] for row in local} == {None}
    assert any("::" in row["item_uri"] for row in local)
    assert any("%" in row["item_uri"] for row in local)
    tracks = {row["track_uri"]: row for row in rows["tracks"]}
    for row in local:
        track = tracks[row["item_uri"]]
        assert (track["track_id"], track["album_id"], track["is_local"]) == (None, None, True)
        assert track["name"]
    assert len(rows_of(find(f"{HEAD}/playlist_2"))["playlist_additions"]) == 2


def test_episodes(find: Find) -> None:
    """An episode is distinguished from a track, with its show, whether it comes with markets or with `is_playable`."""
    rows = rows_of(find(f"{HEAD}/playlist_3"))
    episodes = [row for row in rows["playlist_additions"] if row["item_type"] == "episode"]
    assert [row["episode_id"] for row in episodes] == [row["episode_id"] for row in rows["episodes"]]
    assert episodes
    assert {row["show_id"] for row in rows["episodes"]} == {row["show_id"] for row in rows["shows"]}
    playable = rows_of(find("spotify-web-api-java/main/data/playlists/GetPlaylistsItemsRequest_Episode"))
    assert [row["is_playable"] for row in playable["episodes"]] == [True]


def test_old_new_and_double_names(find: Find) -> None:
    """Entries with `track`, with `item` and with both are one entry each."""
    both, new, old = f"{HEAD}/playlist_1", f"{PULL}/playlist_items_2", f"{HEAD}/playlist_2"
    assert {"track", "item"} <= entries(find(both))[0].keys()  # type: ignore[union-attr]
    assert "track" not in entries(find(new))[0]  # type: ignore[operator]
    assert "item" not in entries(find(old))[0]  # type: ignore[operator]
    for name, count in ((both, 1), (new, 1), (old, 2), (f"{PULL}/playlist_4", 1)):
        rows = rows_of(find(name))
        assert len(rows["playlist_additions"]) == len(rows["tracks"]) == count


def test_nobody_added_it(find: Find) -> None:
    """`added_by: null` and an empty id, as in lists made by Spotify, both mean that nobody is known."""
    nobody = find(f"{JMPEREZ}/playlist")
    assert {row["added_by_id"] for row in rows_of(nobody)["playlist_additions"]} == {None}
    named = find(f"{SPOTDL}test_playlist_from_url_002")
    rows = [entry | {"added_by": {"id": "", "uri": "spotify:user:"}} for entry in entries(named) if entry]
    edited = rows_of(Recording(named.name, "entries", named.body | {"items": rows}))
    assert {row["added_by_id"] for row in edited["playlist_additions"]} == {None}
    assert edited["users"] == []


def test_images_without_size_or_without_images(find: Find) -> None:
    """`images: null`, `[]` and `[null]` are no images; a custom cover has no size."""
    for name in (f"{JMPEREZ}/playlist", f"{HEAD}/new_playlist"):
        assert rows_of(find(name))["playlist_images"] == []
    [image] = rows_of(find(f"{HEAD}/playlist_1"))["playlist_images"]
    assert (image["position"], image["height"], image["width"]) == (0, None, None)


def test_taken_down_tracks(find: Find) -> None:
    """A taken-down track is still a track; its album has no name and no date."""
    rows = rows_of(find(f"{SPOTDL}test_playlist_from_url_002"))
    gone = [album for album in rows["albums"] if album["release_date"] == "0000"]
    assert gone
    assert {(album["name"], album["released_on"]) for album in gone} == {("", None)}
    assert len(rows["playlist_additions"]) == 10


def test_relinked_tracks(find: Find) -> None:
    """The addition holds the URI that was added, the track the one that plays, and each names the other."""
    rows = rows_of(find(f"{RSPOTIFY}playlist_find_00wHcTN0zQiun4xri9pmvX_market_ES_002"))
    relinked = {row["track_id"]: row for row in rows["tracks"] if row["linked_from_uri"]}
    assert len(relinked) == 17
    additions = {row["track_id"]: row for row in rows["playlist_additions"]}
    assert all(additions[track_id]["item_uri"] == row["linked_from_uri"] for track_id, row in relinked.items())
    assert sum(row["restriction_reason"] is not None for row in rows["tracks"]) == 1


def test_owners_with_any_characters(find: Find) -> None:
    """Ids of users are text of any kind; only their URIs are percent-encoded."""
    for name, owner in (
        ("playlist_find_by_id_4dn0iEoAxn69ea0Tyov8V5_002", "marcel#spotify"),
        ("playlist_search_Caramell_limit_10_003", "[sop]rocky"),
    ):
        rows = rows_of(find(RSPOTIFY + name))
        assert [row["owner_id"] for row in rows["playlists"]] == [owner]
        assert owner in {row["user_id"] for row in rows["users"]}


def test_snapshot_ids_of_all_ages(recorded: dict[str, Recording]) -> None:
    """A snapshot id is any text; a playlist without one is stored with an empty one."""
    lengths = set()
    for recording in recorded.values():
        if recording.kind == "playlist" and entries(recording):
            [snapshot] = rows_of(recording)["playlist_snapshots"]
            assert snapshot["snapshot_id"] == (recording.body.get("snapshot_id") or "")
            lengths.add(len(snapshot["snapshot_id"]))
    assert {0, 32, 64} <= lengths


def test_an_episode_that_is_gone_keeps_its_place(shared: Path) -> None:
    """An episode whose every field is null is an addition of an episode without id, and no row of `episodes`."""
    saved = json.loads((shared / "recordings" / HEAD / "saved_episodes.json").read_text())
    page = {"items": [{"added_at": entry["added_at"], "item": entry["episode"]} for entry in saved["items"]]}
    rows = rows_of(Recording("saved_episodes", "entries", page))
    first = rows["playlist_additions"][0]
    assert (first["item_type"], first["item_uri"], first["episode_id"]) == ("episode", None, None)
    assert len(rows["playlist_additions"]) == len(page["items"])
    assert len(rows["episodes"]) == len({entry["item"]["id"] for entry in page["items"]} - {None})
