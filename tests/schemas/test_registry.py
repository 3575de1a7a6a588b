import re
from importlib import import_module
from pathlib import Path

import pytest

import schemas
from schemas import FUNCTIONS, TABLES, VIEWS, view_sql
from schemas.lake import SQL_TYPES
from schemas.spec import REMOVED, Column, Table

FOLDER = Path(schemas.__file__).parent
BY_NAME = {table.name: table for table in TABLES}
REFERENCES = [pytest.param(t, c, id=f"{t.name}.{c.name}") for t in TABLES for c in t.columns if c.references]

IMAGE = "url height width"
CREDIT = "artist_id artist_name"
PROMISED = {
    "playlists": "playlist_id uri name description owner_id public collaborative snapshot_id followers_total "
    "items_total external_url href primary_color access in_library left_at first_seen_at last_seen_at last_read_at",
    "playlist_descriptions": "playlist_id observed_at name description owner_id public collaborative followers_total "
    "items_total in_library",
    "playlist_listings": "user_id playlist_id observed_at state",
    "playlist_images": f"playlist_id position {IMAGE}",
    "playlist_snapshots": "playlist_id snapshot_id observed_at item_keys item_count",
    "playlist_additions": "playlist_id item_key added_at added_by_id item_uri item_type track_id episode_id is_local "
    "primary_color video_thumbnail_url first_observed_at",
    "playlist_addition_authors": "playlist_id item_key observed_at added_by_id",
    "runs": "run_id started_at finished_at exit_code outcome playlists unchanged read failed requests new_items "
    "removed_items resume_at message version",
    "playlist_reads": "run_id playlist_id outcome requests items new_items removed_items message "
    "started_at finished_at",
    "resource_reads": "run_id resource subject user_id outcome requests items new_items removed_items message "
    "started_at finished_at",
    "catalogue_reads": "subject item_id read_at outcome items",
    "saved_additions": "user_id collection item_key added_at item_uri item_type item_id first_observed_at",
    "saved_snapshots": "user_id collection observed_at item_keys item_count",
    "ranked_lists": "list subject user_id observed_at item_uris item_count",
    "categories": "category_id name href first_seen_at",
    "category_icons": f"category_id position {IMAGE}",
    "markets": "country first_seen_at",
    "plays": "user_id play_key source played_at item_uri item_name artist_name album_name context_uri context_type "
    "ms_played reason_start reason_end shuffle skipped offline platform country incognito",
    "player_states": "user_id observed_at is_playing currently_playing_type item_uri item_type progress_ms context_uri "
    "context_type shuffle_state smart_shuffle repeat_state changed_at device_id device_name device_type volume_percent "
    "is_private_session",
    "devices": "device_id user_id name type is_active is_private_session is_restricted supports_volume volume_percent",
    "covers": "sha256 content_type bytes width height data first_seen_at",
    "playlist_covers": "playlist_id observed_at cover_sha256 thumbnail_sha256",
    "cover_checks": "playlist_id checked_at url cover_sha256 thumbnail_sha256 message",
    "tracks": "track_uri track_id name album_id disc_number track_number duration_ms explicit is_local is_playable "
    "isrc ean upc popularity preview_url linked_from_uri restriction_reason available_markets href external_url "
    "described_at",
    "track_artists": f"track_uri position {CREDIT}",
    "albums": "album_id uri name album_type total_tracks release_date release_date_precision released_on "
    "restriction_reason available_markets href external_url label popularity upc ean described_at",
    "album_copyrights": "album_id position text type",
    "album_tracks": "album_id position track_uri",
    "album_artists": f"album_id position {CREDIT}",
    "album_images": f"album_id position {IMAGE}",
    "artists": "artist_id uri name href external_url popularity followers_total described_at",
    "artist_genres": "artist_id position genre",
    "artist_images": f"artist_id position {IMAGE}",
    "artist_albums": "artist_id album_id album_group first_seen_at",
    "episodes": "episode_id uri name show_id description html_description duration_ms explicit release_date "
    "release_date_precision released_on language languages is_playable is_externally_hosted audio_preview_url "
    "fully_played resume_position_ms restriction_reason href external_url described_at",
    "episode_images": f"episode_id position {IMAGE}",
    "shows": "show_id uri name publisher description html_description explicit languages media_type total_episodes "
    "is_externally_hosted available_markets href external_url described_at",
    "show_images": f"show_id position {IMAGE}",
    "show_copyrights": "show_id position text type",
    "audiobooks": "audiobook_id uri name publisher description html_description edition explicit languages media_type "
    "total_chapters available_markets href external_url described_at",
    "audiobook_authors": "audiobook_id position name",
    "audiobook_narrators": "audiobook_id position name",
    "audiobook_images": f"audiobook_id position {IMAGE}",
    "audiobook_copyrights": "audiobook_id position text type",
    "chapters": "chapter_id uri name audiobook_id chapter_number description html_description duration_ms explicit "
    "release_date release_date_precision released_on languages is_playable available_markets audio_preview_url "
    "fully_played resume_position_ms restriction_reason href external_url",
    "audio_features": "track_id danceability energy key loudness mode speechiness acousticness instrumentalness "
    "liveness valence tempo duration_ms time_signature",
    "audio_analyses": "track_id analysis",
    "unknown_items": "item_uri item_type name body first_seen_at",
    "users": "user_id display_name uri href external_url country product followers_total account_id email",
    "popularity_history": "item_type item_id observed_at popularity followers_total",
}
"""Columns that people's queries may rely on. More may come; none of these may go or be renamed."""

