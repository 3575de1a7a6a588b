"""Pages of entries: complete in every regime, named as the regime has it, and refused where it says so."""

from typing import Any

import pytest

from sources.spotify_sandbox import Entry, World, evolve, generate
from tests.sources.spotify_sandbox.asking import Api, dice


@pytest.fixture(scope="module")
def world() -> World:
    """A small world with everything in it, edited a little."""
    made = generate(seed=11, playlists=40, items=3_000)
    evolve(made, dice(1), 40)
    return made


Told = tuple[str | None, str | None, str | None, str | None]


def told(served: dict[str, Any], name: str) -> Told:
    """URI, kind, time and adder of an entry, from an answer."""
    content, adder = served[name], served["added_by"]
    kind = None if content is None else "local" if served["is_local"] else content["type"]
    return content and content["uri"], kind, served["added_at"], adder and adder["id"]


def truth(entry: Entry) -> Told:
    """URI, kind, time and adder of an entry, from the world."""
    return entry.uri, entry.kind, entry.added_at, entry.added_by


def test_documented_fields_of_a_page() -> None:
    """The examples of the reference of GET /playlists/{id}/tracks do what it says, word for word."""
    world = generate(1, 3, 400)
    playlist = world.create_playlist("Three")
    playlist.insert(0, [world.catalogue.uri(number) for number in range(3)])
    api = Api(world)
    path = f"/playlists/{playlist.id}/tracks"
    whole = api.get(path).json

    def pick(value: Any, *names: str) -> Any:
        return {name: value[name] for name in value if name in names}

    def named(entry: Any) -> Any:
        track = entry["track"]
        return {"track": pick(track, "name", "href") | {"album": pick(track["album"], "name", "href")}}

    entries = whole["items"]
    adders = [{"added_by": pick(entry["added_by"], "id")} for entry in entries]
    albums = [entry["track"]["album"] for entry in entries]
    asked = {
        "total,limit": pick(whole, "total", "limit"),
        "items(added_at,added_by.id)": {
            "items": [pick(e, "added_at") | a for e, a in zip(entries, adders, strict=True)]
        },
        "items(track(name,href,album(name,href)))": {"items": [named(entry) for entry in entries]},
        "items.track.album(!external_urls,images)": {
            "items": [{"track": {"album": pick(a, *a.keys() - {"external_urls", "images"})}} for a in albums]
        },
        "items(added_by.id,track(name,href,album(name,href)))": {
            "items": [adder | named(entry) for entry, adder in zip(entries, adders, strict=True)]
        },
    }
    assert {fields: api.get(path, fields=fields).json for fields in asked} == asked


@pytest.mark.parametrize(
    ("regime", "collection", "content"),
    [
        ("extended", "tracks", "track"),
        ("transition", "tracks", "track"),
        ("transition", "items", "item"),
        ("development", "items", "item"),
    ],
)
def test_every_playlist_is_complete(world: World, regime: str, collection: str, content: str) -> None:
    """From the embedded page on, the links lead through exactly the entries of each readable playlist, in order."""
    api = Api(world, regime)
    for playlist in world.playlists.values():
        answer = api.get(f"/playlists/{playlist.id}", additional_types="track,episode")
        if regime == "development" and playlist.owner == "spotify":
            assert (answer.status, answer.json["error"]["message"]) == (404, "Resource not found")
        elif regime == "development" and not playlist.is_readable:
            assert not {"items", "tracks"} & set(answer.json)
            refused = api.get(f"/playlists/{playlist.id}/items")
            assert (refused.status, refused.json) == (403, {"error": {"status": 403, "message": "Forbidden"}})
        else:
            served = [told(entry, content) for entry in api.entries(answer.json[collection])]
            assert served == list(map(truth, playlist.entries))
            assert answer.json[collection]["total"] == len(playlist)


@pytest.mark.parametrize(
    ("regime", "names"), [("extended", {"track"}), ("development", {"item"}), ("transition", {"track", "item"})]
)
def test_items_path_in_every_regime(world: World, regime: str, names: set[str]) -> None:
    """/items answers in each regime, 20 entries if not said and 50 at most, with the names of the regime."""
    api, playlist = Api(world, regime), max(world.playlists.values(), key=len)
    page = api.get(f"/playlists/{playlist.id}/items").json
    assert list(page) == ["href", "items", "limit", "next", "offset", "previous", "total"]
    assert (page["limit"], len(page["items"])) == (20, 20)
    assert {"track", "item"} & set(page["items"][0]) == names
    assert len(list(api.entries(api.get(f"/playlists/{playlist.id}/items", limit=50).json))) == len(playlist)
    assert api.get(f"/playlists/{playlist.id}/items", limit=51).json["error"]["message"] == "Invalid limit"


def test_tracks_path(world: World) -> None:
    """/tracks serves 100 if not said and at most, and is gone for development apps."""
    playlist = max(world.playlists.values(), key=len)
    api = Api(world)
    path = f"/playlists/{playlist.id}/tracks"
    assert len(api.get(path).json["items"]) == 100
    assert api.get(path, limit=101).json == {"error": {"status": 400, "message": "Invalid limit"}}
    assert api.get(path, limit=0).status == 400
    api.service.api_mode = "development"
    assert (api.get(path).status, api.get(path).json["error"]["message"]) == (403, "Forbidden")


