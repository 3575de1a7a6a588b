"""The ways of loading a library that are compared, one module each in `roads`.

A road is a function of the folder of saved answers, of the address that serves them, and of an empty folder for what
it makes; it gives the number of playlist entries that it has loaded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

Load = Callable[[Path, str, Path], int]


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way of loading.

    Attributes:
        name: to select it by.
        sentence: what it does.
        module: its module in `roads`; only the process that runs it imports it.
        function: the function there.
        most: items that it is given at most, because more would not fit into memory.
        slow: whether it takes minutes, so that it is run once however many repeats are asked for.
    """

    name: str
    sentence: str
    module: str
    function: str = "load"
    most: int | None = None
    slow: bool = False

    def road(self) -> Load:
        """Its function, with all that it imports."""
        load: Load = getattr(import_module(f"tests.benchmarks.roads.{self.module}"), self.function)
        return load


CONTESTANTS: tuple[Contestant, ...] = (
    Contestant("playlake", "sync() on its defaults, 21 tables", "playlake"),
    Contestant("rest_api", "dlt rest_api on its defaults", "rest_api", most=1_000, slow=True),
    Contestant(
        "rest_api_no_markets",
        "the same, market lists taken out before",
        "rest_api",
        "load_without_markets",
        slow=True,
    ),
    Contestant("floor", "the same rows: HTTP + typed decode + Arrow + DuckDB", "floor"),
    Contestant("duckdb_json", "DuckDB read_json + unnest: no HTTP, no dlt", "duckdb_json"),
    Contestant("decode_only", "read + typed decode: no HTTP, no tables", "decode_only"),
)
