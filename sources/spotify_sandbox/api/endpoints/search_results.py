"""The results of a search for each kind; exact matches of the name come first."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial
from operator import attrgetter

import msgspec

from sources.spotify_sandbox.api.endpoints.access import SPOTIFY, view_of
from sources.spotify_sandbox.api.endpoints.audiobooks import is_sold
from sources.spotify_sandbox.api.endpoints.listening import listener_of
from sources.spotify_sandbox.api.endpoints.lookups import country_of, episode_at, track_at
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.render import albums, artists, audiobooks, full_tracks, shows
from sources.spotify_sandbox.render.objects import Json
from sources.spotify_sandbox.render.playlists import summary
from sources.spotify_sandbox.world.contents import Release
from sources.spotify_sandbox.world.playlist import Playlist
from sources.spotify_sandbox.world.search_query import Query, folded

NEW_FOR = timedelta(days=14)
"""How long after its release ``tag:new`` finds an album."""

_HIPSTER = 8

Write = Callable[[], Json | None]
"""Writes a result, once it is known to be on the page."""

Found = list[tuple[str, Write]]
"""Results with the folded names by which they were found."""


def _exact_first(found: Iterable[tuple[str, Write]], query: Query) -> Sequence[Write]:
    wanted = " ".join(query.words)
    return [write for _, write in sorted(found, key=lambda pair: pair[0] != wanted)]


def _tracks(call: Call, query: Query) -> Sequence[Write]:
    if not query.covers("album", "artist", "track", "year", "isrc", "genre"):
        return []
    world, view, country = call.world, view_of(call), country_of(call)
    place = view.market or country
    found: Found = []
    for names in world.catalogue.works.search.tracks:
        edit = world.edits.get(names.number)
        title = names.name if edit is None or edit.name is None else folded(edit.name)
        text = f"{title}\n{names.artists}\n{names.album}"
        fits = query.matches(text, track=title, album=names.album, artist=names.artists, isrc=names.isrc)
        if not (fits and query.in_year(names.released)):
            continue
        track = track_at(world, names.number)
        if place is None or place in track.markets.codes or track.replacement is not None:
            found.append((title, partial(full_tracks.track, track, view, country)))
    return _exact_first(found, query)


def _albums(call: Call, query: Query) -> Sequence[Write]:
    if not query.covers("album", "artist", "year", "upc", "tag"):
        return []
    view, country = view_of(call), country_of(call)
    place = view.market or country
    found: Found = []
    for names, release in call.world.catalogue.works.search.albums:
        by = names.text.removeprefix(names.name)
        fits = query.matches(names.text, album=names.name, artist=by, upc=release.upc or "")
        if not (fits and query.in_year(release.album.release_date) and _is_tagged(call, query, release)):
            continue
        if place is None or place in release.album.markets.codes:
            found.append((names.name, partial(albums.simplified, release.album, view, country)))
    return _exact_first(found, query)


def _is_tagged(call: Call, query: Query, release: Release) -> bool:
    newest = str((call.world.clock() - NEW_FOR).date())
    return (not query.tagged("new") or (release.album.release_date or "") >= newest) and (
        not query.tagged("hipster") or release.popularity < _HIPSTER
    )


def _artists(call: Call, query: Query) -> Sequence[Write]:
    if not query.covers("artist", "genre", "year"):
        return []
    view = view_of(call)
    found: Found = [
        (names.name, partial(artists.artist, performer, view))
        for names, performer in call.world.catalogue.works.search.artists
        if query.matches(names.text, artist=names.name, genre=folded("\n".join(performer.genres)))
    ]
    return _exact_first(found, query)


def _playlists(call: Call, query: Query) -> Sequence[Write]:
    if query.filters:
        return []
    listed = [playlist for playlist in call.world.playlists.values() if playlist.public is not False]
    found: Found = [
        (folded(playlist.name), partial(_playlist, call, playlist))
        for playlist in sorted(listed, key=attrgetter("followers"), reverse=True)
        if query.matches(folded(f"{playlist.name}\n{playlist.description or ''}"))
    ]
    return _exact_first(found, query)


def _playlist(call: Call, playlist: Playlist) -> Json | None:
    """A playlist as search shows it: ``public`` is null, and to development apps Spotify's own are null as a whole."""
    if call.rules.restricted and playlist.owner == SPOTIFY:
        return None
    written = summary(playlist, call.world.users.find(playlist.owner), call.base, call.rules)
    shown: Json = msgspec.json.decode(written)
    return shown | {"public": None}


def _shows(call: Call, query: Query) -> Sequence[Write]:
    view, listener = view_of(call), listener_of(call)
    found: Found = [
        (names.name, partial(shows.simplified, show, view) if listener else _nothing)
        for names, show in call.world.catalogue.works.search.shows
        if not query.filters and query.matches(names.text)
    ]
    return _exact_first(found, query)


def _episodes(call: Call, query: Query) -> Sequence[Write]:
    listener = listener_of(call)
    found: Found = [
        (
            names.name,
            partial(_episode, call, number) if listener else _nothing,
        )
        for names, number in call.world.catalogue.works.search.episodes
        if not query.filters and query.matches(names.text)
    ]
    return _exact_first(found, query)


def _episode(call: Call, number: int) -> Json | None:
    listener = listener_of(call)
    return None if listener is None else shows.in_a_list(episode_at(call.world, number), view_of(call), listener)


def _nothing() -> None:
    """A podcast or an episode without a market and without a user: a null element."""
    return


def _audiobooks(call: Call, query: Query) -> Sequence[Write]:
    view = view_of(call)
    found: Found = [
        (names.name, partial(audiobooks.simplified, book, view))
        for names, book in call.world.catalogue.works.search.audiobooks
        if not query.filters and query.matches(names.text) and is_sold(call, book)
    ]
    return _exact_first(found, query)


FINDERS: dict[str, Callable[[Call, Query], Sequence[Write]]] = {
    "album": _albums,
    "artist": _artists,
    "playlist": _playlists,
    "track": _tracks,
    "show": _shows,
    "episode": _episodes,
    "audiobook": _audiobooks,
}
"""By the ``type`` that is searched."""