KEYS = {
    "playlists": "playlist_id",
    "playlist_descriptions": "playlist_id observed_at",
    "playlist_listings": "user_id playlist_id observed_at",
    "playlist_images": "playlist_id position",
    "playlist_snapshots": "playlist_id snapshot_id observed_at",
    "playlist_additions": "playlist_id item_key",
    "playlist_addition_authors": "playlist_id item_key observed_at",
    "runs": "run_id",
    "playlist_reads": "run_id playlist_id",
    "resource_reads": "run_id resource subject",
    "catalogue_reads": "subject item_id read_at",
    "writes": "write_id",
    "saved_additions": "user_id collection item_key",
    "saved_snapshots": "user_id collection observed_at",
    "ranked_lists": "list subject user_id observed_at",
    "categories": "category_id",
    "category_icons": "category_id position",
    "markets": "country",
    "plays": "user_id play_key source",
    "player_states": "user_id observed_at",
    "devices": "device_id",
    "covers": "sha256",
    "playlist_covers": "playlist_id observed_at",
    "cover_checks": "playlist_id",
    "tracks": "track_uri",
    "track_artists": "track_uri position",
    "albums": "album_id",
    "album_artists": "album_id position",
    "album_images": "album_id position",
    "album_copyrights": "album_id position",
    "album_tracks": "album_id position",
    "artists": "artist_id",
    "artist_genres": "artist_id position",
    "artist_images": "artist_id position",
    "artist_albums": "artist_id album_id",
    "episodes": "episode_id",
    "episode_images": "episode_id position",
    "shows": "show_id",
    "show_images": "show_id position",
    "show_copyrights": "show_id position",
    "audiobooks": "audiobook_id",
    "audiobook_authors": "audiobook_id position",
    "audiobook_narrators": "audiobook_id position",
    "audiobook_images": "audiobook_id position",
    "audiobook_copyrights": "audiobook_id position",
    "chapters": "chapter_id",
    "audio_features": "track_id",
    "audio_analyses": "track_id",
    "unknown_items": "item_uri",
    "users": "user_id",
    "popularity_history": "item_type item_id observed_at",
}


def test_every_file_that_declares_a_table_is_registered() -> None:
    """A table is one file of its name and one entry of TABLES."""
    files = [file.relative_to(FOLDER.parent) for file in FOLDER.rglob("*.py") if file.stem != "__init__"]
    modules = {file.stem: import_module(".".join(file.with_suffix("").parts)) for file in files}
    declared = {stem: module.TABLE for stem, module in modules.items() if hasattr(module, "TABLE")}
    assert declared == BY_NAME
    assert len(BY_NAME) == len(TABLES)


