"""Runs: what each sync did."""

from schemas.spec import INT, TEXT, TIME, Column, Table, key

TABLE = Table(
    name="runs",
    description="A sync.",
    key=("run_id",),
    kind="fact",
    columns=(
        key("run_id", TEXT, "Random id of the run.", "run_id"),
        Column("started_at", TIME, "When it began.", "started_at", nullable=False),
        Column("finished_at", TIME, "When it had read all it could.", "finished_at"),
        Column("exit_code", INT, "What the command ended with: 0 is done.", "exit_code"),
        Column(
            "outcome",
            TEXT,
            "done, partial (some playlists could not be read), rate_limited, interrupted, sign_in_needed, "
            "misconfigured, failed or imported (playlake import, which reads nothing of Spotify).",
            "outcome",
        ),
        Column("playlists", INT, "Playlists that it checked.", "playlists"),
        Column("unchanged", INT, "Playlists that it skipped because they had not changed.", "unchanged"),
        Column("read", INT, "Playlists that it read.", "read"),
        Column("failed", INT, "Playlists that it could not read.", "failed"),
        Column("requests", INT, "Requests to the Web API, repeated ones too.", "requests"),
        Column("new_items", INT, "Items found on playlists that were not there before.", "new_items"),
        Column("removed_items", INT, "Items no longer on their playlists.", "removed_items"),
        Column(
            "hidden_playlists",
            INT,
            "Rows of the user's list that Spotify shows as null. Null where the list was not complete, or where they "
            "are more than before and playlists are lacking.",
            "hidden_playlists",
        ),
        Column("resume_at", TIME, "After a rate limit: when to go on.", "resume_at"),
        Column("message", TEXT, "What went wrong, and what to do.", "message"),
        Column(
            "unknown_fields",
            TEXT,
            "Fields seen in a sample of the answers that no table stores: a JSON list of their object, field, place, "
            "endpoint, type and count, never their values. Null if there were none.",
            "unknown_fields",
        ),
        Column("client_id", TEXT, "The app that asked; waits are its own.", "client_id"),
        Column("user_id", TEXT, "The user whose list of playlists was read.", "user_id"),
        Column("version", TEXT, "Version of playlake.", "version"),
    ),
)
