"""A tour with tekore, of which nothing but the addresses is changed.

It makes typed objects of all answers and warns of each member that it does not know, so the tour checks shapes too. It
wants playlists with ``tracks`` and ``items``, as apps had them in the transition of 2026.
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import requests

from sources.spotify_sandbox import Fault, Sandbox, Weather
from sources.spotify_sandbox.accounts.scopes import SCOPES
from sources.spotify_sandbox.api.pictures import cover
from tests.clients.touring import LEAST, Clock, operations
from tests.sources.spotify_sandbox.sign_ins import Form

tekore = pytest.importorskip("tekore", reason="tekore is not installed: make clients")

# Documented by Spotify, and yet unknown to the client.
pytestmark = pytest.mark.filterwarnings("ignore:SimpleAlbum contains unknown attribute. `restrictions`")

REDIRECT_URI = "http://127.0.0.1:9/callback"


@pytest.fixture(autouse=True)
def addresses(api: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client asks the sandbox, in transition."""
    monkeypatch.setattr("tekore._client.base.prefix", f"{api.api_url}/")
    monkeypatch.setattr("tekore._auth.expiring.client.OAUTH_AUTHORIZE_URL", f"{api.accounts_url}/authorize")
    monkeypatch.setattr("tekore._auth.expiring.client.OAUTH_TOKEN_URL", f"{api.accounts_url}/api/token")
    api.regime = "transition"


@pytest.fixture
def sender() -> Iterator[Any]:
    """What sends the client's requests."""
    sender = tekore.SyncSender()
    yield sender
    sender.close()


def agreed(url: str) -> str:
    """The address that the page of consent leads back to; nobody listens there."""
    page = requests.get(url, timeout=10)
    page.raise_for_status()
    form = Form(page.text)
    there = urljoin(page.url, form.attributes["action"])
    answer = requests.post(there, form.fields | form.buttons["Agree"], timeout=10, allow_redirects=False)
    return answer.headers["location"]


def credentials(api: Sandbox, sender: Any, secret: str | None) -> Any:
    """The client's half of the accounts service."""
    return tekore.Credentials(api.client_id, secret, REDIRECT_URI, sender=sender)


@pytest.fixture
def spotify(api: Sandbox, sender: Any) -> Any:
    """The client, signed in by its own code."""
    auth = tekore.UserAuth(credentials(api, sender, api.client_secret), " ".join(SCOPES))
    return tekore.Spotify(auth.request_token(url=agreed(auth.url)), sender=sender)


def ids(objects: Any) -> list[str]:
    """The ids of some objects."""
    return [each.id for each in objects]


def test_tour(spotify: Any, api: Sandbox) -> None:
    """The client reads, pages, saves, plays and edits, and each answer fits the types that it has for it."""
    # Spotify documents devices without id; the client takes none such.
    devices = api.world.personal(api.world.me.id).player.devices
    devices[:] = [device for device in devices if device.id is not None]
    kinds = ("track", "album", "artist", "playlist", "show", "episode", "audiobook")
    pages = spotify.search("a", types=kinds, limit=5, market="US")
    found = {page.items[0].type: [each for each in page.items if each] for page in pages}
    assert {*found} == {*kinds}
    music(spotify, found)
    words(spotify, found)
    browse(spotify, found)
    library(spotify, found)
    follows(spotify, found)
    player(spotify, found)
    lists(spotify, api)
    playlist(spotify, found)
    assert len(operations(api)) >= LEAST, operations(api)
    assert [record for record in api.requests if record.status >= 400] == []


def music(spotify: Any, found: dict[str, list[Any]]) -> None:
    """Tracks, albums, artists and how tracks sound, one by one and many at once."""
    tracks, albums, artists = ids(found["track"]), ids(found["album"]), ids(found["artist"])
    assert ids(spotify.tracks(tracks)) == ids(map(spotify.track, tracks)) == tracks
    assert spotify.albums(albums) == [spotify.album(each) for each in albums]
    assert spotify.artists(artists) == [spotify.artist(each) for each in artists]
    for album in albums:
        whole = spotify.album(album)
        on_it = [*spotify.all_items(spotify.album_tracks(album, limit=4))]
        assert len(on_it) == whole.total_tracks == whole.tracks.total
    artist = found["track"][0].artists[0].id
    by = [*spotify.all_items(spotify.artist_albums(artist, include_groups=["album", "single"], limit=2))]
    assert {each.album_group.name for each in by} <= {"album", "single"}
    assert all(artist in ids(each.artists) for each in spotify.artist_top_tracks(artist, "US"))
    assert artist not in ids(spotify.artist_related_artists(artist))
    assert ids(spotify.tracks_audio_features(tracks)) == tracks
    features, analysis = spotify.track_audio_features(tracks[0]), spotify.track_audio_analysis(tracks[0])
    assert analysis.track["tempo"] == pytest.approx(features.tempo, abs=1)
    assert analysis.bars


