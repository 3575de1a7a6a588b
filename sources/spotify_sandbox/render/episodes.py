"""Episodes inside a playlist: in their own shape if requested, otherwise in the shape of tracks."""

from sources.spotify_sandbox.render.json import boolean, image, quoted
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world.contents import Episode, Show

_WEB = "https://open.spotify.com"
_SIZES = ((640, "ab6765630000ba8a"), (300, "ab67656300005f1f"), (64, "ab6765630000f68d"))


def episode(value: Episode, view: View) -> str:
    """An episode with its show, keys in the order recorded in 2024."""
    markets = view.available_markets(value.show.markets)
    playable = _playability(value, view)
    return (
        f'{{"explicit":{boolean(value.explicit)},"audio_preview_url":null,"description":{quoted(value.description)},'
        f'"duration_ms":{value.duration_ms},"episode":true,'
        f'"external_urls":{{"spotify":"{_WEB}/episode/{value.id}"}},"href":"{view.base}/episodes/{value.id}",'
        f'"html_description":{quoted(_html(value.description))},"id":"{value.id}",'
        f'"images":{_images(value.cover, view)},'
        f'"is_externally_hosted":false,"language":"{value.show.language}","languages":["{value.show.language}"],'
        f'"name":{quoted(value.name)},"release_date":"{value.release_date}",'
        f'"release_date_precision":"day",{markets}"show":{_show(value.show, view)},"track":false,'
        f'"type":"episode","uri":"spotify:episode:{value.id}"{playable}}}'
    )


def _playability(value: Episode, view: View) -> str:
    return "" if view.market is None else f',"is_playable":{boolean(view.market in value.show.markets.codes)}'


def _show(value: Show, view: View) -> str:
    markets = view.available_markets(value.markets)
    publisher = "" if view.trimmed else f'"publisher":{quoted(value.publisher)},'
    return (
        f'{{{markets}"copyrights":[],"description":{quoted(value.description)},"explicit":{boolean(value.explicit)},'
        f'"external_urls":{{"spotify":"{_WEB}/show/{value.id}"}},"href":"{view.base}/shows/{value.id}",'
        f'"html_description":{quoted(_html(value.description))},"id":"{value.id}",'
        f'"images":{_images(value.cover, view)},'
        f'"is_externally_hosted":false,"languages":["{value.language}"],"media_type":"audio",'
        f'"name":{quoted(value.name)},{publisher}"total_episodes":{value.total_episodes},"type":"show",'
        f'"uri":"spotify:show:{value.id}"}}'
    )


def episode_as_track(value: Episode, view: View) -> str:
    """An episode for clients that requested only tracks (recorded in 2025).

    The album is the show; the publisher's name is in the artist's ``type``, and the artist has no name.
    """
    show = value.show
    markets = view.available_markets(show.markets)
    popularity = "" if view.trimmed else '"popularity":0,'
    playable = _playability(value, view)
    artist = (
        f'[{{"external_urls":{{"spotify":"{_WEB}/show/{show.id}"}},"href":"{view.base}/shows/{show.id}",'
        f'"id":"{show.id}","name":null,"type":{quoted(show.publisher)},"uri":"spotify:show:{show.id}"}}]'
    )
    album = (
        f'{{{markets}"type":"show","album_type":"compilation","href":"{view.base}/shows/{show.id}","id":"{show.id}",'
        f'"images":{_images(show.cover, view)},"name":{quoted(show.name)},"release_date":null,'
        f'"release_date_precision":null,"uri":"spotify:show:{show.id}","artists":{artist},'
        f'"external_urls":{{"spotify":"{_WEB}/show/{show.id}"}},"total_tracks":{show.total_episodes}}}'
    )
    return (
        f'{{"preview_url":null,{markets}"explicit":{boolean(value.explicit)},"type":"episode","episode":false,'
        f'"track":true,"album":{album},"artists":{artist},"disc_number":0,"track_number":0,'
        f'"duration_ms":{value.duration_ms},"external_ids":{{"spotify":"{_WEB}/episode/{value.id}"}},'
        f'"external_urls":{{"spotify":"{_WEB}/episode/{value.id}"}},"href":"{view.base}/episodes/{value.id}",'
        f'"id":"{value.id}","name":{quoted(value.name)},{popularity}"uri":"spotify:episode:{value.id}",'
        f'"is_local":false{playable}}}'
    )


def _html(text: str) -> str:
    return "<p>" + text.replace("&", "&amp;").replace("<", "&lt;") + "</p>"


def _images(cover: str, view: View) -> str:
    return "[" + ",".join(image(f"{view.pictures}/{prefix}{cover}", size) for size, prefix in _SIZES) + "]"
