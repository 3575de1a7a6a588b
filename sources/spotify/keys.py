"""What tells an addition from the others on its playlist, and which of them moved."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import pairwise

Identity = tuple[str | None, str | None, str | None]
"""An addition's item URI, `added_at` as sent, and the id of who added it."""


def parse_time(text: str | None) -> datetime | None:
    """A time as Spotify writes it (`2015-01-15T12:39:22Z`), in UTC; null where there is none or it is no time."""
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def item_keys(identities: Iterable[Identity]) -> list[int]:
    """A signed 64-bit key for each addition of one playlist, in order.

    Not the position (it moves) and not the track's id (local files have none). Exact equals are told apart
    by their ordinal. `added_at` counts in whole seconds, so that keys stay should the API ever send
    milliseconds.
    """
    seen: Counter[bytes] = Counter()
    keys = []
    for uri, added_at, added_by in identities:
        time = parse_time(added_at)
        when = added_at or "" if time is None else str(int(time.timestamp()))
        identity = f"{uri or ''}\n{when}\n{added_by or ''}\n".encode(errors="surrogatepass")
        ordinal = seen[identity]
        seen[identity] = ordinal + 1
        digest = blake2b(identity + str(ordinal).encode(), digest_size=8).digest()
        keys.append(int.from_bytes(digest, "big", signed=True))
    return keys


def moved_keys(before: Sequence[int], after: Sequence[int]) -> list[int]:
    """The fewest keys that must be moved to get from one order to another, in the new order.

    Keys that are only in one of the two count neither as moved nor as places: what merely shifts because
    others came or went has not moved. All that is outside a longest increasing subsequence has.
    """
    place = {key: position for position, key in enumerate(before)}
    common = [key for key in after if key in place]
    places = [place[key] for key in common]
    if all(a < b for a, b in pairwise(places)):
        return []
    kept = _longest_increasing(places)
    return [key for index, key in enumerate(common) if index not in kept]


def _longest_increasing(values: Sequence[int]) -> set[int]:
    """Indexes of one longest increasing subsequence (patience sorting, n log n)."""
    tails: list[int] = []
    tail_indexes: list[int] = []
    previous: list[int] = []
    for index, value in enumerate(values):
        length = bisect_left(tails, value)
        previous.append(tail_indexes[length - 1] if length else -1)
        tails[length : length + 1] = [value]
        tail_indexes[length : length + 1] = [index]
    kept = set()
    index = tail_indexes[-1] if tail_indexes else -1
    while index >= 0:
        kept.add(index)
        index = previous[index]
    return kept
