"""Audiobooks and their chapters."""

from sources.spotify_sandbox.render.objects import (
    Json,
    audiobook_images,
    available_markets,
    external_urls,
    html,
    ordered,
)
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world.contents import Audiobook, Chapter

_WITH_CHAPTERS = ("authors", "available_markets", "chapters")
_IN_A_LIST = ("id", "description", "chapter_number", "duration_ms", "explicit", "images", "languages", "name")
_INSIDE_AN_AUDIOBOOK = (
    "id",
    "description",
    "chapter_number",
    "duration_ms",
    "images",
    "languages",
    "name",
    "audio_preview_url",
    "release_date",
    "release_date_precision",
    "resume_point",
    "explicit",
)


def simplified(value: Audiobook, view: View) -> Json:
    """An audiobook in a list or inside a chapter; development apps see neither markets nor publisher."""
    markets: Json = {"available_markets": available_markets(value.markets)} if view.shows_markets else {}
    publisher: Json = {} if view.trimmed else {"publisher": value.publisher}
    return {
        "authors": [{"name": name} for name in value.authors],
        **markets,
        "copyrights": [{"text": f"{value.publisher} {value.release_date[:4]}", "type": "C"}],
        "description": value.description,
        "edition": value.edition,
        "explicit": value.explicit,
        "external_urls": external_urls("show", value.id),
        "href": f"{view.base}/audiobooks/{value.id}",
        "html_description": html(value.description).removeprefix("<p>").removesuffix("</p>"),
        "id": value.id,
        "images": audiobook_images(value.cover, view, ("url", "height", "width")),
        "languages": [value.language],
        "media_type": "audio",
        "name": value.name,
        "narrators": [{"name": name} for name in value.narrators],
        **publisher,
        "total_chapters": value.total_chapters,
        "type": "audiobook",
        "uri": f"spotify:show:{value.id}",
    }


def audiobook(value: Audiobook, chapters: Json, view: View) -> Json:
    """An audiobook in full, with the first page of its chapters, keys in the order recorded in 2026."""
    whole = {**simplified(value, view), "chapters": chapters}
    return {**ordered(whole, _WITH_CHAPTERS), **whole}


def in_a_list(value: Chapter, view: View) -> Json:
    """A chapter in a page of chapters: its language is an empty text, and nothing says that it can be played."""
    images = audiobook_images(value.audiobook.cover, view, ("height", "width", "url"))
    alone = _alone(value, view) | {"languages": [""], "images": images}
    return {**ordered(alone, _IN_A_LIST), **alone}


def inside_an_audiobook(value: Chapter, view: View) -> Json:
    """A chapter in the first page of its audiobook, which has ``explicit`` further down."""
    alone = in_a_list(value, view)
    return {**ordered(alone, _INSIDE_AN_AUDIOBOOK), **alone}


def chapter(value: Chapter, view: View) -> Json:
    """A chapter with its audiobook, keys in the order recorded in 2026."""
    alone = _alone(value, view)
    parent = simplified(value.audiobook, view)
    parent["images"] = alone["images"]
    whole: Json = {}
    for key, part in alone.items():
        if key == "html_description":
            whole["is_playable"] = True
            part = parent["html_description"]
        if key == "type":
            whole["audiobook"] = parent
        whole[key] = part
    return whole


def _alone(value: Chapter, view: View) -> Json:
    book = value.audiobook
    markets: Json = {"available_markets": available_markets(book.markets)} if view.shows_markets else {}
    return {
        "id": value.id,
        "description": "",
        "chapter_number": value.chapter_number,
        "duration_ms": value.duration_ms,
        "explicit": book.explicit,
        "images": audiobook_images(book.cover, view, ("height", "url", "width")),
        "languages": [book.language],
        "name": value.name,
        "audio_preview_url": None,
        "release_date": book.release_date,
        "release_date_precision": "day",
        "resume_point": {"fully_played": False, "resume_position_ms": 0},
        "html_description": "",
        **markets,
        "type": "chapter",
        "uri": f"spotify:episode:{value.id}",
        "external_urls": external_urls("episode", value.id),
        "href": f"{view.base}/chapters/{value.id}",
    }
