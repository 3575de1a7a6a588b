"""Plays: what a user listened to, from the Web API and from the account data that Spotify sends."""

from schemas.spec import FLAG, INT, TEXT, TIME, Column, Table, key

TABLE = Table(
    name="plays",
    description="One play of something by a user, from one source; the view listening has each play once.",
    key=("user_id", "play_key", "source"),
    kind="fact",
    columns=(
        key("user_id", TEXT, "Who listened.", "user_id"),
        key(
            "play_key",
            INT,
            "Hash of what identifies a play of its source: played_at, the item's URI or else its names, "
            "ms_played and a counter for otherwise identical ones.",
            "play_key",
        ),
        key("source", TEXT, "api (recently played) or export (the account data that Spotify sends).", "source"),
        Column("played_at", TIME, "When playing ended.", "played_at", nullable=False),
        Column(
            "played_at_precision",
            TEXT,
            "millisecond (api), second (the extended history) or minute (the short one, whose times are cut).",
            "played_at_precision",
            nullable=False,
        ),
        Column(
            "item_uri",
            TEXT,
            "URI of what was played; null where the export has only names that more than one known track has, or none.",
            "item_uri",
        ),
        Column("item_type", TEXT, "track, episode, chapter or another of the API's kinds.", "item_type"),
        Column("item_name", TEXT, "Title at that time; null if it is gone.", "item_name"),
        Column("artist_name", TEXT, "First artist; the show of an episode, the book of a chapter.", "artist_name"),
        Column("album_name", TEXT, "Album of a track.", "album_name"),
        Column("context_uri", TEXT, "From where it was played, such as a playlist; only from the API.", "context_uri"),
        Column("context_type", TEXT, "album, artist, playlist, show or collection.", "context_type"),
        Column("ms_played", INT, "How long it was played, in milliseconds; only from exports.", "ms_played"),
        Column("reason_start", TEXT, "Why it began, such as clickrow or trackdone.", "reason_start"),
        Column("reason_end", TEXT, "Why it ended, such as trackdone or fwdbtn.", "reason_end"),
        Column("shuffle", FLAG, "Whether shuffle was on.", "shuffle"),
        Column("skipped", FLAG, "Whether it was skipped; null in older exports.", "skipped"),
        Column("offline", FLAG, "Whether the device was offline.", "offline"),
        Column("offline_at", TIME, "When the device played it offline, where that is known.", "offline_at"),
        Column("platform", TEXT, "Kind of device, as Spotify writes it.", "platform"),
        Column("country", TEXT, "Country of the connection; ZZ where it is not known.", "country"),
        Column("incognito", FLAG, "Whether it was a private session.", "incognito"),
        Column("run_id", TEXT, "The run that stored it.", "run_id", nullable=False, references="runs.run_id"),
        Column("first_observed_at", TIME, "When that read it.", "observed_at", nullable=False),
    ),
)
