"""Recommendations and audio features fit together: what is asked of attributes is true of the tracks that come."""

from itertools import pairwise
from typing import Any

import pytest

from sources.spotify_sandbox import World, generate
from tests.sources.spotify_sandbox.asking import Api


@pytest.fixture(scope="module")
def world() -> World:
    """A small world."""
    return generate(seed=8, playlists=20, items=1_500)


def features(api: Api, tracks: list[Any]) -> list[Any]:
    """The audio features of some tracks."""
    found: list[Any] = api.get("/audio-features", ids=",".join(track["id"] for track in tracks)).json["audio_features"]
    return found


def test_tuning(world: World) -> None:
    """All tracks are within ``min_`` and ``max_``, those nearest to a target come first, and nothing is random."""
    api = Api(world, user=False)
    asked = {"seed_genres": "techno,pop", "min_energy": 0.4, "max_popularity": 60, "target_tempo": 120, "limit": 50}
    answer = api.get("/recommendations", **asked)
    assert answer.body == api.get("/recommendations", **asked).body
    tracks = answer.json["tracks"]
    assert 5 < len(tracks) <= 50
    assert len({track["id"] for track in tracks}) == len(tracks)
    assert max(track["popularity"] for track in tracks) <= 60
    found = features(api, tracks)
    assert min(each["energy"] for each in found) >= 0.4
    distances = [abs(each["tempo"] - 120) for each in found]
    assert distances == sorted(distances)
    for seed in answer.json["seeds"]:
        assert seed["initialPoolSize"] >= seed["afterFilteringSize"] >= seed["afterRelinkingSize"]


def test_seeds(world: World) -> None:
    """One to five seeds in all, each told of in the answer; genres have no address."""
    api, works = Api(world), world.catalogue.works
    track = works.track(0)
    answer = api.get("/recommendations", seed_artists=track.artists[0].id, seed_tracks=track.id, seed_genres="ska")
    seeds = [(seed["type"], seed["href"]) for seed in answer.json["seeds"]]
    base = "http://sandbox.test/v1"
    assert seeds == [
        ("ARTIST", f"{base}/artists/{track.artists[0].id}"),
        ("TRACK", f"{base}/tracks/{track.id}"),
        ("GENRE", None),
    ]
    assert {each["album"]["album_type"] for each in answer.json["tracks"]} <= {"ALBUM", "SINGLE", "COMPILATION"}
    refused = {"error": {"status": 400, "message": "invalid request"}}
    assert api.get("/recommendations", min_energy=0.4).json == refused
    assert api.get("/recommendations", seed_genres="ska,pop,rock,jazz,folk,soul").json == refused
    assert api.get("/recommendations", seed_genres="no such genre").json == refused
    assert api.get("/recommendations", seed_tracks="-0kcet4aPpQ").json == refused
    assert api.get("/recommendations", seed_genres="ska", min_energy="much").json == refused
    assert api.get("/recommendations", seed_genres="ska", limit=101).status == 400


def test_analysis(world: World) -> None:
    """An analysis covers its track without gaps and agrees with its audio features."""
    api, track = Api(world), world.catalogue.works.track(3)
    analysis = api.get(f"/audio-analysis/{track.id}").json
    measured = api.get(f"/audio-features/{track.id}").json
    for name in ("key", "mode", "loudness", "tempo", "time_signature"):
        assert analysis["track"][name] == measured[name]
    for name in ("bars", "beats", "sections", "segments", "tatums"):
        parts = analysis[name]
        assert parts[0]["start"] == 0
        ends = [(part["start"] + part["duration"], after["start"]) for part, after in pairwise(parts)]
        assert all(end == pytest.approx(start, abs=1e-3) for end, start in ends)
        assert parts[-1]["start"] + parts[-1]["duration"] == pytest.approx(track.duration_ms / 1000, abs=1e-3)
    assert len(analysis["tatums"]) == pytest.approx(2 * len(analysis["beats"]), abs=1)
