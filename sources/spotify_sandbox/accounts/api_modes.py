"""The API modes of 2026, called regimes: names of fields, and whether contents of others are withheld.

Which endpoints are closed in development mode is declared with each of them: ``development_status`` in
``api/endpoint.py`` and the tables of ``api/endpoints``.

``extended``     Extended Quota Mode: nothing changed in February 2026. ``tracks`` and ``track``.
``development``  Development Mode from February 2026 on: ``items`` and ``item``, own and collaborative contents only,
                 and without a number of fields and endpoints.
``transition``   an older app during the change, as recorded on 2026-02-25: both names, each page and content twice.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from sources.spotify_sandbox.errors import WorldError

Regime = Literal["extended", "development", "transition"]


@dataclass(frozen=True, slots=True)
class Rules:
    """What an API mode does."""

    collections: tuple[str, ...]
    """Names of the page of entries in a playlist, which are also the last parts of their paths."""

    contents: tuple[str, ...]
    """Names of the content in an entry."""

    restricted: bool
    """Whether fields and endpoints are removed and others' contents withheld."""


RULES: dict[Regime, Rules] = {
    "extended": Rules(("tracks",), ("track",), restricted=False),
    "development": Rules(("items",), ("item",), restricted=True),
    "transition": Rules(("tracks", "items"), ("track", "item"), restricted=False),
}


def regime(name: str) -> Regime:
    """The API mode with a name."""
    for known in get_args(Regime):
        if name == known:
            return known  # type: ignore[no-any-return]
    message = f"no regime {name!r}: choose one of {', '.join(RULES)}"
    raise WorldError(message)
