"""What programs import: dlt's source and destination, `sync` and what else is done with a lake, the views, the errors.

Beside it, `playlake.sandbox` has the imitation of Spotify's Web API, for tests.
"""

from typing import TYPE_CHECKING

from playlake import errors

if TYPE_CHECKING:
    from pipelines.lake import Lake
    from pipelines.operations.export import export
    from pipelines.operations.writing import push, restore, spotify_playlist
    from pipelines.sync import sync
    from pipelines.views import create_views
    from sources.spotify import spotify, spotify_playlists
else:

    def __getattr__(name: str) -> object:
        """Imports the rest when it is first asked for: errors and the sandbox come without dlt and DuckDB."""
        if name not in __all__:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        from pipelines.lake import Lake
        from pipelines.operations.export import export
        from pipelines.operations.writing import push, restore, spotify_playlist
        from pipelines.sync import sync
        from pipelines.views import create_views
        from sources.spotify import spotify, spotify_playlists

        public = {
            "Lake": Lake,
            "create_views": create_views,
            "export": export,
            "push": push,
            "restore": restore,
            "spotify": spotify,
            "spotify_playlist": spotify_playlist,
            "spotify_playlists": spotify_playlists,
            "sync": sync,
        }
        globals().update(public)
        return public[name]

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


__all__ = [
    "Lake",
    "create_views",
    "errors",
    "export",
    "push",
    "restore",
    "spotify",
    "spotify_playlist",
    "spotify_playlists",
    "sync",
]
