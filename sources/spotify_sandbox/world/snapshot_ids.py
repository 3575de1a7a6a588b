"""Snapshot ids: 32 characters of base64 over 24 bytes, a 4-byte big-endian revision and a 20-byte hash.

Decoded from answers of 2024 to 2026: a user's playlist counts its changes in the revision, from 1 on.
"""

from base64 import b64decode, b64encode
from binascii import Error
from hashlib import sha1


def make(revision: int, *parts: object) -> str:
    """The snapshot id of a revision, with a hash of some parts."""
    digest = sha1("\x1f".join(map(str, parts)).encode(), usedforsecurity=False).digest()
    return b64encode(revision.to_bytes(4, "big") + digest).decode()


def revision(snapshot_id: str) -> int:
    """The revision inside a snapshot id; 0 for the opaque forms of before 2024."""
    try:
        raw = b64decode(snapshot_id, validate=True)
    except (Error, ValueError):
        return 0
    return int.from_bytes(raw[:4], "big") if len(raw) == 24 else 0


def following(snapshot_id: str) -> str:
    """The snapshot id after one more change."""
    number = (revision(snapshot_id) + 1) % (1 << 32)
    return make(number, snapshot_id, number)
