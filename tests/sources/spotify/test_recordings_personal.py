"""Recorded answers about a user's own account become rows: taste, follows, profile and player, with every oddity."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import requests

from schemas import TABLES
from sources.spotify.config import Settings
from sources.spotify.engine.run import Run
from sources.spotify.resources.registry import selected
from sources.stored.state import Stored
from tests.sources.spotify.recordings import Json
from tests.sources.spotify.stand_in import Reply, StandIn, client, path, query, reply

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEAD = "joostlek_python-spotify/HEAD_2026-03-03"
JMPEREZ = "JMPerez_spotify-web-api-js"
JAVA = "spotify-web-api-java/main/data"
ME = {"id": "me", "display_name": "Me"}

PLAYER = [
    *(f"{HEAD}/{name}" for name in ("playback_1", "playback_2", "playback_3", "playback_4")),
    *(f"{HEAD}/{name}" for name in ("playback_audiobook_1", "playback_episode_1", "current_playing_track")),
    *(f"{JMPEREZ}/{name}" for name in ("current_playback", "current_playing_track")),
    *(f"{JAVA}/player/GetInformationAboutUsersCurrentPlaybackRequest{name}" for name in ("", "_Episode")),
    *(f"{JAVA}/player/GetUsersCurrentlyPlayingTrackRequest{name}" for name in ("", "_Episode")),
]


def rows_of(resource: str, answers: Mapping[str, Any]) -> dict[str, list[Json]]:
    """The rows of a first sync of one resource, by table; what has no answer is nothing."""

    def handler(request: requests.PreparedRequest) -> Reply:
        asked = path(request).removeprefix("/v1")
        # The pages that were recorded are the only ones.
        if asked not in answers or query(request).keys() & {"after"}:
            return reply(ME) if asked == "/me" else Reply(204, b"")
        return reply(answers[asked])

    run = Run(client(StandIn(handler)), Settings(), (), lambda: NOW, selection=selected([resource]))
    with duckdb.connect() as connection:
        batches = list(run.batches(Stored(connection, ())))
    assert run.error is None
    rows: dict[str, list[Json]] = {table.name: [] for table in TABLES}
    for batch in batches:
        batch.rows.validate(full=True)
        rows[batch.table.name] += batch.rows.to_pylist()
    assert {row["outcome"] for row in rows["resource_reads"]} <= {"read", "unchanged"}, rows["resource_reads"]
    return rows


def recorded(shared: Path, name: str) -> Any:
    """A recorded answer."""
    return json.loads((shared / "recordings" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [f"{HEAD}/top_{{}}", f"{JMPEREZ}/user_top_{{}}"])
def test_favourites(shared: Path, name: str) -> None:
    """Every artist and track is a place of its list, and a row of its table."""
    pages = {kind: recorded(shared, name.format(kind)) for kind in ("artists", "tracks")}
    for page in pages.values():
        page |= {"next": None, "total": len(page["items"])}
    rows = rows_of("top_items", {f"/me/top/{kind}": page for kind, page in pages.items()})
    assert len(rows["ranked_lists"]) == 6
    for row in rows["ranked_lists"]:
        assert row["item_uris"] == [item["uri"] for item in pages[row["list"].removeprefix("top_")]["items"]]
    assert {row["track_uri"] for row in rows["tracks"]} == {item["uri"] for item in pages["tracks"]["items"]}
    assert {row["artist_id"] for row in rows["artists"]} >= {item["id"] for item in pages["artists"]["items"]}


@pytest.mark.parametrize(
    "name", [f"{HEAD}/followed_artists", f"{JMPEREZ}/followed_artists", f"{JAVA}/follow/GetUsersFollowedArtistsRequest"]
)
def test_followed_artists(shared: Path, name: str) -> None:
    """Every artist of the page is followed, in order, and a row of its table."""
    answer = recorded(shared, name)
    answer["artists"] |= {"next": None, "total": len(answer["artists"]["items"])}
    rows = rows_of("followed_artists", {"/me/following": answer})
    artists = [item["id"] for item in answer["artists"]["items"]]
    [state] = rows["saved_snapshots"]
    added = {row["item_key"]: row["item_id"] for row in rows["saved_additions"]}
    assert [added[key] for key in state["item_keys"]] == artists
    assert {row["artist_id"] for row in rows["artists"]} == set(artists)


@pytest.mark.parametrize(
    "name", [f"{HEAD}/current_user", f"{JMPEREZ}/me", f"{JAVA}/users_profile/GetCurrentUsersProfileRequest"]
)
def test_profiles(shared: Path, name: str) -> None:
    """Country, product and followers are kept, the e-mail address is not."""
    answer = recorded(shared, name)
    [row] = rows_of("profile", {"/me": answer})["users"]
    told = (row["user_id"], row["country"], row["product"], row["followers_total"], row["email"])
    followers = answer.get("followers") or {}
    assert told == (answer["id"], answer.get("country"), answer.get("product"), followers.get("total"), None)


@pytest.mark.parametrize("name", PLAYER)
def test_what_plays(shared: Path, name: str) -> None:
    """Tracks, episodes, an audiobook's chapter and a local file, with and without a device, are kept by name."""
    answer = recorded(shared, name)
    rows = rows_of("player", {"/me/player": answer})
    [state] = rows["player_states"]
    item, device, context = answer.get("item") or {}, answer.get("device") or {}, answer.get("context") or {}
    assert (state["item_uri"], state["item_type"]) == (item.get("uri"), item.get("type"))
    assert (state["device_id"], state["device_name"]) == (device.get("id"), device.get("name"))
    assert (state["context_uri"], state["progress_ms"]) == (context.get("uri"), int(answer["progress_ms"]))
    kept = {row["name"] for table in ("tracks", "episodes", "unknown_items") for row in rows[table]}
    assert kept - {None} == ({item["name"]} if item.get("name") else set())


@pytest.mark.parametrize(
    "name", [f"{HEAD}/devices", f"{JMPEREZ}/available_devices", f"{JAVA}/player/GetUsersAvailableDevices"]
)
def test_devices(shared: Path, name: str) -> None:
    """Every device with an id is a row."""
    answer = recorded(shared, name)
    rows = rows_of("player", {"/me/player/devices": answer})
    devices = {device["id"]: device["name"] for device in answer["devices"] if device["id"]}
    assert {row["device_id"]: row["name"] for row in rows["devices"]} == devices


def test_a_queue(shared: Path) -> None:
    """What comes next is a list, and each item is known."""
    answer = recorded(shared, f"{JAVA}/player/GetTheUsersQueueRequest")
    rows = rows_of("player", {"/me/player/queue": answer})
    [state] = rows["ranked_lists"]
    assert state["item_uris"] == [item["uri"] for item in answer["queue"]]
    known = {row["uri"] for row in rows["episodes"]} | {row["track_uri"] for row in rows["tracks"]}
    assert known == set(state["item_uris"])
