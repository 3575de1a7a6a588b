"""Which requests meet a fault, and how that is counted."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.spotify_sandbox import Fault, Weather, WeatherError, World, generate, read_weather
from sources.spotify_sandbox.faults import NAMED
from sources.spotify_sandbox.faults.kinds import KINDS
from tests.sources.spotify_sandbox.asking import Api


@pytest.fixture(scope="module")
def world() -> World:
    """A world that no test changes."""
    return generate(1, 3, 60)


def statuses(weather: Weather, world: World, paths: list[str]) -> list[int]:
    """The statuses of some requests, one after the other."""
    api = Api(world, weather=weather)
    return [api.get(path).status for path in paths]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, [502] * 6),
        ({"nth": [2, 5]}, [200, 502, 200, 200, 502, 200]),
        ({"after": 2}, [200, 200, 502, 502, 502, 502]),
        ({"after": 2, "nth": [2]}, [200, 200, 200, 502, 200, 200]),
        ({"times": 2}, [502, 502, 200, 200, 200, 200]),
        ({"path": "/v1/me/*", "times": 2}, [200, 502, 200, 502, 200, 200]),
        ({"path": "/v1/*"}, [502, 200, 502, 200, 502, 200]),
        ({"path": "/v1/**", "method": "put"}, [200] * 6),
        ({"probability": 0}, [200] * 6),
        ({"phase": "later"}, [200] * 6),
    ],
)
def test_which_requests_meet_a_fault(world: World, limits: dict[str, Any], expected: list[int]) -> None:
    """Path, method, phase, number and probability decide which requests meet a fault."""
    assert statuses(Weather([Fault("server_error", **limits)]), world, ["/me", "/me/playlists"] * 3) == expected


def test_phases(world: World) -> None:
    """A fault of a phase happens in that one only, and is not counted before."""
    weather = Weather([Fault("server_error", phase="second", nth=[1])], phase="first")
    assert statuses(weather, world, ["/me"] * 2) == [200, 200]
    weather.phase = "second"
    assert statuses(weather, world, ["/me"] * 2) == [502, 200]


def test_the_same_seed(world: World) -> None:
    """The seed alone decides which requests a probability strikes, about as many as it says."""

    def of(seed: int) -> list[int]:
        return statuses(Weather([Fault("server_error", probability=0.3)], seed), world, ["/me"] * 200)

    assert of(1) == of(1) != of(2)
    assert 35 <= of(1).count(502) <= 85


def test_planned_and_met(world: World) -> None:
    """What was declared and did not happen can be distinguished from what did."""
    weather = Weather(
        [
            Fault("server_error", path="/v1/me/playlists", nth=[1, 2]),
            Fault("server_error", path="/v1/nowhere", times=3),
            Fault("null_entries", path="/v1/me"),
            Fault("latency", probability=0.5, seconds=0),
        ]
    )
    assert statuses(weather, world, ["/me", "/me/playlists/", "/me/"]) == [200, 502, 200]
    # A profile has no entries: the fault was due and found nothing to strike.
    assert weather.planned | {"latency": 0} == {"server_error": 2, "server_error 2": 3, "null_entries": 2, "latency": 0}
    assert weather.met | {"latency": 0} == {"server_error": 1, "server_error 2": 0, "null_entries": 0, "latency": 0}
    assert weather.planned["latency"] == weather.met["latency"]
    assert weather.unmet == {"server_error": 1, "server_error 2": 3, "null_entries": 2}
    told = {fault["label"]: (fault["planned"], fault["met"]) for fault in weather.to_json()["faults"]}
    assert told["server_error 2"] == (3, 0)


def test_the_log_tells_of_faults(world: World) -> None:
    """A request in the log names the faults that it met."""
    api = Api(world, weather=Weather([Fault("server_error", nth=[1]), Fault("latency", seconds=0)]))
    api.get("/me")
    api.get("/me")
    assert [record.faults for record in api.service.requests] == [("latency", "server_error"), ("latency",)]


def test_tokens_and_pictures_are_spared(world: World) -> None:
    """A fault that names no path leaves the accounts service alone; one that names it does not."""
    form = {"grant_type": "client_credentials"}
    assert Api(world, weather=Weather([Fault("server_error")])).post(form).status == 400
    assert Api(world, weather=Weather([Fault("server_error", path="/api/token")])).post(form).status == 502


def declared(kind: str, limits: dict[str, Any]) -> Fault:
    """A fault; of a kind that decides by itself when it is due, without what else would."""
    own = {"nth", "probability", "times"} if KINDS[kind].judges else set()
    return Fault(kind, **{name: value for name, value in limits.items() if name not in own})


faults = st.builds(
    declared,
    st.sampled_from(sorted(KINDS)),
    st.fixed_dictionaries(
        {},
        optional={
            "path": st.sampled_from(["/v1/me", "/v1/**", "/v1/playlists/*/items"]),
            "method": st.sampled_from(["GET", "PUT", "*"]),
            "phase": st.none() | st.text(),
            "after": st.integers(0, 9),
            "nth": st.lists(st.integers(1, 99), max_size=3),
            "probability": st.floats(0, 1),
            "times": st.none() | st.integers(0, 9),
        },
    ),
)


@given(st.lists(faults, max_size=4), st.integers(), st.none() | st.text())
def test_weather_as_json(given_faults: list[Fault], seed: int, phase: str | None) -> None:
    """A weather comes back from its JSON, counts and all left behind."""
    weather = Weather(given_faults, seed, phase=phase)
    written = msgspec.json.decode(msgspec.json.encode(weather.to_json()))
    again = Weather.from_json(written)
    assert repr(again) == repr(weather)
    assert again.to_json() == weather.to_json()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ([], "a weather is an object"),
        ({"faults": [{"kind": "rate_limit", "times": 2}]}, "decides by itself"),
        ({"faults": [{"kind": "snapshot_lag", "nth": [1]}]}, "decides by itself"),
        ({"fault": []}, "a weather is an object"),
        ({"seed": "one"}, "seed is a number"),
        ({"faults": ["cut"]}, "a fault is an object with a kind"),
        ({"faults": [{"kind": "snow"}]}, "no kind of fault 'snow': choose one of rate_limit, "),
        ({"faults": [{"kind": "cut", "when": "now"}]}, "cut has no option 'when': it has where"),
        ({"faults": [{"kind": "cut", "probability": 2}]}, "cut: probability is 2. Expected `float` <= 1.0"),
        ({"faults": [{"kind": "cut", "nth": [0]}]}, "cut: nth is "),
        ({"faults": [{"kind": "cut", "nth": 3}]}, "cut: nth is 3"),
        ({"faults": [{"kind": "cut", "method": 3}]}, "cut: method is 3"),
        ({"faults": [{"kind": "cut", "where": "tail"}]}, "cut: where is 'tail'"),
        ({"faults": [{"kind": "server_error", "status": "502"}]}, "server_error: status is '502'"),
    ],
)
def test_what_is_no_weather(said: object, message: str) -> None:
    """A weather that makes no sense is refused with the reason, before it is over any sandbox."""
    with pytest.raises(WeatherError, match=message):
        Weather.from_json(said)


def test_weathers_with_a_name(world: World) -> None:
    """Each named weather has a description of its own, and only the clear one is without faults."""
    for name in NAMED:
        weather = read_weather(name)
        assert Weather.from_json(weather.to_json()).to_json() == weather.to_json()
        assert (weather.to_json()["faults"] == []) == (name == "clear")
    assert statuses(read_weather("quota"), world, ["/me"] * 102)[98:] == [200, 200, 429, 429]


def test_weathers_in_files(tmp_path: Path) -> None:
    """A file describes a weather; what cannot be read is one sentence that names it."""
    path = tmp_path / "weather.json"
    path.write_text('{"seed":3,"faults":[{"kind":"latency","seconds":2,"nth":[1]}]}')
    assert repr(read_weather(str(path))) == "Weather([Fault('latency', nth=[1], seconds=2)], seed=3)"
    path.write_text("{")
    with pytest.raises(WeatherError, match=r"weather.json is no JSON"):
        read_weather(str(path))
    with pytest.raises(WeatherError, match="no weather 'rain': choose one of clear, "):
        read_weather("rain")