def words(spotify: Any, found: dict[str, list[Any]]) -> None:
    """Podcasts and audiobooks."""
    shows, episodes, books = ids(found["show"]), ids(found["episode"]), ids(found["audiobook"])
    assert ids(spotify.shows(shows, market="US")) == shows
    show = spotify.show(shows[0], market="US")
    its = [*spotify.all_items(spotify.show_episodes(shows[0], market="US", limit=5))]
    assert len(its) == show.total_episodes
    assert ids(spotify.episodes(episodes, market="US")) == episodes
    assert spotify.episode(episodes[0], market="US").name == found["episode"][0].name
    book = spotify.audiobook(books[0], market="US")
    chapters = [*spotify.all_items(spotify.audiobook_chapters(books[0], market="US", limit=5))]
    assert len(chapters) == book.total_chapters
    assert spotify.chapter(chapters[0].id, market="US").audiobook.id == books[0]
    assert ids(spotify.chapters(ids(chapters[:3]), market="US")) == ids(chapters[:3])


def browse(spotify: Any, found: dict[str, list[Any]]) -> None:
    """What Spotify puts forward."""
    assert "US" in spotify.markets()
    category = spotify.categories(limit=2).items[0]
    assert spotify.category(category.id) == category
    assert spotify.category_playlists(category.id, limit=3).items
    message, featured = spotify.featured_playlists(limit=3)
    assert isinstance(message, str)
    assert featured.items
    assert len(spotify.new_releases(limit=3).items) == 3
    genres = spotify.recommendation_genre_seeds()
    like = spotify.recommendations(track_ids=ids(found["track"])[:1], genres=genres[:1], limit=5, max_tempo=150)
    assert len(like.tracks) == 5


def library(spotify: Any, found: dict[str, list[Any]]) -> None:
    """Save, look and remove, under the paths of each kind."""
    for kind in ("album", "track", "episode", "show"):
        wanted = ids(found[kind])[:3]
        saved = getattr(spotify, f"saved_{kind}s")
        add, delete, contains = (getattr(spotify, f"saved_{kind}s_{what}") for what in ("add", "delete", "contains"))
        delete(wanted)
        assert contains(wanted) == [False] * len(wanted)
        add(wanted)
        assert contains(wanted) == [True] * len(wanted)
        assert ids(getattr(each, kind) for each in saved(limit=len(wanted)).items) == wanted


def follows(spotify: Any, found: dict[str, list[Any]]) -> None:
    """Follow artists and users, and the favourites that follow from listening."""
    artists = ids(found["artist"])[:2]
    spotify.artists_follow(artists)
    assert spotify.artists_is_following(artists) == [True, True]
    assert {*artists} <= {*ids(spotify.all_items(spotify.followed_artists(limit=2)))}
    spotify.artists_unfollow(artists)
    assert spotify.artists_is_following(artists) == [False, False]
    spotify.users_follow(["spotify"])
    assert spotify.users_is_following(["spotify"]) == [True]
    spotify.users_unfollow(["spotify"])
    assert spotify.current_user_top_artists(limit=3).items
    assert len([*spotify.all_items(spotify.current_user_top_tracks("long_term", limit=20))]) > 20
    plays = [*spotify.all_items(spotify.playback_recently_played(limit=20))]
    assert [play.played_at for play in plays] == sorted((play.played_at for play in plays), reverse=True)


def player(spotify: Any, found: dict[str, list[Any]]) -> None:
    """Every button of the player."""
    device = next(each for each in spotify.playback_devices() if each.type.lower() == "computer")
    spotify.playback_transfer(device.id)
    tracks = ids(found["track"])
    spotify.playback_start_tracks(tracks, offset=1, position_ms=500)
    now = spotify.playback()
    assert (now.item.id, now.is_playing, now.device.id) == (tracks[1], True, device.id)
    spotify.playback_next()
    assert spotify.playback_currently_playing().item.id == tracks[2]
    spotify.playback_previous()
    spotify.playback_queue_add(f"spotify:track:{tracks[0]}")
    assert ids(spotify.playback_queue().queue)[0] == tracks[0]
    spotify.playback_seek(10_000)
    spotify.playback_repeat("track")
    spotify.playback_shuffle(True)
    spotify.playback_volume(40)
    spotify.playback_pause()
    now = spotify.playback()
    assert (now.is_playing, now.repeat_state.name, now.shuffle_state, now.device.volume_percent) == (
        False,
        "track",
        True,
        40,
    )
    spotify.playback_resume()
    spotify.playback_start_context(found["album"][0].uri)
    assert spotify.playback().context.uri == found["album"][0].uri


def odd(spotify: Any, playlist_id: str) -> bool:
    """Whether a playlist holds a local file or an entry without contents, for which the client has no types."""
    raw = spotify.playlist_items(playlist_id, fields="items(is_local,track(type))", limit=50)
    return any(entry["is_local"] or not entry["track"] for entry in raw["items"])


