"""Which tables are drawn together: a diagram of all of them could not be read."""

AREAS: dict[str, tuple[str, ...]] = {
    "Playlists and what is on them": (
        "playlists",
        "playlist_additions",
        "playlist_addition_authors",
        "playlist_snapshots",
        "playlist_descriptions",
        "playlist_listings",
        "unknown_items",
    ),
    "Pictures of playlists": ("playlist_images", "playlist_covers", "covers", "cover_checks"),
    "Tracks, albums and artists": (
        "tracks",
        "track_artists",
        "albums",
        "album_artists",
        "album_tracks",
        "artists",
        "artist_albums",
        "artist_genres",
    ),
    "More about tracks, albums and artists": (
        "album_images",
        "album_copyrights",
        "artist_images",
        "audio_features",
        "audio_analyses",
        "popularity_history",
    ),
    "Podcasts": ("shows", "episodes", "show_images", "show_copyrights", "episode_images"),
    "Audiobooks": (
        "audiobooks",
        "chapters",
        "audiobook_authors",
        "audiobook_narrators",
        "audiobook_images",
        "audiobook_copyrights",
    ),
    "Users, their libraries and what they listen to": (
        "users",
        "saved_additions",
        "saved_snapshots",
        "plays",
        "player_states",
        "devices",
    ),
    "Lists that Spotify makes": ("ranked_lists", "categories", "category_icons", "markets"),
    "Syncs, and what goes back to Spotify": ("runs", "playlist_reads", "resource_reads", "catalogue_reads", "writes"),
}
"""Titles of diagrams, each with its tables. A line is drawn where the table that points is."""
