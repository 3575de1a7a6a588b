"""The primary keys of plays, for the API and for imported histories alike."""

from hashlib import blake2b

STEP = 0x1E3779B97F4A7C15
"""By how much the keys of exact equals lie apart, in the 64 bits in which they go round."""


def moment_key(moment: int, what: str, ms_played: int | None = None) -> int:
    """A signed number of 64 bits for the first of equal plays; `with_ordinal` gives those of others.

    Args:
        moment: when playing ended, in microseconds since 1970.
        what: the item's URI or, where there is none, its names.
        ms_played: how long, where that is known.
    """
    text = f"{moment}\n{'' if ms_played is None else ms_played}\n{what}"
    digest = blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def with_ordinal(key: int, ordinal: int) -> int:
    """The key of one of several exact equals.

    Args:
        key: the key of the first of the equal plays.
        ordinal: which of them it is, from 0.
    """
    return (key + ordinal * STEP + 2**63) % 2**64 - 2**63


def named(*names: str | None) -> str:
    """Names in place of a URI, none of which can be taken for another."""
    return "\n".join((name or "").replace("\n", " ") for name in names)
