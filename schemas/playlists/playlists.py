"""Playlists, as they were last seen."""

from typing import Any

from schemas.spec import FLAG, INT, TEXT, TIME, Column, Table, key


def href(seen: Any) -> str | None:
    """The address without its query: a list gives none, the playlist itself echoes what was asked."""
    address: str | None = seen.playlist.href
    return None if address is None else address.partition("?")[0]


TABLE = Table(
    name="playlists",
    description="A playlist that was ever seen, as it was last described.",
    key=("playlist_id",),
    kind="dimension",
    buffered=True,
    columns=(
        key("playlist_id", TEXT, "Spotify's id of the playlist.", "playlist.id"),
        Column("uri", TEXT, "Spotify URI of the playlist.", "playlist.uri", update="coalesce"),
        Column("name", TEXT, "Name; may be empty.", "playlist.name", update="value"),
        Column(
            "description",
            TEXT,
            "Description as sent; Spotify's own lists have HTML in it.",
            "playlist.description",
            update="value",
        ),
        Column(
            "owner_id", TEXT, "User who owns it.", "playlist.owner.id", references="users.user_id", update="coalesce"
        ),
        Column(
            "public",
            FLAG,
            "Whether it is on the owner's profile; null where Spotify does not say.",
            "playlist.public",
            update="coalesce",
        ),
        Column("collaborative", FLAG, "Whether others may edit it.", "playlist.collaborative", update="coalesce"),
        Column(
            "snapshot_id",
            TEXT,
            "Version that a sync last read to the end; compare for equality only.",
            "snapshot_id",
            update="coalesce",
        ),
        Column(
            "followers_total",
            INT,
            "Followers; only known for playlists that were read.",
            "followers_total",
            update="coalesce",
        ),
        Column("items_total", INT, "Entries that Spotify counts, null ones too.", "items_total", update="coalesce"),
        Column("external_url", TEXT, "Page on open.spotify.com.", "playlist.external_urls.spotify", update="coalesce"),
        Column("href", TEXT, "Address in the Web API, without a query.", href, update="coalesce"),
        Column(
            "primary_color",
            TEXT,
            "Colour of editorial lists, such as #ffffff.",
            "playlist.primary_color",
            update="coalesce",
        ),
        Column(
            "access",
            TEXT,
            "readable, metadata_only (the app may not see the contents: not the same as empty) or gone.",
            "access",
            update="coalesce",
        ),
        Column(
            "in_library",
            FLAG,
            "Whether it is in the list of any user of this lake; null where it was only ever asked for by its "
            "id, or shown by a search or by browsing; the latter have no access either.",
            "in_library",
        ),
        Column(
            "left_at",
            TIME,
            "When a sync found that it had left the library: the second list in a row without it, or it is gone. Null "
            "while it is there.",
            "left_at",
        ),
        Column("first_seen_at", TIME, "When a sync first saw it.", "seen_at", update="insert_only"),
        Column(
            "last_seen_at",
            TIME,
            "When a sync last saw it, in the user's list or by its id.",
            "seen_at",
            update="coalesce",
        ),
        Column("last_read_at", TIME, "When its contents were last read completely.", "read_at", update="coalesce"),
    ),
)
