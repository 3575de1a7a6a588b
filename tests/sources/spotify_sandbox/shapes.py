"""What recorded answers look like: their keys, types and nulls, without what was recorded.

The recordings lie outside the repository. ``python -m tests.sources.spotify_sandbox.shapes --write`` derives
``shapes.json`` from them; with names of recordings after it, of those too.
"""

import argparse
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.shared_folder import SHARED

KEPT = Path(__file__).with_name("shapes.json")

HEAD = "joostlek_python-spotify/HEAD_2026-03-03"
"""The newest recordings: an older development app during the change of 2026."""

Shape = dict[str, tuple[set[str], tuple[str, ...]]]
"""The types met at each place of some values, and the keys of the objects there, in order."""


@cache
def kept() -> dict[str, Any]:
    """All skeletons by the names of the recordings."""
    found: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    return found


def recorded(name: str, folder: str = HEAD) -> Any:
    """The skeleton of a recorded body."""
    return kept()[f"{folder}/{name}"]


def skeleton(value: Any) -> Any:
    """A JSON value with its keys in order, its types and nulls, and nothing else.

    Of a list there remain the first element and those that show a key or a type which none before them showed.
    """
    if isinstance(value, dict):
        return {key: skeleton(part) for key, part in value.items()}
    if isinstance(value, list):
        return _telling(list(map(skeleton, value)))
    return None if value is None else 0.5 if isinstance(value, float) else type(value)()


def _telling(parts: list[Any]) -> list[Any]:
    told: list[Any] = []
    for part in parts:
        if not told or shape([*told, part]) != shape(told):
            told.append(part)
    return told


def places(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Every value inside a value, with its place; elements of one list share one."""
    yield place, value
    if isinstance(value, dict):
        for key, part in value.items():
            yield from places(part, f"{place}.{key}")
    elif isinstance(value, list):
        for part in value:
            yield from places(part, f"{place}.*")


def shape(values: list[Any]) -> Shape:
    """What values look like together; of objects the one with most keys counts."""
    found: Shape = {}
    for value in values:
        for place, part in places(value):
            types, keys = found.get(place, (set[str](), ()))
            more = tuple(part) if isinstance(part, dict) else ()
            found[place] = (types | {type(part).__name__}, more if len(more) > len(keys) else keys)
    return found


def differences(mine: list[Any], theirs: list[Any]) -> set[str]:
    """Where answers and recordings differ: keys too many or too few, their order, types that were never recorded."""
    here, there = shape(mine), shape(theirs)
    found = set()
    for place, (types, keys) in there.items():
        if place not in here:
            continue
        own_types, own_keys = here[place]
        found |= {f"{place} lacks {key}" for key in keys if key not in own_keys and own_keys}
        found |= {f"{place} has {key}" for key in own_keys if key not in keys and keys}
        common = [key for key in keys if key in own_keys]
        if common != [key for key in own_keys if key in keys]:
            found.add(f"{place} is in another order")
        found |= {f"{place} is {name}" for name in own_types - types - {"NoneType"}}
    return found


def problems(mine: Any, theirs: Any, place: str = "") -> list[str]:
    """Where two JSON values differ in keys, their order, or types; null and an empty list say nothing of a type."""
    if mine is None or theirs is None:
        return []
    if isinstance(theirs, dict) and isinstance(mine, dict):
        if list(mine) != list(theirs):
            return [f"{place}: keys {list(mine)} instead of {list(theirs)}"]
        return [found for key in mine for found in problems(mine[key], theirs[key], f"{place}.{key}")]
    if isinstance(theirs, list) and isinstance(mine, list):
        return problems(mine[0], theirs[0], f"{place}[]") if mine and theirs else []
    number = {int, float}
    alike = type(mine) is type(theirs) or {type(mine), type(theirs)} <= number
    return [] if alike else [f"{place}: {mine!r} instead of {type(theirs).__name__}"]


def derived(folder: Path, names: set[str]) -> dict[str, Any]:
    """The skeletons of some recordings in a folder of them."""
    return {name: skeleton(_body(json.loads((folder / name).read_text(encoding="utf-8")))) for name in sorted(names)}


def _body(recording: Any) -> Any:
    """What was answered, of a recording that holds the request too."""
    return recording["body"] if isinstance(recording, dict) and {"request", "body"} <= recording.keys() else recording


def _write() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.sources.spotify_sandbox.shapes")
    parser.add_argument("--write", action="store_true", required=True, help="write shapes.json again")
    parser.add_argument("names", nargs="*", help="recordings that are not in it yet, as FOLDER/FILE")
    names = {*parser.parse_args().names, *(kept() if KEPT.exists() else ())}
    found = derived(SHARED / "recordings", names)
    # A line for each recording: short, and a change of one shows as one.
    lines = [f"{json.dumps(name)}: {json.dumps(value, separators=(',', ':'))}" for name, value in found.items()]
    KEPT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    _write()
