"""Reads: what happened to each playlist that a run had to read."""

from schemas.spec import INT, TEXT, TIME, Column, Table, key

TABLE = Table(
    name="playlist_reads",
    description="A playlist that a run read or could not read; unchanged ones are only counted in runs.",
    key=("run_id", "playlist_id"),
    kind="fact",
    columns=(
        key("run_id", TEXT, "The run.", "run_id", references="runs.run_id"),
        key("playlist_id", TEXT, "The playlist.", "playlist_id", references="playlists.playlist_id"),
        Column(
            "outcome",
            TEXT,
            "read, metadata_only, gone, kept_back (contents that contradict what is stored: not stored until two syncs "
            "in a row see the same), changed_while_reading, rate_limited or failed.",
            "outcome",
            nullable=False,
        ),
        Column(
            "user_id",
            TEXT,
            "The user whose sync it was: others may read what this one may not. Null for playlists asked for by id.",
            "user_id",
        ),
        Column("snapshot_id", TEXT, "Version that was read.", "snapshot_id"),
        Column("requests", INT, "Requests that it took.", "requests"),
        Column("items", INT, "Entries read.", "items"),
        Column("new_items", INT, "Items that were not there before.", "new_items"),
        Column("removed_items", INT, "Items that are no longer there.", "removed_items"),
        Column("message", TEXT, "What went wrong, and what to do.", "message"),
        Column(
            "doubted",
            TEXT,
            "Of contents that were not stored yet: a mark that the same contents have again.",
            "doubted",
        ),
        Column("started_at", TIME, "When reading it began.", "started_at"),
        Column("finished_at", TIME, "When reading it ended.", "finished_at"),
    ),
)
