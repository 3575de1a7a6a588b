"""A tour with spotipy, of which nothing but the addresses is changed."""

import webbrowser
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from socket import socket
from typing import Any

import pytest

from sources.spotify_sandbox import Fault, Sandbox, Weather
from sources.spotify_sandbox.accounts.scopes import SCOPES
from sources.spotify_sandbox.api.pictures import cover
from tests.clients.touring import LEAST, Agreeing, Clock, operations
from tests.pipelines.writing import Desk, contents, now

spotipy = pytest.importorskip("spotipy", reason="spotipy is not installed: make clients")

pytestmark = [
    # Half of its methods warn that Spotify deprecates what they call.
    pytest.mark.filterwarnings("ignore:You:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*should use:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning"),
    # It leaves the port open on which it waited for the browser.
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]

Json = dict[str, Any]


@pytest.fixture
def oauth(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The client's own way to a token: it opens the browser and listens on a port of this machine."""
    monkeypatch.setattr(spotipy.SpotifyOAuth, "OAUTH_AUTHORIZE_URL", f"{api.accounts_url}/authorize")
    monkeypatch.setattr(spotipy.SpotifyOAuth, "OAUTH_TOKEN_URL", f"{api.accounts_url}/api/token")
    monkeypatch.setattr(spotipy.SpotifyClientCredentials, "OAUTH_TOKEN_URL", f"{api.accounts_url}/api/token")
    monkeypatch.setattr(webbrowser, "_browsers", {})
    monkeypatch.setattr(webbrowser, "_tryorder", [])
    webbrowser.register("agreeing", None, Agreeing("agreeing"), preferred=True)
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return spotipy.SpotifyOAuth(
        api.client_id,
        api.client_secret,
        f"http://127.0.0.1:{port}/callback",
        state="a state",
        scope=" ".join(SCOPES),
        cache_handler=spotipy.MemoryCacheHandler(),
    )


@pytest.fixture
def spotify(api: Sandbox, oauth: Any) -> Any:
    """The client, signed in by its own code."""
    client = spotipy.Spotify(auth_manager=oauth, retries=2, backoff_factor=0)
    client.prefix = api.api_url + "/"
    return client


def everything(spotify: Any, page: Json) -> Iterator[Any]:
    """The elements of a page and of all behind it, as the client pages."""
    while page is not None:
        yield from page["items"]
        page = spotify.next(page)


def ids(objects: list[Json]) -> list[str]:
    """The ids of some objects."""
    return [each["id"] for each in objects]


def refusal(call: Any, *arguments: Any, **options: Any) -> tuple[int, str]:
    """Status and message of the error that a call ends in."""
    with pytest.raises(spotipy.SpotifyException) as caught:
        call(*arguments, **options)
    return caught.value.http_status, caught.value.msg.rpartition("\n ")[2]


def test_tour(spotify: Any, api: Sandbox) -> None:
    """The client reads, pages, searches, saves, plays and edits, and finds everything as it expects it."""
    found = search(spotify)
    catalogue(spotify, found)
    browse(spotify, found)
    library(spotify, found)
    follows(spotify, found)
    listening(spotify)
    player(spotify, found)
    lists(spotify, api)
    playlist(spotify, found)
    assert len(operations(api)) >= LEAST, operations(api)
    assert [record for record in api.requests if record.status >= 400] == []


def search(spotify: Any) -> dict[str, list[Json]]:
    """Search every kind; what was found is where the tour goes on."""
    kinds = "track,album,artist,playlist,show,episode,audiobook"
    answer = spotify.search("a", limit=5, type=kinds, market="US")
    assert set(answer) == {f"{kind}s" for kind in kinds.split(",")}
    found = {name: [each for each in page["items"] if each] for name, page in answer.items()}
    assert all(found.values())
    for name, objects in found.items():
        assert {each["type"] for each in objects} == {name.removesuffix("s")}
    second = spotify.next(answer["tracks"])["tracks"]
    assert second["offset"] == 5
    assert not {*ids(second["items"])} & {*ids(found["tracks"])}
    assert ids(spotify.previous(second)["tracks"]["items"]) == ids(found["tracks"])
    return found


def catalogue(spotify: Any, found: dict[str, list[Json]]) -> None:
    """Read things one by one and many at once, in both ways the same."""
    tracks, albums, artists = ids(found["tracks"]), ids(found["albums"]), ids(found["artists"])
    assert spotify.tracks(tracks, market="US")["tracks"] == [spotify.track(each, market="US") for each in tracks]
    assert spotify.track(found["tracks"][0]["uri"], market="US") == spotify.track(tracks[0], market="US")
    assert spotify.albums(albums)["albums"] == [spotify.album(each) for each in albums]
    assert spotify.artists(artists)["artists"] == [spotify.artist(each) for each in artists]
    for album in albums:
        whole = spotify.album(album)
        on_it = [*everything(spotify, spotify.album_tracks(album, limit=3))]
        assert len(on_it) == whole["total_tracks"] == whole["tracks"]["total"]
        assert ids(on_it)[: len(whole["tracks"]["items"])] == ids(whole["tracks"]["items"])
    artist = found["tracks"][0]["artists"][0]["id"]
    by = [*everything(spotify, spotify.artist_albums(artist, limit=2))]
    assert found["tracks"][0]["album"]["id"] in ids(by)
    top = spotify.artist_top_tracks(artist, country="US")["tracks"]
    assert all(artist in ids(each["artists"]) for each in top)
    assert artist not in ids(spotify.artist_related_artists(artist)["artists"])
    shows, episodes, books = ids(found["shows"]), ids(found["episodes"]), ids(found["audiobooks"])
    assert ids(spotify.shows(shows, market="US")["shows"]) == shows
    assert spotify.show(shows[0], market="US")["name"] == found["shows"][0]["name"]
    assert ids(spotify.episodes(episodes, market="US")["episodes"]) == episodes
    show = spotify.episode(episodes[0], market="US")["show"]["id"]
    assert episodes[0] in ids([*everything(spotify, spotify.show_episodes(show, limit=7, market="US"))])
    assert ids(spotify.get_audiobooks(books, market="US")["audiobooks"]) == books
    book = spotify.get_audiobook(books[0], market="US")
    chapters = [*everything(spotify, spotify.get_audiobook_chapters(books[0], market="US", limit=4))]
    assert len(chapters) == book["total_chapters"]
    features = spotify.audio_features(tracks)
    assert ids(features) == tracks
    assert spotify.audio_analysis(tracks[0])["track"]["tempo"] == pytest.approx(features[0]["tempo"], abs=1)


def browse(spotify: Any, found: dict[str, list[Json]]) -> None:
    """Look at what Spotify puts forward."""
    assert "US" in spotify.available_markets()["markets"]
    categories = spotify.categories(limit=3)["categories"]
    assert len(categories["items"]) == 3
    first = categories["items"][0]
    assert spotify.category(first["id"]) == first
    assert spotify.category_playlists(first["id"])["playlists"]["items"]
    assert spotify.featured_playlists(limit=2)["playlists"]["limit"] == 2
    assert spotify.new_releases(limit=2)["albums"]["limit"] == 2
    genres = spotify.recommendation_genre_seeds()["genres"]
    like = spotify.recommendations(
        seed_tracks=ids(found["tracks"])[:2], seed_genres=genres[:2], limit=10, target_tempo=120
    )
    assert len(like["tracks"]) == 10
    assert [seed["type"] for seed in like["seeds"]] == ["GENRE", "GENRE", "TRACK", "TRACK"] or len(like["seeds"]) == 4


def library(spotify: Any, found: dict[str, list[Json]]) -> None:
    """Save, look and remove, for each kind of things."""
    of = {
        "albums": spotify.current_user_saved_albums,
        "tracks": spotify.current_user_saved_tracks,
        "episodes": spotify.current_user_saved_episodes,
        "shows": spotify.current_user_saved_shows,
    }
    for kind, saved in of.items():
        wanted = ids(found[kind])[:3]
        add, delete, contains = (
            getattr(spotify, f"current_user_saved_{kind}_{what}") for what in ("add", "delete", "contains")
        )
        before = [*everything(spotify, saved(limit=50))]
        delete(wanted)
        assert contains(wanted) == [False] * len(wanted)
        add(wanted)
        assert contains(wanted) == [True] * len(wanted)
        after = [*everything(spotify, saved(limit=20))]
        assert [each[kind.removesuffix("s")]["id"] for each in after[: len(wanted)]] == wanted
        assert saved(limit=1)["total"] == len(after) >= len(before)
        delete(wanted[:1])
        assert contains(wanted) == [False] + [True] * (len(wanted) - 1)


def follows(spotify: Any, found: dict[str, list[Json]]) -> None:
    """Follow artists and users, and no longer."""
    artists = ids(found["artists"])[:2]
    spotify.user_follow_artists(artists)
    assert spotify.current_user_following_artists(artists) == [True, True]
    page = spotify.current_user_followed_artists(limit=2)["artists"]
    listed = ids(page["items"])
    while page["next"]:
        page = spotify.next(page)["artists"]
        listed += ids(page["items"])
    assert {*artists} <= {*listed}
    assert len(listed) == len({*listed})
    spotify.user_unfollow_artists(artists)
    assert spotify.current_user_following_artists(artists) == [False, False]
    spotify.user_follow_users(["spotify"])
    assert spotify.current_user_following_users(["spotify"]) == [True]
    spotify.user_unfollow_users(["spotify"])
    assert spotify.current_user_following_users(["spotify"]) == [False]


def listening(spotify: Any) -> None:
    """What the user plays most, and played last."""
    for kind, top in (("artist", spotify.current_user_top_artists), ("track", spotify.current_user_top_tracks)):
        page = top(limit=4, time_range="short_term")
        assert {each["type"] for each in page["items"]} == {kind}
        assert len([*everything(spotify, page)]) == page["total"]
    page = spotify.current_user_recently_played(limit=10)
    times = [play["played_at"] for play in everything(spotify, page)]
    assert times == sorted(times, reverse=True)
    assert len(times) > 10


def player(spotify: Any, found: dict[str, list[Json]]) -> None:
    """Play on another device, and use every button."""
    devices = spotify.devices()["devices"]
    able = next(device["id"] for device in devices if device["supports_volume"] and not device["is_restricted"])
    spotify.transfer_playback(able, force_play=False)
    uris = [each["uri"] for each in found["tracks"]]
    spotify.start_playback(uris=uris, offset={"position": 1}, position_ms=1_000)
    now = spotify.current_playback(market="US")
    assert (now["item"]["uri"], now["is_playing"], now["device"]["id"]) == (uris[1], True, able)
    assert now["progress_ms"] >= 1_000
    spotify.next_track()
    assert spotify.currently_playing()["item"]["uri"] == uris[2]
    spotify.previous_track()
    spotify.add_to_queue(uris[0])
    queue = spotify.queue()
    assert queue["currently_playing"]["uri"] == uris[1]
    assert queue["queue"][0]["uri"] == uris[0]
    spotify.seek_track(20_000)
    spotify.volume(31)
    spotify.repeat("context")
    spotify.shuffle(True)
    spotify.pause_playback()
    now = spotify.current_playback()
    assert (now["is_playing"], now["repeat_state"], now["shuffle_state"]) == (False, "context", True)
    assert now["device"]["volume_percent"] == 31
    assert now["progress_ms"] >= 20_000
    album = found["albums"][0]["uri"]
    spotify.start_playback(context_uri=album)
    assert spotify.current_playback()["context"]["uri"] == album


def lists(spotify: Any, api: Sandbox) -> None:
    """Read all playlists of the user, each to its end."""
    me = spotify.me()
    assert me == spotify.current_user()
    assert spotify.user(me["id"])["uri"] == me["uri"]
    playlists = [each for each in everything(spotify, spotify.current_user_playlists(limit=7)) if each]
    assert ids(playlists) == [each.id for each in api.world.listed()]
    own = [*everything(spotify, spotify.user_playlists(me["id"], limit=9))]
    assert {*ids([each for each in own if each])} == {*ids(playlists)}
    for each in playlists:
        whole = spotify.playlist(each["id"], additional_types=("track", "episode"))
        entries = [*everything(spotify, spotify.playlist_items(each["id"]))]
        assert len(entries) == whole["tracks"]["total"] == len(api.world.playlist(each["id"]))
        assert spotify.playlist(each["id"], fields="name,tracks.total") == {
            "name": whole["name"],
            "tracks": {"total": len(entries)},
        }
        assert isinstance(spotify.playlist_cover_image(each["id"]), list)


def playlist(spotify: Any, found: dict[str, list[Json]]) -> None:
    """Make a playlist, fill it, turn it about, give it a cover, and let go of it."""
    made = spotify.current_user_playlist_create("Tour", public=False, description="to try")
    assert (made["name"], made["public"], made["description"]) == ("Tour", False, "to try")
    playlist_id, snapshots = made["id"], [made["snapshot_id"]]

    def uris() -> list[str]:
        return [each["track"]["uri"] for each in spotify.playlist_items(playlist_id)["items"]]

    def note(answer: Json) -> None:
        snapshots.append(answer["snapshot_id"])

    a, b, c, d, *_ = wanted = [each["uri"] for each in found["tracks"]]
    note(spotify.playlist_add_items(playlist_id, [a, b, c]))
    note(spotify.playlist_add_items(playlist_id, [d, a], position=1))
    assert uris() == [a, d, a, b, c]
    note(spotify.playlist_reorder_items(playlist_id, 0, 5, range_length=2))
    assert uris() == [a, b, c, a, d]
    note(spotify.playlist_remove_specific_occurrences_of_items(playlist_id, [{"uri": a, "positions": [3]}]))
    assert uris() == [a, b, c, d]
    note(spotify.playlist_remove_all_occurrences_of_items(playlist_id, [a, c], snapshot_id=snapshots[-1]))
    assert uris() == [b, d]
    note(spotify.playlist_replace_items(playlist_id, wanted))
    assert uris() == wanted
    assert len({*snapshots}) == len(snapshots)
    spotify.playlist_change_details(playlist_id, name="Tour no. 2", public=True, description="tried")
    now = spotify.playlist(playlist_id)
    assert (now["name"], now["public"], now["description"]) == ("Tour no. 2", True, "tried")
    spotify.playlist_upload_cover_image(playlist_id, b64encode(cover("Tour", 64)).decode())
    assert [image["width"] for image in spotify.playlist_cover_image(playlist_id)] == [None]
    assert spotify.current_user_saved_items([f"spotify:playlist:{playlist_id}"]) == [True]
    spotify.current_user_unfollow_playlist(playlist_id)
    assert spotify.current_user_saved_items([f"spotify:playlist:{playlist_id}"]) == [False]
    spotify.current_user_follow_playlist(playlist_id)
    other = spotify.user_playlist_create(spotify.me()["id"], "Tour the old way")
    assert ids(spotify.current_user_playlists(limit=2)["items"]) == [other["id"], playlist_id]


def test_what_was_restored(spotify: Any, api: Sandbox, tmp_path: Path) -> None:
    """The client sees what playlake has put back: a mangled playlist, a deleted one as a new one, and liked songs."""
    at = Desk(api, tmp_path / "lake.duckdb", tmp_path / "dlt")
    mangled, deleted = at.playlist("Mangled", 130), at.playlist("Deleted", 3)
    at("sync", "--resources", "playlists,saved_items")

    def saved() -> list[tuple[str, str]]:
        page = spotify.current_user_saved_tracks(limit=50)
        return [(each["added_at"], each["track"]["id"]) for each in everything(spotify, page)]

    moment, seen, liked = now(), saved(), [item for item, _ in api.world.library.listed("track")]
    before = [[str(uri) for uri, _ in contents(each)] for each in (mangled, deleted)]
    mangled.remove(range(10, 60))
    mangled.move(0, 40, 7)
    api.world.delete_playlist(deleted.id)
    for item in liked[:30]:
        api.world.library.remove("track", item)
    for what in ((mangled.id,), ("Deleted", "--new"), ("saved:tracks",)):
        assert at("restore", *what, "--as-of", moment, "--yes").code == 0

    def uris(playlist_id: str) -> list[str]:
        return [each["track"]["uri"] for each in everything(spotify, spotify.playlist_items(playlist_id))]

    (again,) = [
        each["id"] for each in everything(spotify, spotify.current_user_playlists()) if each["name"] == "Deleted"
    ]
    assert [uris(mangled.id), uris(again)] == before
    assert saved() == seen


def test_errors(spotify: Any, oauth: Any, api: Sandbox) -> None:
    """The client makes its exception of every refusal, with the status and the message."""
    assert refusal(spotify.track, "7" * 22) == (404, "Resource not found")
    assert refusal(spotify.album, "0") == (400, "Invalid base62 id")
    assert refusal(spotify.seek_track, 0) == (404, "Player command failed: No active device found")
    somebody = api.world.playlist(next(p.id for p in api.world.listed() if not p.is_readable and p.owner != "spotify"))
    api.regime = "development"
    assert refusal(spotify.playlist_items, somebody.id) == (403, "Forbidden")
    assert refusal(spotify.artists, ["7" * 22]) == (403, "Forbidden")
    assert "items" not in spotify.playlist(somebody.id)
    api.regime = "extended"
    oauth.scope = "user-read-email"
    oauth.cache_handler.save_token_to_cache(None)
    assert refusal(spotify.current_user_saved_tracks) == (403, "Insufficient client scope")


def test_tokens(spotify: Any, oauth: Any, api: Sandbox, clock: Clock) -> None:
    """The client refreshes a token that has expired, and learns that consent was taken back."""
    assert spotify.me()["id"] == api.world.me.id
    first = oauth.cache_handler.get_cached_token()
    clock.ahead += timedelta(hours=2)
    assert refusal(spotify.me) == (401, "The access token expired")
    oauth.cache_handler.save_token_to_cache(first | {"expires_at": 0})
    assert spotify.me()["id"] == api.world.me.id
    second = oauth.cache_handler.get_cached_token()
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] == first["refresh_token"]
    api.revoke()
    with pytest.raises(spotipy.SpotifyOauthError, match="invalid_grant"):
        oauth.refresh_access_token(second["refresh_token"])


def test_application_alone(api: Sandbox, oauth: Any) -> None:
    """The client reads the catalogue without a user, and is told where it needs one."""
    credentials = spotipy.SpotifyClientCredentials(
        oauth.client_id, oauth.client_secret, cache_handler=spotipy.MemoryCacheHandler()
    )
    spotify = spotipy.Spotify(auth_manager=credentials)
    spotify.prefix = api.api_url + "/"
    assert spotify.search("a", limit=3)["tracks"]["items"]
    assert refusal(spotify.me)[0] == 401


def test_weather(spotify: Any, api: Sandbox) -> None:
    """The client sits out a bad gateway and a limit of calls."""
    api.weather = Weather([Fault("server_error", nth=[1]), Fault("too_many_requests", nth=[2], retry_after=0)])
    assert spotify.me()["id"] == api.world.me.id
    assert [record.status for record in api.requests if record.path == "/v1/me/"] == [502, 429, 200]