def test_every_view_file_is_registered() -> None:
    """A view or function is one file of its name and one entry of its list, and no table has its name."""
    for folder in (FOLDER / "views", FOLDER / "views" / "postgres", FOLDER / "views" / "spark"):
        assert sorted(file.stem for file in folder.glob("*.sql")) == sorted([*VIEWS, *FUNCTIONS])
    assert not {*VIEWS, *FUNCTIONS} & set(BY_NAME)


@pytest.mark.parametrize("view", [*VIEWS, *FUNCTIONS])
def test_a_view_says_what_a_row_is(view: str) -> None:
    """A view's file begins with a sentence and is one statement that can stand inside another."""
    sql = view_sql(view)
    assert re.match(r"-- [A-Z].*\.$", sql, re.MULTILINE)
    assert ";" not in sql


def test_promised_tables_have_their_promised_columns() -> None:
    """Every table has at least the columns that are promised, under exactly these names, and its promised key."""
    lacking = {
        name: set(columns.split()) - {c.name for c in BY_NAME[name].columns} for name, columns in PROMISED.items()
    }
    assert {name: columns for name, columns in lacking.items() if columns} == {}
    assert {name: tuple(key.split()) for name, key in KEYS.items()} == {table.name: table.key for table in TABLES}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_is_well_formed(table: Table) -> None:
    """Names stay as they are at any destination, keys cannot be null, and prose is a sentence."""
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    # What dlt's snake_case naming leaves alone.
    assert [name for name in [table.name, *names] if not re.fullmatch(r"[a-z]+(_[a-z]+)*(256)?", name)] == []
    assert [name for name in table.key if table[name].nullable] == []
    assert tuple(names[: len(table.key)]) == table.key
    assert re.fullmatch(r"[A-Z].*\.", table.description)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_columns_are_well_formed(table: Table) -> None:
    """A column is described, has a type for SQL, and says only in a dimension what a later row does."""
    for column in table.columns:
        assert re.fullmatch(r"\S.*\.", column.description), column.name
        assert column.type in SQL_TYPES, column.name
        assert column.update == "replace" or (table.kind != "fact" and column.name not in table.key), column.name
        assert not column.blank or column.update == "coalesce", column.name


@pytest.mark.parametrize(("table", "column"), REFERENCES)
def test_references_lead_to_a_key(table: Table, column: Column) -> None:
    """What a column points to is the whole key of another table, of the same type."""
    other, _, referenced = (column.references or "").partition(".")
    assert other != table.name
    assert BY_NAME[other].key == (referenced,)
    assert BY_NAME[other][referenced].type == column.type


@pytest.mark.parametrize("table", [t for t in TABLES if t.kind == "child"], ids=lambda table: table.name)
def test_a_part_belongs_to_its_owner_by_position(table: Table) -> None:
    """Elements of a list are found in one owner, are distinguished by their place, and can be taken away again."""
    (found,) = table.extracted_from
    (owner,) = table.owner
    parent = BY_NAME[found.table]
    assert found.by_position
    assert parent.kind == "dimension"
    assert table[owner].references == f"{parent.name}.{parent.key[0]}"
    assert table.key[1:] == ("position",)
    assert table.columns[-1] is REMOVED


@pytest.mark.parametrize("table", [t for t in TABLES if t.kind != "child"], ids=lambda table: table.name)
def test_only_parts_are_taken_away(table: Table) -> None:
    """Facts and dimensions never lose a row; a dimension has one key column, by which its versions are compared."""
    assert REMOVED not in table.columns
    assert not any(found.by_position for found in table.extracted_from)
    assert table.kind == "fact" or len(table.key) == 1


def test_a_column_that_is_not_there_is_named() -> None:
    """Asking a table for a column that it does not have is an error, not null."""
    with pytest.raises(KeyError, match="artist"):
        BY_NAME["tracks"]["artist"]
