"""JSON that is kept as it came, without the answer that it came in."""

from functools import lru_cache

from msgspec import Raw, Struct


class WithMarkets(Struct, gc=False):
    """An object with lists of markets or languages, which are stored as text.

    A `Raw` is a part of the answer, and keeps all of it in memory: of a page of entries 190 KB, as long as one of its
    objects waits for its batch (https://jcristharif.com/msgspec/api.html#raw). Few of these lists differ, so a copy
    of each is shared.
    """

    def __post_init__(self) -> None:
        """Replaces them by copies."""
        for name in ("available_markets", "languages"):
            if raw := getattr(self, name, None):
                setattr(self, name, _shared(bytes(raw)))


_shared = lru_cache(maxsize=4096)(Raw)
