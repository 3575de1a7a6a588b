"""The API modes of 2026: names of fields, and whether contents of other users' playlists are withheld.

Whether an endpoint exists in development mode is declared in its entry of ``api/endpoints``, as
``development_status`` of ``api/endpoint.py``. Options, addresses and errors call a mode ``regime``.

``extended``     Extended Quota Mode: nothing changed in February 2026. ``tracks`` and ``track``.
``development``  Development Mode from February 2026 on: ``items`` and ``item``, own and collaborative contents only,
                 and without a number of fields and endpoints.
``transition``   an older app during the change, as recorded on 2026-02-25: both names, each page and content twice.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from sources.spotify_sandbox.errors import WorldError

ApiMode = Literal["extended", "development", "transition"]


@dataclass(frozen=True, slots=True)
class Rules:
    """How an API mode answers."""

    collections: tuple[str, ...]
    """Names of the page of entries in a playlist, which are also the last parts of their paths."""

    contents: tuple[str, ...]
    """Names of the content in an entry."""

    restricted: bool
    """Whether fields and endpoints are removed, and contents of other users' playlists withheld."""


RULES: dict[ApiMode, Rules] = {
    "extended": Rules(("tracks",), ("track",), restricted=False),
    "development": Rules(("items",), ("item",), restricted=True),
    "transition": Rules(("tracks", "items"), ("track", "item"), restricted=False),
}


def api_mode(name: str) -> ApiMode:
    """The API mode of a name.

    Raises:
        WorldError: No mode has the name.
    """
    for known in get_args(ApiMode):
        if name == known:
            return known  # type: ignore[no-any-return]
    message = f"no regime {name!r}: choose one of {', '.join(RULES)}"
    raise WorldError(message)
