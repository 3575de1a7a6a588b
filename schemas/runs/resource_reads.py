"""Readings of resources: how each ended."""

from schemas.spec import FLAG, INT, TEXT, TIME, Column, Table, key

TABLE = Table(
    name="resource_reads",
    description="How reading a part of a resource ended, unless it was unchanged; playlists have a table of their own.",
    key=("run_id", "resource", "subject"),
    kind="fact",
    columns=(
        key("run_id", TEXT, "The run.", "run_id", references="runs.run_id"),
        key("resource", TEXT, "The resource, such as saved_items.", "resource"),
        key("subject", TEXT, "Which part of it, such as albums.", "subject"),
        Column("user_id", TEXT, "Whose it is.", "user_id"),
        Column(
            "outcome",
            TEXT,
            "read, unchanged, not_available (to this app or consent), kept_back (it contradicts what is stored), "
            "changed_while_reading, rate_limited or failed.",
            "outcome",
            nullable=False,
        ),
        Column("is_whole", FLAG, "Whether all of it was read, and not only what seemed to have changed.", "is_whole"),
        Column("requests", INT, "Requests that it took, repeated ones too.", "requests"),
        Column("items", INT, "Number of entries.", "items"),
        Column("new_items", INT, "Entries that were not there before.", "new_items"),
        Column("removed_items", INT, "Entries that are no longer there.", "removed_items"),
        Column("message", TEXT, "Why it was not read, or not as usual.", "message"),
        Column("started_at", TIME, "When its first request was sent.", "started_at", nullable=False),
        Column("finished_at", TIME, "When it was read.", "finished_at"),
    ),
)
