"""Tracks and local files inside a playlist, keys in the order recorded in 2024 to 2026."""

from sources.spotify_sandbox.render.json import boolean, quoted
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world.catalogue import local_uri
from sources.spotify_sandbox.world.contents import Album, Artist, LocalFile, Track

_WEB = "https://open.spotify.com"
_COVERS = ((640, "ab67616d0000b273"), (300, "ab67616d00001e02"), (64, "ab67616d00004851"))


def track(value: Track, view: View) -> str:
    """A track, relinked or marked unplayable if the view's market requires it."""
    missing = view.market is not None and view.market not in value.markets.codes
    track_id = value.replacement if missing and value.replacement else value.id
    markets = view.available_markets(value.markets)
    popularity = "" if view.trimmed else f'"popularity":{value.popularity},'
    isrc = "" if value.isrc is None else f'"isrc":"{value.isrc}"'
    return (
        f'{{"preview_url":{quoted(value.preview_url)},{markets}"explicit":{boolean(value.explicit)},'
        f'"type":"track","episode":false,"track":true,"album":{_album(value.album, view)},'
        f'"artists":{_artists(value.artists, view)},"disc_number":{value.disc_number},'
        f'"track_number":{value.track_number},"duration_ms":{value.duration_ms},"external_ids":{{{isrc}}},'
        f'"external_urls":{{"spotify":"{_WEB}/track/{track_id}"}},"href":"{view.base}/tracks/{track_id}",'
        f'"id":"{track_id}","name":{quoted(value.name)},{popularity}"uri":"spotify:track:{track_id}",'
        f'"is_local":false{_playability(value, view, missing)}}}'
    )


def _playability(value: Track, view: View, missing: bool) -> str:
    if view.market is None:
        return ""
    if not missing:
        return ',"is_playable":true'
    if value.replacement is None:
        return ',"is_playable":false,"restrictions":{"reason":"market"}'
    if view.trimmed:
        return ',"is_playable":true'
    return (
        f',"is_playable":true,"linked_from":{{"external_urls":{{"spotify":"{_WEB}/track/{value.id}"}},'
        f'"href":"{view.base}/tracks/{value.id}","id":"{value.id}","type":"track","uri":"spotify:track:{value.id}"}}'
    )


def _album(value: Album, view: View) -> str:
    markets = view.available_markets(value.markets)
    return (
        f'{{{markets}"type":"album","album_type":"{value.type}","href":"{view.base}/albums/{value.id}",'
        f'"id":"{value.id}","images":{covers(value.cover, view)},"name":{quoted(value.name)},'
        f'"release_date":{quoted(value.release_date)},"release_date_precision":{quoted(value.precision)},'
        f'"uri":"spotify:album:{value.id}","artists":{_artists(value.artists, view)},'
        f'"external_urls":{{"spotify":"{_WEB}/album/{value.id}"}},"total_tracks":{value.total_tracks}}}'
    )


def covers(cover: str | None, view: View) -> str:
    """The three images of an album: url, width, height; none without a cover."""
    if cover is None:
        return "[]"
    place = view.pictures
    images = [f'{{"url":"{place}/{prefix}{cover}","width":{size},"height":{size}}}' for size, prefix in _COVERS]
    return f"[{','.join(images)}]"


def _artists(values: tuple[Artist, ...], view: View) -> str:
    return "[" + ",".join(_artist(value, view.base) for value in values) + "]"


def _artist(value: Artist, base: str) -> str:
    return (
        f'{{"external_urls":{{"spotify":"{_WEB}/artist/{value.id}"}},"href":"{base}/artists/{value.id}",'
        f'"id":"{value.id}","name":{quoted(value.name)},"type":"artist","uri":"spotify:artist:{value.id}"}}'
    )


def local(value: LocalFile, view: View) -> str:
    """A local file: all fields of the catalogue are null, empty or 0 (recorded 2019 and 2025)."""
    markets = "" if view.trimmed else '"available_markets":[],'
    popularity = "" if view.trimmed else '"popularity":0,'
    return (
        f'{{"album":{{"album_type":null,{markets}"external_urls":{{}},"href":null,"id":null,"images":[],'
        f'"name":{quoted(value.album)},"release_date":null,"release_date_precision":null,"type":"album","uri":null,'
        f'"artists":[]}},"artists":[{{"external_urls":{{}},"href":null,"id":null,"name":{quoted(value.artist)},'
        f'"type":"artist","uri":null}}],{markets}"explicit":false,"preview_url":null,"type":"track",'
        f'"disc_number":0,"external_ids":{{}},"external_urls":{{}},"href":null,"id":null,'
        f'"duration_ms":{value.seconds * 1000},"name":{quoted(value.title)},"uri":{quoted(local_uri(value))},'
        f'{popularity}"track_number":0,"is_local":true}}'
    )