def test_development_leaves_out_fields(world: World) -> None:
    """No answer to a development app holds a field that was removed in February 2026."""
    api = Api(world, "development")
    gone = {"available_markets", "linked_from", "popularity", "publisher", "label", "album_group"}
    for playlist in world.playlists.values():
        for market in ({}, {"market": "SE"}):
            answer = api.get(f"/playlists/{playlist.id}", additional_types="track,episode", **market)
            assert not gone & keys_of(answer.json)


def keys_of(value: object) -> set[str]:
    """All keys at any depth of a JSON value."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_episodes_in_two_dresses(world: World) -> None:
    """An episode is itself only for those who ask for episodes; else it is dressed as a track."""
    api = Api(world)
    playlist = next(p for p in world.playlists.values() if any(entry.kind == "episode" for entry in p.entries))
    place = [entry.kind for entry in playlist.entries].index("episode")
    path = f"/playlists/{playlist.id}/tracks"
    dressed = api.get(path, offset=place, limit=1).json["items"][0]["track"]
    proper = api.get(path, offset=place, limit=1, additional_types="track,episode").json["items"][0]["track"]
    assert (dressed["type"], dressed["episode"], dressed["track"]) == ("episode", False, True)
    assert (proper["type"], proper["episode"], proper["track"]) == ("episode", True, False)
    assert dressed["uri"] == proper["uri"]
    assert dressed["artists"][0]["type"] == proper["show"]["publisher"]
    assert dressed["artists"][0]["name"] is None
    assert (dressed["album"]["type"], dressed["album"]["release_date"]) == ("show", None)
    assert dressed["external_ids"] == {"spotify": proper["external_urls"]["spotify"]}


def test_markets(world: World) -> None:
    """A market replaces available_markets by is_playable, relinking and restrictions; no market leaves all as it is."""
    uris = [world.catalogue.uri(number) for number in range(1_500)]
    playlist = world.create_playlist("All of them")
    playlist.insert(0, uris)
    everything = Api(world, user=False)
    plain = list(everything.entries(everything.get(f"/playlists/{playlist.id}").json["tracks"]))
    seen = list(everything.entries(everything.get(f"/playlists/{playlist.id}", market="BR").json["tracks"]))
    relinked = restricted = 0
    for before, after in zip(plain, seen, strict=True):
        track, other = before["track"], after["track"]
        assert {"is_playable", "linked_from", "restrictions"}.isdisjoint(track)
        assert not {"available_markets"} & keys_of(other)
        assert other["is_playable"] or other["restrictions"] == {"reason": "market"}
        if "linked_from" in other:
            relinked += 1
            assert (other["linked_from"]["uri"], other["is_playable"]) == (track["uri"], True)
            assert other["id"] != track["id"]
        else:
            assert other["uri"] == track["uri"]
            assert other["is_playable"] == ("BR" in track["available_markets"])
            restricted += not other["is_playable"]
    assert relinked > 5
    assert restricted > 5
    refused = everything.get(f"/playlists/{playlist.id}", market="from_token")
    assert (refused.status, refused.json["error"]["message"]) == (403, "Insufficient client scope")
    assert everything.get(f"/playlists/{playlist.id}", market="XX").json["error"]["message"] == "Invalid market code"
    world.delete_playlist(playlist.id)


def test_edited_tracks_show_at_once() -> None:
    """A new name, popularity or restriction of a track is in the next answer, wherever the track stands."""
    world = generate(seed=2, playlists=1, items=0)
    uri = next(uri for uri in map(world.catalogue.uri, range(40)) if uri)
    playlist = world.create_playlist("One")
    playlist.insert(0, [uri])
    api = Api(world)
    path = f"/playlists/{playlist.id}/tracks"
    api.get(path)
    world.rename_track(uri, 'Ünïcode "quoted" \\ 🎧')
    world.set_popularity(uri, 99)
    world.restrict_track(uri, ("DE",))
    track = api.get(path).json["items"][0]["track"]
    assert (track["name"], track["popularity"]) == ('Ünïcode "quoted" \\ 🎧', 99)
    assert track["available_markets"] == ["DE"]


def test_fields_on_pages(world: World) -> None:
    """A filtered page holds what was named, and its next link carries the filter on."""
    api, playlist = Api(world), max(world.playlists.values(), key=len)
    page = api.get(f"/playlists/{playlist.id}/tracks", fields="items(track(uri)),next", limit=2).json
    assert list(page) == ["items", "next"]
    assert [list(entry) for entry in page["items"]] == [["track"], ["track"]]
    following = api.get(page["next"]).json
    assert list(following) == ["items", "next"]
    assert following["items"][0]["track"] == {"uri": playlist.entries[2].uri}


def test_links_ask_for_episodes_again() -> None:
    """The page's own address says track whatever was asked (recorded), but the next page has episodes as this one."""
    world = generate(1, 2, 10)
    playlist = world.create_playlist("Talk")
    playlist.insert(0, [world.catalogue.uri(0)] * 5)
    api = Api(world)
    page = api.get(f"/playlists/{playlist.id}/tracks", limit=2, additional_types="track,episode").json
    assert "additional_types=track&" in page["href"] + "&"
    assert "additional_types=track%2Cepisode" in page["next"]
    assert "additional_types=track%2Cepisode" in api.get(page["next"]).json["previous"]
