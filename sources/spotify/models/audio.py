"""Answers about the sound of tracks: audio features and audio analysis.

https://developer.spotify.com/documentation/web-api/reference/get-audio-features and
https://developer.spotify.com/documentation/web-api/reference/get-audio-analysis
"""

from msgspec import Raw, Struct

from sources.spotify.models.answers import Int


class AudioFeatures(Struct, gc=False):
    """The features of a track."""

    id: str | None = None
    danceability: float | None = None
    energy: float | None = None
    key: Int | None = None
    loudness: float | None = None
    mode: Int | None = None
    speechiness: float | None = None
    acousticness: float | None = None
    instrumentalness: float | None = None
    liveness: float | None = None
    valence: float | None = None
    tempo: float | None = None
    duration_ms: Int | None = None
    time_signature: Int | None = None

    @property
    def is_full(self) -> bool:
        """Whether there are any."""
        return bool(self.id)


class SeveralAudioFeatures(Struct, gc=False):
    """Features in the order of the tracks' ids, null where there are none."""

    audio_features: list[AudioFeatures | None] | None = None


class AudioAnalysis(Struct, gc=False):
    """The analysis of a track, every part of which is kept as JSON."""

    meta: Raw = Raw()
    track: Raw = Raw()
    bars: Raw = Raw()
    beats: Raw = Raw()
    sections: Raw = Raw()
    segments: Raw = Raw()
    tatums: Raw = Raw()

    @property
    def text(self) -> str:
        """All of it as JSON text."""
        parts = {name: bytes(getattr(self, name)) for name in self.__struct_fields__}
        return "{" + ",".join(f'"{name}":{part.decode()}' for name, part in parts.items() if part) + "}"
