"""Audio features and audio analysis."""

from sources.spotify_sandbox.render.objects import Json
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world.audio import Features, Interval, features, intervals
from sources.spotify_sandbox.world.contents import Track

_SECTION = 22.5
_SEGMENT = 0.75
_SAMPLE_RATE = 22_050
# The time of the analysis; constant, since nothing is analysed.
_ANALYSED = 1_495_193_577


def audio_features(track: Track, view: View) -> Json:
    """The features of a track, keys in the order recorded in 2026."""
    found = features(track.id)
    measured = found.measures
    return {
        "danceability": measured["danceability"],
        "energy": measured["energy"],
        "key": found.key,
        "loudness": found.loudness,
        "mode": found.mode,
        **{name: measured[name] for name in ("speechiness", "acousticness", "instrumentalness", "liveness", "valence")},
        "tempo": found.tempo,
        "type": "audio_features",
        "id": track.id,
        "uri": f"spotify:track:{track.id}",
        "track_href": f"{view.base}/tracks/{track.id}",
        "analysis_url": f"{view.base}/audio-analysis/{track.id}",
        "duration_ms": track.duration_ms,
        "time_signature": found.time_signature,
    }


def audio_analysis(track: Track) -> Json:
    """The analysis of a track: beats are computed from its tempo, everything else from its length."""
    found = features(track.id)
    beat = 60 / found.tempo
    return {
        "meta": {
            "analyzer_version": "4.0.0",
            "platform": "Linux",
            "detailed_status": "OK",
            "status_code": 0,
            "timestamp": _ANALYSED,
            "analysis_time": 6.93906,
            "input_process": "libvorbisfile L+R 44100->22050",
        },
        "track": _track(track, found),
        "bars": [_interval(part) for part in intervals(track, beat * found.time_signature)],
        "beats": [_interval(part) for part in intervals(track, beat)],
        "sections": [_section(part, found) for part in intervals(track, _SECTION)],
        "segments": [_segment(part, found) for part in intervals(track, _SEGMENT)],
        "tatums": [_interval(part) for part in intervals(track, beat / 2)],
    }


def _track(track: Track, found: Features) -> Json:
    seconds = track.duration_ms / 1000
    return {
        "num_samples": int(seconds * _SAMPLE_RATE),
        "duration": seconds,
        "sample_md5": "",
        "offset_seconds": 0,
        "window_seconds": 0,
        "analysis_sample_rate": _SAMPLE_RATE,
        "analysis_channels": 1,
        "end_of_fade_in": 0.0,
        "start_of_fade_out": max(0.0, round(seconds - 8, 5)),
        "loudness": found.loudness,
        "tempo": found.tempo,
        "tempo_confidence": 0.73,
        "time_signature": found.time_signature,
        "time_signature_confidence": 0.994,
        "key": found.key,
        "key_confidence": 0.408,
        "mode": found.mode,
        "mode_confidence": 0.485,
        "codestring": "",
        "code_version": 3.15,
        "echoprintstring": "",
        "echoprint_version": 4.15,
        "synchstring": "",
        "synch_version": 1.0,
        "rhythmstring": "",
        "rhythm_version": 1.0,
    }


def _interval(part: Interval) -> Json:
    return {"start": part.start, "duration": part.duration, "confidence": part.confidence}


def _section(part: Interval, found: Features) -> Json:
    return {
        **_interval(part),
        "loudness": found.loudness,
        "tempo": found.tempo,
        "tempo_confidence": part.confidence,
        "key": found.key,
        "key_confidence": part.confidence,
        "mode": found.mode,
        "mode_confidence": part.confidence,
        "time_signature": found.time_signature,
        "time_signature_confidence": 1,
    }


def _segment(part: Interval, found: Features) -> Json:
    return {
        **_interval(part),
        "loudness_start": round(found.loudness - 15, 3),
        "loudness_max": found.loudness,
        "loudness_max_time": round(part.duration / 4, 5),
        "loudness_end": 0,
        "pitches": [1.0 if pitch == found.key else round(part.confidence / (1 + pitch), 3) for pitch in range(12)],
        "timbre": [round(found.loudness + 5 * place * part.confidence, 3) for place in range(12)],
    }
