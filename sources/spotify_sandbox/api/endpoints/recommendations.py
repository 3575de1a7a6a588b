"""``GET /recommendations``: tracks similar to some seeds; closed to development apps since 2024-11-27.

Facts: https://developer.spotify.com/documentation/web-api/reference/get-recommendations
"""

from dataclasses import dataclass
from random import Random

from starlette.responses import Response

from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints.access import view_of
from sources.spotify_sandbox.api.endpoints.lookups import country_of, track_at
from sources.spotify_sandbox.api.service import Call
from sources.spotify_sandbox.errors import ApiError
from sources.spotify_sandbox.http import answers
from sources.spotify_sandbox.render import full_tracks, paging
from sources.spotify_sandbox.render.objects import Json, encoded
from sources.spotify_sandbox.world import ids
from sources.spotify_sandbox.world.audio import MEASURES, features
from sources.spotify_sandbox.world.contents import Track
from sources.spotify_sandbox.world.genre_seeds import GENRE_SEEDS

MOST_SEEDS = 5

_POOL = 250
_TUNABLE = (*MEASURES, "key", "loudness", "mode", "tempo", "time_signature", "duration_ms", "popularity")


@dataclass(frozen=True, slots=True)
class Seed:
    """What recommendations start from; ``type`` in capitals, as the answer has it."""

    id: str
    type: str


def recommendations(call: Call) -> Response:
    """Up to 100 tracks, 20 by default, for one to five artists, tracks and genres, within the requested attributes."""
    limit = paging.limit(call.query, 20, 100)
    seeds, tuned = _seeds(call), _tuned(call)
    view, country = view_of(call), country_of(call)
    place = view.market or country
    chosen: dict[str, Track] = {}
    described = []
    for seed in seeds:
        pool = _pool(call, seed)
        fitting = [track for track in pool if _fits(track, tuned)]
        playable = [track for track in fitting if place is None or _is_played(track, place)]
        chosen |= {track.id: track for track in playable}
        described.append(_seed_json(call, seed, len(pool), len(fitting), len(playable)))
    tracks = sorted(chosen.values(), key=lambda track: (_distance(track, tuned), ids.derive(track.id)))
    shown = [_capitals(full_tracks.track(track, view, country)) for track in tracks[:limit]]
    return answers.public(encoded({"tracks": shown, "seeds": described}))


def genre_seeds(call: Call) -> Response:
    """The genres that recommendations can start from."""
    del call
    return answers.public(encoded({"genres": GENRE_SEEDS}))


def _seeds(call: Call) -> list[Seed]:
    seeds = [
        Seed(seed_id.strip(), kind.upper())
        for kind in ("artist", "track", "genre")
        for seed_id in call.query.get(f"seed_{kind}s", "").split(",")
        if seed_id.strip()
    ]
    if not 1 <= len(seeds) <= MOST_SEEDS or not all(_is_known(seed) for seed in seeds):
        raise ApiError(400, "invalid request")
    return seeds


def _is_known(seed: Seed) -> bool:
    return seed.id in GENRE_SEEDS if seed.type == "GENRE" else ids.is_id(seed.id)


def _tuned(call: Call) -> dict[str, float]:
    """The ``min_``, ``max_`` and ``target_`` of attributes, as numbers."""
    try:
        return {
            name: float(value)
            for name, value in call.query.items()
            if name.partition("_")[0] in {"min", "max", "target"} and name.partition("_")[2] in _TUNABLE
        }
    except ValueError:
        raise ApiError(400, "invalid request") from None


def _pool(call: Call, seed: Seed) -> list[Track]:
    """Tracks that a seed leads to, always the same; an unknown artist or track leads to none."""
    works = call.world.catalogue.works
    if seed.type == "ARTIST" and works.performer(seed.id) is None:
        return []
    if seed.type == "TRACK" and call.world.catalogue.find(f"spotify:track:{seed.id}") is None:
        return []
    numbers = works.every_track()[:10_000]
    random = Random(f"{seed.type}/{seed.id}")  # noqa: S311 - the same seed must give the same tracks
    picked = random.sample(numbers, min(_POOL, len(numbers)))
    near = [*works.tracks_by(seed.id)] if seed.type == "ARTIST" else []
    tracks = [track_at(call.world, number) for number in dict.fromkeys([*near, *picked])]
    return [track for track in tracks if track.name and track.id != seed.id][:_POOL]


def _attributes(track: Track) -> dict[str, float]:
    found = features(track.id)
    return {
        **found.measures,
        "key": found.key,
        "loudness": found.loudness,
        "mode": found.mode,
        "tempo": found.tempo,
        "time_signature": found.time_signature,
        "duration_ms": track.duration_ms,
        "popularity": track.popularity,
    }


def _fits(track: Track, tuned: dict[str, float]) -> bool:
    attributes = _attributes(track)
    return all(
        bound <= attributes[name[4:]] if name.startswith("min_") else attributes[name[4:]] <= bound
        for name, bound in tuned.items()
        if not name.startswith("target_")
    )


def _distance(track: Track, tuned: dict[str, float]) -> float:
    attributes = _attributes(track)
    targets = {name[7:]: value for name, value in tuned.items() if name.startswith("target_")}
    return sum(abs(attributes[name] - value) / (abs(value) + 1) for name, value in targets.items())


def _is_played(track: Track, market: str) -> bool:
    return market in track.markets.codes or track.replacement is not None


def _seed_json(call: Call, seed: Seed, pool: int, fitting: int, playable: int) -> Json:
    """A seed and how many tracks it led to; genres have no address (recorded 2016)."""
    kind = {"ARTIST": "artists", "TRACK": "tracks"}.get(seed.type)
    return {
        "initialPoolSize": pool,
        "afterFilteringSize": fitting,
        "afterRelinkingSize": playable,
        "id": seed.id,
        "type": seed.type,
        "href": None if kind is None else f"{call.base}/{kind}/{seed.id}",
    }


def _capitals(track: Json) -> Json:
    """``album_type`` in capitals, as only recommendations have it (recorded 2016 and 2020)."""
    album: Json = track["album"]
    return track | {"album": album | {"album_type": album["album_type"].upper()}}


ENDPOINTS = (
    Endpoint("GET", "/recommendations", recommendations, development_status=403),
    Endpoint("GET", "/recommendations/available-genre-seeds", genre_seeds, development_status=404),
)
