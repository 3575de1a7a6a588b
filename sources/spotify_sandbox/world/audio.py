"""Audio features of a track, computed from its id, and an audio analysis that agrees with them.

Facts: https://developer.spotify.com/documentation/web-api/reference/get-audio-features and
https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis
"""

from dataclasses import dataclass
from hashlib import blake2b

from sources.spotify_sandbox.world.contents import Track

MEASURES = (
    "danceability",
    "energy",
    "speechiness",
    "acousticness",
    "instrumentalness",
    "liveness",
    "valence",
)
"""From 0 to 1 each."""

_HALVED = frozenset({"speechiness", "instrumentalness", "liveness"})


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a track.

    Attributes:
        measures: From 0 to 1, by name.
        key: Pitch class, 0 for C.
        mode: 1 for major.
        loudness: In decibels, negative.
        tempo: In beats a minute.
        time_signature: Beats in a bar.
    """

    measures: dict[str, float]
    key: int
    mode: int
    loudness: float
    tempo: float
    time_signature: int


@dataclass(frozen=True, slots=True)
class Interval:
    """A section of a track, in seconds."""

    start: float
    duration: float
    confidence: float


def features(track_id: str) -> Features:
    """The features of the track with an id."""
    draw = _draw(track_id)
    measures = {name: round(draw[place] / 256 + draw[place + 7] / 65_536, 4) for place, name in enumerate(MEASURES)}
    return Features(
        measures={name: round(value / 4, 4) if name in _HALVED else value for name, value in measures.items()},
        key=draw[14] % 12,
        mode=int(draw[15] < 160),
        loudness=round(-2 - draw[16] / 14, 3),
        tempo=round(62 + draw[17] / 2 + draw[18] / 256, 3),
        time_signature=4 if draw[19] < 220 else 3,
    )


def intervals(track: Track, length: float) -> list[Interval]:
    """A track divided into sections of one length; the last one is shorter."""
    seconds, draw = track.duration_ms / 1000, _draw(track.id)
    count = int(seconds / length) + (seconds % length > 0)
    return [
        Interval(
            start=round(number * length, 5),
            duration=round(min(length, seconds - number * length), 5),
            confidence=round(draw[number % len(draw)] / 255, 3),
        )
        for number in range(count)
    ]


def _draw(track_id: str) -> bytes:
    return blake2b(f"audio/{track_id}".encode(), digest_size=32).digest()
