"""Writes: what each command changed at Spotify."""

from schemas.spec import INT, TEXT, TIME, Column, Table, key

TABLE = Table(
    name="writes",
    description="A command that wrote to Spotify, or was about to: playlake restore or push.",
    key=("write_id",),
    kind="fact",
    columns=(
        key("write_id", TEXT, "Random id of the command.", "write_id"),
        Column("started_at", TIME, "When it began.", "started_at", nullable=False),
        Column("finished_at", TIME, "When it had ended.", "finished_at"),
        Column("user_id", TEXT, "As whom it wrote.", "user_id"),
        Column("playlist_id", TEXT, "The playlist that it wrote; null for what a user saves.", "playlist_id"),
        Column("operation", TEXT, "restore, push, or restore saved:tracks and so on.", "operation", nullable=False),
        Column(
            "requests",
            INT,
            "Requests of its own, repeated ones too; those of the syncs before and after it are in runs.",
            "requests",
        ),
        Column("snapshot_before", TEXT, "Version of the playlist that it found.", "snapshot_before"),
        Column("snapshot_after", TEXT, "Version of the playlist that it left.", "snapshot_after"),
        Column(
            "outcome",
            TEXT,
            "done, partial (not all could be put there), edited_elsewhere, rate_limited, interrupted, sign_in_needed, "
            "misconfigured or failed.",
            "outcome",
            nullable=False,
        ),
        Column("message", TEXT, "What could not be done, and what to do.", "message"),
    ),
)
