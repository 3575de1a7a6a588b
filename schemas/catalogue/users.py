"""Users: who owns playlists, who adds to them, and who is signed in."""

from schemas.spec import INT, TEXT, Column, From, Table, key

TABLE = Table(
    name="users",
    description="A user who owns a playlist, added to one, or is signed in, as last seen.",
    key=("user_id",),
    kind="dimension",
    buffered=True,
    extracted_from=(From("playlists", "playlist.owner"), From("entries", "added_by")),
    columns=(
        key("user_id", TEXT, "Spotify's id of the user; may hold any character.", "id"),
        Column("display_name", TEXT, "Name shown; only known of owners.", "display_name", update="coalesce"),
        Column("uri", TEXT, "Spotify URI, percent-encoded.", "uri", update="coalesce"),
        Column("href", TEXT, "Address in the Web API.", "href", update="coalesce"),
        Column("external_url", TEXT, "Page on open.spotify.com.", "external_urls.spotify", update="coalesce"),
        Column("account_id", TEXT, "Id of the account; only of signed-in users.", "account_id", update="coalesce"),
        Column("country", TEXT, "Its country, ISO 3166-1; only of signed-in users.", "country", update="coalesce"),
        Column("product", TEXT, "premium, free and the like; only of signed-in users.", "product", update="coalesce"),
        Column("followers_total", INT, "How many follow, where Spotify says.", "followers.total", update="value"),
        Column(
            "email",
            TEXT,
            "E-mail address of a signed-in user; only stored with the setting store_email.",
            "email",
            update="coalesce",
        ),
    ),
)
