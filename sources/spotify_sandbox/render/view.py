"""The eyes that look at the world: which host, which regime, which market decide how an object is written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """How objects are written for one kind of request.

    ``trimmed`` leaves out what development apps lost in February 2026. With a ``market`` come ``is_playable`` and
    relinking instead of ``available_markets``. Without ``episodes`` an episode comes dressed as a track.
    """

    base: str
    trimmed: bool = False
    market: str | None = None
    episodes: bool = False

    @property
    def pictures(self) -> str:
        """The address in front of the images of albums, artists, shows and users, which this sandbox serves."""
        return pictures(self.base)

    @property
    def shows_markets(self) -> bool:
        """Whether ``available_markets`` is written."""
        return not self.trimmed and self.market is None


def pictures(base: str) -> str:
    """The address in front of the images that Spotify keeps on ``i.scdn.co``."""
    return f"{base.removesuffix('/v1')}/images/i.scdn.co/image"
