"""The keys of additions on a playlist or in a list of saved items, from their identities, and which of them moved."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise

from sources.errors import CollisionError
from sources.spotify.resources.addition_identity import Identity

PROBES = 256
"""Keys that are tried for an addition if another one of its playlist has the same."""

NONE: frozenset[int] = frozenset()


def item_keys(identities: Sequence[Identity], stored: Mapping[int, Identity] | None = None) -> list[int]:
    """A signed 64-bit key for each addition of one playlist, in order.

    Not the position (it moves) and not the track's id (local files have none). Two additions never share a key: the
    one that comes later gets the next that is free, and keeps it.

    Args:
        identities: URI and time of each addition.
        stored: the identities of the playlist's stored keys, also of additions that were removed.

    Raises:
        CollisionError: all keys that may be tried for one are taken.
    """
    stored = stored or {}
    waiting: dict[Identity, set[int]] = {}
    for key, identity in stored.items():
        waiting.setdefault(identity, set()).add(key)
    ordinals: dict[Identity, int] = {}
    copies: Counter[Identity] = Counter()
    keys: dict[int, None] = {}
    for identity in identities:
        ordinal = ordinals.get(identity, 0)
        ordinals[identity] = ordinal + 1
        key, left = _key(identity, ordinal), waiting.get(identity, NONE)
        if key in keys or (key not in left if key in stored else left):
            copies = copies or Counter(identities) + Counter(stored.values())
            key = _other_key(identity, ordinal, used=keys, stored=stored, left=left, copies=copies[identity])
        if key in stored:
            waiting[identity].discard(key)
        keys[key] = None
    return list(keys)


def _key(identity: Identity, ordinal: int, probe: int = 0) -> int:
    uri, when = identity
    text = f"{uri or ''}\n{'' if when is None else when}\n{ordinal}"
    if probe:
        text += f"\n{probe}"
    digest = blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _other_key(
    identity: Identity,
    ordinal: int,
    *,
    used: Collection[int],
    stored: Collection[int],
    left: Collection[int],
    copies: int,
) -> int:
    """The key under which an addition is stored already, or else the first that is free.

    Args:
        identity: the identity of the addition.
        ordinal: which of its copies it is.
        used: keys of this reading's additions before it.
        stored: all that the playlist has.
        left: those of them that have this identity, and were not used yet.
        copies: how many there may be of it, at most.
    """
    probes = [key for probe in range(PROBES) if (key := _key(identity, ordinal, probe)) not in used]
    mine = next((key for key in probes if key in left), None)
    if mine is None and left:
        # An earlier version made keys by another rule. Keys of other copies do not count: they may be in this reading.
        others = {_key(identity, other) for other in range(copies)}
        mine = min((key for key in left if key not in others), default=None)
    free = mine if mine is not None else next((key for key in probes if key not in stored), None)
    if free is None:
        msg = f"has additions that share all of {PROBES} keys with others, and no key is left for {identity[0]}."
        raise CollisionError(msg)
    return free


def moved_keys(before: Sequence[int], after: Sequence[int]) -> list[int]:
    """The fewest keys that must be moved to get from one order to another, in the new order.

    Keys that are in only one of the two are ignored: what merely shifts because of additions and removals has not
    moved. Moved are the keys outside a longest increasing subsequence.
    """
    place = {key: position for position, key in enumerate(before)}
    common = [key for key in after if key in place]
    places = [place[key] for key in common]
    if all(a < b for a, b in pairwise(places)):
        return []
    kept = longest_increasing(places)
    return [key for index, key in enumerate(common) if index not in kept]


def longest_increasing(values: Sequence[int]) -> set[int]:
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