def lists(spotify: Any, api: Sandbox) -> None:
    """The user's playlists, and all entries of those that hold nothing odd."""
    me = spotify.current_user()
    assert spotify.user(me.id).uri == me.uri
    listed = [*spotify.all_items(spotify.followed_playlists(limit=5))]
    assert ids(listed) == [each.id for each in api.world.listed()]
    assert {*ids(spotify.all_items(spotify.playlists(me.id)))} == {*ids(listed)}
    for each in listed:
        if 0 < each.tracks.total <= 30 and not odd(spotify, each.id):
            whole = spotify.playlist(each.id)
            entries = [*spotify.all_items(spotify.playlist_items(each.id, limit=7))]
            assert entries == whole.tracks.items == whole.items.items
    raw = spotify.playlist_items(listed[0].id, fields="items(added_at,track.uri)", limit=3)
    assert {*raw} <= {"items"}


def playlist(spotify: Any, found: dict[str, list[Any]]) -> None:
    """Make a playlist, fill it, turn it about, and give it a cover."""
    made = spotify.playlist_create(spotify.current_user().id, "Tour", public=False, description="to try")
    assert (made.name, made.public, made.tracks.total) == ("Tour", False, 0)

    def uris() -> list[str]:
        return [entry.track.uri for entry in spotify.playlist_items(made.id).items]

    a, b, c, *_ = wanted = [each.uri for each in found["track"]]
    first = spotify.playlist_add(made.id, [a, b, c])
    assert first == spotify.playlist(made.id).snapshot_id != made.snapshot_id
    spotify.playlist_add(made.id, [c], position=0)
    assert uris() == [c, a, b, c]
    spotify.playlist_reorder(made.id, 0, 3)
    assert uris() == [a, b, c, c]
    spotify.playlist_remove(made.id, [c])
    assert uris() == [a, b]
    spotify.playlist_replace(made.id, wanted)
    assert uris() == wanted
    spotify.playlist_clear(made.id)
    assert uris() == []
    spotify.playlist_change_details(made.id, name="Tour no. 2", description="tried")
    assert (spotify.playlist(made.id).name, spotify.playlist(made.id).description) == ("Tour no. 2", "tried")
    assert spotify.playlist_cover_image(made.id) == []
    spotify.playlist_cover_image_upload(made.id, b64encode(cover("Tour", 64)).decode())
    (image,) = spotify.playlist_cover_image(made.id)
    assert requests.get(image.url, timeout=10).headers["content-type"] == "image/jpeg"
    me = spotify.current_user().id
    spotify.playlist_unfollow(made.id)
    assert spotify.playlist_is_following(made.id, [me]) == [False]
    spotify.playlist_follow(made.id)
    assert spotify.playlist_is_following(made.id, [me]) == [True]


def test_errors(spotify: Any, api: Sandbox, clock: Clock) -> None:
    """The client has a class of its own for each refusal."""
    with pytest.raises(tekore.NotFound, match="Resource not found"):
        spotify.track("7" * 22)
    with pytest.raises(tekore.BadRequest, match="Invalid base62 id"):
        spotify.track("7")
    with pytest.raises(tekore.NotFound, match="Requires an active device"):
        spotify.playback_seek(1)
    api.regime = "development"
    with pytest.raises(tekore.Forbidden):
        spotify.markets()
    with spotify.token_as(spotify.token.access_token + "x"), pytest.raises(tekore.Unauthorised, match="Invalid"):
        spotify.current_user_top_artists()
    api.weather = Weather([Fault("too_many_requests", nth=[1]), Fault("server_error", nth=[2], status=503)])
    with pytest.raises(tekore.TooManyRequests) as caught:
        spotify.playback_devices()
    assert caught.value.response.headers["retry-after"] == "1"
    with pytest.raises(tekore.ServiceUnavailable):
        spotify.playback_devices()
    clock.ahead += timedelta(hours=2)
    assert spotify.token.is_expiring is False
    with pytest.raises(tekore.Unauthorised, match="The access token expired"):
        spotify.playback_devices()


def test_pkce(api: Sandbox, sender: Any, clock: Clock) -> None:
    """Without the secret each refresh token works once and brings the next, until half a year after the consent."""
    alone = credentials(api, sender, None)
    auth = tekore.UserAuth(alone, "user-read-email", pkce=True)
    back = agreed(auth.url)
    assert parse_qs(urlsplit(back).query)["state"] == [auth.state]
    first = auth.request_token(url=back)
    assert str(first.scope) == "user-read-email"
    second = alone.refresh(first)
    assert second.refresh_token != first.refresh_token
    assert tekore.Spotify(second, sender=sender).current_user().email
    with pytest.raises(tekore.RefreshTokenInvalid):
        alone.refresh_pkce_token(first.refresh_token)
    clock.ahead += timedelta(days=190)
    with pytest.raises(tekore.RefreshTokenInvalid):
        alone.refresh_pkce_token(second.refresh_token)


def test_application_alone(api: Sandbox, sender: Any) -> None:
    """The client reads the catalogue without a user."""
    token = credentials(api, sender, api.client_secret).request_client_token()
    spotify = tekore.Spotify(token, sender=sender)
    (tracks,) = spotify.search("a", limit=3)
    assert len(tracks.items) == 3
    with pytest.raises(tekore.Unauthorised):
        spotify.current_user()
