"""What Tab offers in the shell."""

import pytest

from pipelines.operations.catalog import Catalog, described, listed
from pipelines.operations.suggestions import suggestions
from sources.errors import ConfigurationError

CATALOG = Catalog(
    {
        "items": {"playlist": "varchar", "place": "bigint", "title": "varchar"},
        "item_changes": {"change": "varchar", "playlist": "varchar"},
        "playlists": {"playlist_id": "varchar", "name": "varchar"},
        "tracks": {"track_uri": "varchar", "name": "varchar"},
        "_dlt_loads": {"load_id": "varchar"},
    }
)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("SELECT 1 FROM it", ["items", "item_changes", "items_at"]),
        ("SELECT 1 FROM tracks, pl", ["playlists"]),
        ("from playlists p join tr", ["tracks"]),
        ("SELECT pl| FROM items", ["playlist", "place", "playlists"]),
        ("SELECT | FROM items", ["playlist", "place", "title"]),
        ("SELECT t.na| FROM tracks AS t", ["name"]),
        ("SELECT items.| FROM items", ["playlist", "place", "title"]),
        ("SELECT a.ti| FROM items_at('2026-11-01') a", ["title"]),
        ("FROM items WHER", ["WHERE"]),
        ("sel", ["SELECT"]),
        ("SELECT 'it", []),
        ("FROM items -- it", []),
        (".sc", [".schema"]),
        (".schema play", ["playlists"]),
        (".tables ", []),
        ("SELECT trac", ["tracks", "track_uri"]),
    ],
)
def test_what_fits(text: str, offered: list[str]) -> None:
    """Tables where a table is wanted, else columns of those that the statement names, then words of SQL."""
    before, _, after = text.partition("|")
    word, names = suggestions(CATALOG, before, after)
    assert names[: len(offered)] == offered
    assert bool(names) == bool(offered)
    assert before.endswith(word)


def test_the_lists_of_tables_and_columns() -> None:
    """Views for people come first, dlt's own tables not at all; for a slip it says what may be meant."""
    assert list(listed(CATALOG, 40)) == [
        "Views:",
        "  items",
        "  item_changes",
        "  items_at('2026-11-01')",
        "  item_changes_between('2026-11-01', '2026-12-01')",
        "Tables:",
        "  playlists  tracks",
    ]
    assert list(described(CATALOG, "playlists")) == ["playlists:", "  playlist_id  varchar", "  name         varchar"]
    assert list(described(CATALOG, "items_at"))[1:] == list(described(CATALOG, "items"))
    with pytest.raises(ConfigurationError, match=r"There is no table or view trakcs: did you mean tracks\?"):
        list(described(CATALOG, "trakcs"))
