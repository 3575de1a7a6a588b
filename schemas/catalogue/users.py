"""Users: who owns playlists and who adds to them."""

from schemas.spec import TEXT, Column, From, Table, key

TABLE = Table(
    name="users",
    sentence="A user who owns a playlist or added to one, as last seen.",
    key=("user_id",),
    kind="dimension",
    held=True,
    found=(From("playlists", "playlist.owner"), From("entries", "added_by")),
    columns=(
        key("user_id", TEXT, "Spotify's id of the user; may hold any character.", "id"),
        Column("display_name", TEXT, "Name shown; only known of owners.", "display_name", update="keep"),
        Column("uri", TEXT, "Spotify URI, percent-encoded.", "uri", update="keep"),
        Column("href", TEXT, "Address in the Web API.", "href", update="keep"),
        Column("external_url", TEXT, "Page on open.spotify.com.", "external_urls.spotify", update="keep"),
    ),
)
