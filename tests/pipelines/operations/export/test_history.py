"""Two years of 87 real playlists, exported as of five dates in every format: the files hold what was there.

The lake is made of the observations directly, a state for each day on which a playlist had changed; syncing them one by
one takes ten minutes, and tests/benchmarks/replay.py does it.
"""

import logging
from datetime import UTC, date, datetime, time
from pathlib import Path

import duckdb
import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.export import export
from pipelines.operations.export.file_names import file_names
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import settings
from tests.pipelines.operations.export.comparing import ENDINGS, FORMATS, in_views, same
from tests.pipelines.operations.export.test_export import needs
from tests.replay.replaying import changing_days

pytestmark = pytest.mark.long

DATES = 5

FILL = """
CREATE TEMP TABLE placed AS
SELECT playlist_id, day, position, 'spotify:track:' || track_id AS uri,
    row_number() OVER (PARTITION BY playlist_id, day, track_id ORDER BY position) AS copy
FROM read_parquet(getvariable('history') || '/entries.parquet');
CREATE TEMP TABLE additions AS
SELECT playlist_id, uri, copy, min(day) AS day, row_number() OVER () AS item_key FROM placed GROUP BY ALL;
CREATE TEMP TABLE versions AS FROM read_parquet(getvariable('history') || '/versions.parquet');

INSERT INTO playlist_additions BY NAME
SELECT playlist_id, item_key, uri AS item_uri, 'track' AS item_type, day AS added_at, day AS first_observed_at,
    'archivist' AS added_by_id, 'history' AS _dlt_load_id
FROM additions;
INSERT INTO playlist_snapshots BY NAME
SELECT playlist_id, day::VARCHAR AS snapshot_id, day + INTERVAL 12 HOUR AS observed_at, count(item_key) AS item_count,
    coalesce(to_json(list(item_key ORDER BY position) FILTER (WHERE item_key IS NOT NULL)), '[]') AS item_keys,
    'history' AS _dlt_load_id
FROM versions LEFT JOIN placed USING (playlist_id, day) LEFT JOIN additions USING (playlist_id, uri, copy)
GROUP BY ALL;
INSERT INTO playlist_descriptions BY NAME
SELECT playlist_id, day + INTERVAL 12 HOUR AS observed_at, name, description, true AS in_library,
    'history' AS _dlt_load_id
FROM versions;
INSERT INTO playlists BY NAME
SELECT playlist_id, arg_max(name, day) AS name, arg_max(description, day) AS description, true AS in_library,
    'readable' AS access, 'history' AS _dlt_load_id
FROM versions GROUP BY playlist_id;
INSERT INTO tracks BY NAME
SELECT 'spotify:track:' || track_id AS track_uri, track_id, name, album_id, duration_s * 1000 AS duration_ms,
    'history' AS _dlt_load_id
FROM read_parquet(getvariable('history') || '/tracks.parquet');
INSERT INTO track_artists BY NAME
SELECT 'spotify:track:' || track_id AS track_uri, generate_subscripts(artists, 1) - 1 AS position,
    unnest(artists).artist_id AS artist_id, unnest(artists).name AS artist_name, 'history' AS _dlt_load_id
FROM read_parquet(getvariable('history') || '/tracks.parquet');
INSERT INTO albums BY NAME
SELECT album_id, name, 'spotify:album:' || album_id AS uri, 'history' AS _dlt_load_id
FROM read_parquet(getvariable('history') || '/albums.parquet');
INSERT INTO _dlt_loads BY NAME SELECT 'history' AS load_id, 0 AS status, now() AS inserted_at;
"""


@pytest.fixture(scope="module")
def history(shared: Path) -> Path:
    """The observations."""
    return shared / "data" / "playlist_history"


@pytest.fixture(scope="module")
def lake(history: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake of all of them."""
    made = Lake("duckdb", str(tmp_path_factory.mktemp("lake") / "history.duckdb"))
    with Sandbox(generate(seed=1, playlists=1, items=1)) as api:
        sync(lake=made, **settings(api))
    with duckdb.connect(made.location) as connection:
        connection.execute("USE spotify; SET TimeZone = 'UTC'")
        connection.execute("SET VARIABLE history = ?", [str(history)])
        for table in ("playlist_additions", "playlist_snapshots", "playlist_descriptions", "playlists", "tracks"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("DELETE FROM track_artists; DELETE FROM albums")
        connection.execute(FILL)
    return made


def there(history: Path, day: date) -> dict[str, tuple[str, list[str]]]:
    """What each playlist was called on a day, and what was on it, from the observations alone."""
    rows = duckdb.execute(
        """
        SELECT playlist_id, name,
            list('spotify:track:' || track_id ORDER BY position) FILTER (WHERE track_id IS NOT NULL)
        FROM (
            FROM read_parquet($folder || '/versions.parquet') WHERE day <= $day
            QUALIFY row_number() OVER (PARTITION BY playlist_id ORDER BY day DESC) = 1
        ) LEFT JOIN read_parquet($folder || '/entries.parquet') USING (playlist_id, day)
        GROUP BY playlist_id, name
        """,
        {"folder": str(history), "day": day},
    ).fetchall()
    return {playlist_id: (name, uris or []) for playlist_id, name, uris in rows}


@pytest.mark.parametrize("number", range(DATES))
def test_what_was_there_comes_out(history: Path, lake: Lake, number: int, tmp_path: Path) -> None:
    """Every playlist that was there is a file under its name, with what the view shows and the observations say."""
    days = changing_days(history)
    day = days[(len(days) - 1) * number // (DATES - 1)]
    as_of = datetime.combine(day, time(18), UTC)
    truth, views = there(history, day), in_views(lake, as_of)
    assert {one: [row["uri"] for row in rows] for one, rows in views.items()} == {
        one: uris for one, (_, uris) in truth.items() if uris
    }
    written = 0
    for name in FORMATS:
        needs(name)
        done = export(lake, tmp_path / name, format=name, as_of=as_of)
        files = file_names({one: called for one, (called, _) in truth.items()}, ENDINGS[name])
        assert {file.name for file in done.files} == set(files.values())
        for playlist_id, file in files.items():
            same(tmp_path / name / file, name, views.get(playlist_id, []))
        written += len(files)
    rows = sum(map(len, views.values()))
    logging.info("%s: %d playlists, %d files, %d rows in each format", day, len(truth), written, rows)
