"""The devices on which a user can listen."""

from dataclasses import dataclass
from hashlib import blake2b


@dataclass(slots=True)
class Device:
    """A Spotify Connect device. One without id is restricted: it shows what it plays, and takes no commands."""

    id: str | None
    name: str
    type: str
    volume_percent: int
    is_restricted: bool = False
    supports_volume: bool = True


def devices_of(user_id: str) -> list[Device]:
    """A computer, a phone whose volume cannot be set, and a loudspeaker that takes no commands."""
    return [
        Device(_id(user_id, "computer"), "Kitchen computer", "Computer", 69),
        Device(_id(user_id, "phone"), "Pocket phone", "Smartphone", 100, supports_volume=False),
        Device(None, "Bathroom speaker", "Speaker", 34, is_restricted=True),
    ]


def _id(user_id: str, name: str) -> str:
    return blake2b(f"{user_id}/{name}".encode(), digest_size=20).hexdigest()
