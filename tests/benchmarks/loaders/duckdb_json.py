"""DuckDB alone: `read_json` on the saved pages, unnested by SQL. It needs files, so somebody must have read the API."""

from pathlib import Path

import duckdb


def load(place: Path, _url: str, work: Path) -> int:
    """The tables of additions, tracks, albums and artists, with what belongs to them."""
    with duckdb.connect(str(work / "duckdb_json.duckdb")) as connection:
        connection.execute("SET VARIABLE pages = ?", [str(place / "playlists/*/tracks/*.json")])
        connection.execute((Path(__file__).parent / "duckdb_json.sql").read_text(encoding="utf-8"))
        row = connection.execute("SELECT count(*) FROM playlist_items").fetchone()
    return int(row[0]) if row else 0
