"""Parses settings that are lists, in any of the ways people write them."""

import re
from typing import Any
from urllib.parse import unquote

from sources.errors import ConfigurationError

SEARCH_TYPES = ("album", "artist", "playlist", "track", "show", "episode", "audiobook")
"""What a search can find: https://developer.spotify.com/documentation/web-api/reference/search."""

MOST_SEEDS = 5
"""Of one request: https://developer.spotify.com/documentation/web-api/reference/get-recommendations."""

_LINK = re.compile(
    r"(?:spotify:|https://open\.spotify\.com/(?:intl-[a-z]+/)?)(track|artist)[:/]([0-9A-Za-z]{22})(?:\?.*)?"
)
_USER = re.compile(r"(?:spotify:user:|https://open\.spotify\.com/(?:intl-[a-z]+/)?user/)([^/?#:]+)(?:\?.*)?")
_GENRE = re.compile(r"[a-z0-9][a-z0-9&'-]*")


def listed(value: Any, name: str, what: str, separator: str | None = None) -> list[str]:
    """A list as people write it: also as JSON in an environment variable, or separated by commas and blanks.

    Args:
        value: the value of the setting.
        name: the setting, for the message.
        what: what the list is of.
        separator: what separates its texts, if they may hold commas and blanks.

    Raises:
        ConfigurationError: the value is not a list of texts.
    """
    if isinstance(value, str):
        if value.lstrip().startswith("["):
            import msgspec

            try:
                return msgspec.json.decode(value, type=list[str])
            except msgspec.DecodeError as error:
                msg = f"{name} is not a JSON list ({error}): write {what}, separated by {separator or 'commas'}."
                raise ConfigurationError(msg) from None
        return value.replace(",", " ").split() if separator is None else value.split(separator)
    if not isinstance(value, list | tuple | set | frozenset | None) or not all(
        isinstance(each, str) for each in value or ()
    ):
        msg = f"{name} = {value!r} is not a list of {what}: write them as texts."
        raise ConfigurationError(msg)
    return list(value or ())


def user_ids(value: Any) -> tuple[str, ...]:
    """Ids of users; in URIs and links they are percent-encoded.

    Raises:
        ConfigurationError: a text is not an id, URI or link of a user.
    """
    found = []
    for text in listed(value, "users", "ids, URIs or links of users"):
        link = _USER.fullmatch(text)
        user_id = unquote(link[1]) if link is not None else text
        if not user_id.isprintable() or "/" in user_id or not user_id.strip("."):
            msg = f"users = {text!r} is not a valid user: write ids, URIs or links, as in https://open.spotify.com/user/…."
            raise ConfigurationError(msg)
        found.append(user_id)
    return tuple(dict.fromkeys(found))


def queries(value: Any) -> tuple[str, ...]:
    """What to search for. Queries may hold commas and blanks, so `;` separates them.

    Raises:
        ConfigurationError: a query holds a control character.
    """
    found = [" ".join(query.split()) for query in listed(value, "searches", "queries", ";")]
    for query in found:
        if not query.isprintable():
            msg = f"searches = {query!r} contains a character that cannot be searched for."
            raise ConfigurationError(msg)
    return tuple(dict.fromkeys(filter(None, found)))


def search_types(value: Any) -> tuple[str, ...]:
    """Kinds of results, in the order of the documents; all of them if none is named.

    Raises:
        ConfigurationError: a name is not a kind of results.
    """
    named = listed(value, "search_types", "kinds of results")
    for name in named:
        if name not in SEARCH_TYPES:
            msg = f"search_types = {name!r} cannot be searched for: choose from {', '.join(SEARCH_TYPES)}."
            raise ConfigurationError(msg)
    return tuple(name for name in SEARCH_TYPES if not named or name in named)


def seeds(value: Any) -> tuple[str, ...]:
    """What recommendations start from, as `track:ID`, `artist:ID` or `genre:NAME`.

    Raises:
        ConfigurationError: a text is not a track, artist or genre, or there are too many.
    """
    found = []
    for text in listed(value, "recommendation_seeds", "URIs of tracks and artists, or names of genres"):
        link, named = _LINK.fullmatch(text), text.removeprefix("genre:")
        if link is not None:
            found.append(f"{link[1]}:{link[2]}")
        elif _GENRE.fullmatch(named):
            found.append(f"genre:{named}")
        else:
            msg = (
                f"recommendation_seeds = {text!r} is not a valid seed: write URIs of tracks and artists, as in "
                "spotify:artist:…, or names of genres, as in drum-and-bass."
            )
            raise ConfigurationError(msg)
    if len(found) > MOST_SEEDS:
        msg = f"recommendation_seeds names {len(found)} seeds: Spotify takes {MOST_SEEDS} at most."
        raise ConfigurationError(msg)
    return tuple(dict.fromkeys(found))
