"""Markets: countries where Spotify is, and lists of codes, kept as the JSON text that the API sent."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from schemas.spec import TEXT, TIME, Column, Table, key, seen_at

TABLE = Table(
    name="markets",
    description="A country where Spotify is.",
    key=("country",),
    kind="dimension",
    columns=(
        key("country", TEXT, "Its two letters, ISO 3166-1 alpha-2.", "country"),
        Column("first_seen_at", TIME, "When a sync first saw it.", seen_at, update="insert_only"),
    ),
)


def json_text(attribute: str) -> Callable[[Any], str | None]:
    """A function that gives an attribute's raw JSON as text.

    A list of 180 market codes stands on every track and album of the old API. As a table of its own it made
    loading 70 times slower; as text it compresses to almost nothing, because few lists differ, and
    `available_markets::JSON::VARCHAR[]` opens it.
    """

    def value(row: Any) -> str | None:
        raw = getattr(row, attribute)
        return None if not raw else _text(bytes(raw))

    return value


@lru_cache(maxsize=4096)
def _text(raw: bytes) -> str | None:
    return None if raw == b"null" else raw.decode(errors="replace")
