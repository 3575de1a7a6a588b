"""The view of a request: host, API mode and market, which decide how an object is written."""

from dataclasses import dataclass, field

from sources.spotify_sandbox.world.markets import Markets

APART = "\0"
"""Marks the number of a list of markets that is inserted later; valid JSON never contains this character."""


@dataclass(frozen=True, slots=True)
class View:
    """How objects are written for one kind of request.

    ``trimmed`` leaves out what development apps lost in February 2026. With a ``market`` come ``is_playable`` and
    relinking instead of ``available_markets``. Without ``episodes`` an episode is written in the shape of a track. With
    a list in ``apart``, markets are collected there instead of written.
    """

    base: str
    trimmed: bool = False
    market: str | None = None
    episodes: bool = False
    apart: list[Markets] | None = field(default=None, compare=False, repr=False)

    @property
    def pictures(self) -> str:
        """The address in front of the images of albums, artists, shows and users, which this sandbox serves."""
        return pictures(self.base)

    @property
    def shows_markets(self) -> bool:
        """Whether ``available_markets`` is written."""
        return not self.trimmed and self.market is None

    def available_markets(self, markets: Markets) -> str:
        """The member ``available_markets`` with a comma after it; empty where it is not written."""
        if self.trimmed or self.market is not None:
            return ""
        if self.apart is None:
            return f'"available_markets":{markets.json},'
        self.apart.append(markets)
        return f'"available_markets":{APART}{len(self.apart) - 1}{APART},'


def pictures(base: str) -> str:
    """The address in front of the images that Spotify keeps on ``i.scdn.co``."""
    return f"{base.removesuffix('/v1')}/images/i.scdn.co/image"
