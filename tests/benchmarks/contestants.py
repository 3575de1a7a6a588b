"""The ways of loading a library that are compared, one module each in `loaders`.

A loader is a function of the folder of saved answers, of the address that serves them, and of an empty folder for what
it makes; it gives the number of playlist entries that it has loaded.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import duckdb

from tests.benchmarks.as_installed import hide_data_frames

Load = Callable[[Path, str, Path], int]

EXPORTIFY = "PLAYLAKE_EXPORTIFY"
"""The variable that names the Python that exportify-cli is installed for."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way of loading.

    Attributes:
        name: to select it by.
        sentence: what it does.
        module: its module in `loaders`; only the process that runs it imports it.
        function: the function there.
        entries: the query for playlist and URI of each entry that it has kept; empty if it keeps none.
        made: its output in its folder, on which the query runs: a DuckDB file, or CSV files.
        most: items that it is given at most, because more would take too much memory or time.
        slow: whether it takes minutes, so that it is run once however many repeats are asked for.
        needs: a package that it needs and the tests do not.
        variable: an environment variable that names its Python, for one that has another than this.
    """

    name: str
    sentence: str
    module: str
    function: str = "load"
    entries: str = ""
    made: str = ""
    most: int | None = None
    slow: bool = False
    needs: str | None = None
    variable: str | None = None

    def loader(self) -> Load:
        """Its function; the imports are executed now."""
        load: Load = getattr(import_module(f"tests.benchmarks.loaders.{self.module}"), self.function)
        return load

    @property
    def missing(self) -> str | None:
        """What must be installed before it can run; null if everything is installed."""
        if self.variable is not None:
            return None if shutil.which(os.environ.get(self.variable, "")) else "a Python with exportify-cli"
        return self.needs if self.needs and find_spec(self.needs) is None else None

    def command(self, place: Path, url: str, work: Path) -> list[str]:
        """The command that runs it."""
        arguments = [str(place), url, str(work)]
        if self.variable is not None:
            return [os.environ[self.variable], str(Path(__file__).parent / "loaders" / f"{self.module}.py"), *arguments]
        return [sys.executable, "-m", "tests.benchmarks.contestants", self.name, *arguments]

    def kept(self, work: Path) -> Iterator[tuple[str, str | None]]:
        """The playlist and the URI of each entry that it has stored in its folder."""
        if not self.entries:
            return
        is_file = self.made.endswith(".duckdb")
        with duckdb.connect(str(work / self.made) if is_file else ":memory:") as connection:
            yield from connection.execute(self.entries.replace("{made}", str(work / self.made))).fetchall()


REST_API = "SELECT _playlists_id, track__uri FROM spotify.playlist_items"
CONTESTANTS: tuple[Contestant, ...] = (
    Contestant(
        "floor",
        "a bare loader: requests, typed decode, the same rows, Arrow, DuckDB",
        "floor",
        entries="SELECT playlist_id, item_uri FROM playlist_additions",
        made="floor.duckdb",
    ),
    Contestant(
        "playlake",
        "`sync` with its defaults",
        "playlake",
        entries="SELECT playlist_id, item_uri FROM spotify.playlist_items",
        made="playlake.duckdb",
    ),
    Contestant(
        "tutorial",
        "spotipy, a data frame of pandas, DuckDB",
        "tutorial",
        entries="SELECT playlist_id, track_uri FROM tracks",
        made="tutorial.duckdb",
        needs="spotipy",
        most=100_000,
    ),
    Contestant(
        "exportify_cli",
        "exportify-cli, all playlists as CSV files",
        "exportify",
        entries="SELECT regexp_extract(filename, '\\[(\\w+)\\]\\.csv$', 1), \"Track URI\" FROM read_csv('{made}', "
        "filename = true, all_varchar = true, union_by_name = true, header = true, delim = ',', quote = '\"')",
        made="exported/*.csv",
        variable=EXPORTIFY,
        most=10_000,
        slow=True,
    ),
    Contestant(
        "rest_api_tuned",
        "dlt's rest_api, tuned: no market lists, nested objects as JSON, Parquet, in parallel",
        "rest_api",
        "load_tuned",
        entries="SELECT _playlists_id, track ->> 'uri' FROM spotify.playlist_items",
        made="rest_api.duckdb",
        slow=True,
        most=100_000,
    ),
    Contestant(
        "rest_api_no_markets",
        "dlt's rest_api with its defaults, market lists taken out before",
        "rest_api",
        "load_without_markets",
        entries=REST_API,
        made="rest_api.duckdb",
        slow=True,
        most=100_000,
    ),
    Contestant(
        "rest_api",
        "dlt's rest_api with its defaults",
        "rest_api",
        entries=REST_API,
        made="rest_api.duckdb",
        most=40_000,
        slow=True,
    ),
    Contestant(
        "duckdb_json",
        "DuckDB's read_json and unnest, of files that are there already",
        "duckdb_json",
        entries="SELECT playlist_id, item_uri FROM playlist_items",
        made="duckdb_json.duckdb",
        most=100_000,
    ),
    Contestant("decode_only", "typed decode alone, of files that are there already", "decode_only"),
)


def main(name: str, place: str, url: str, work: str) -> None:
    """In a process of its own: loads."""
    [contestant] = [one for one in CONTESTANTS if one.name == name]
    if contestant.needs is None:
        hide_data_frames()
    contestant.loader()(Path(place), url, Path(work))


if __name__ == "__main__":
    main(*sys.argv[1:])
