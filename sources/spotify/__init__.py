"""The dlt sources: `spotify` with all resources, `spotify_playlists` with playlists only; as normalised tables."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.spotify.config import SpotifyCredentials
    from sources.spotify.engine.load_budget import LoadBudget
    from sources.spotify.engine.replay import replay_run
    from sources.spotify.source import (
        failed_run,
        playlists_of,
        read_settings,
        spotify,
        spotify_playlists,
        start_run,
        writing_client,
        written,
    )
else:

    def __getattr__(name: str) -> object:
        """Imports the sources when one is first asked for: modules beside them come without dlt."""
        if name not in __all__:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        from sources.spotify.config import SpotifyCredentials
        from sources.spotify.engine.load_budget import LoadBudget
        from sources.spotify.engine.replay import replay_run
        from sources.spotify.source import (
            failed_run,
            playlists_of,
            read_settings,
            spotify,
            spotify_playlists,
            start_run,
            writing_client,
            written,
        )

        public = {
            "LoadBudget": LoadBudget,
            "SpotifyCredentials": SpotifyCredentials,
            "failed_run": failed_run,
            "playlists_of": playlists_of,
            "read_settings": read_settings,
            "replay_run": replay_run,
            "spotify": spotify,
            "spotify_playlists": spotify_playlists,
            "start_run": start_run,
            "writing_client": writing_client,
            "written": written,
        }
        globals().update(public)
        return public[name]

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})


__all__ = [
    "LoadBudget",
    "SpotifyCredentials",
    "failed_run",
    "playlists_of",
    "read_settings",
    "replay_run",
    "spotify",
    "spotify_playlists",
    "start_run",
    "writing_client",
    "written",
]
