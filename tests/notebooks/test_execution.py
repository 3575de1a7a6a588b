"""The notebooks run as their readers run them: by a kernel, cell after cell, on lakes of several kinds."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.import_history import import_history
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, World, evolve, generate
from sources.spotify_sandbox.world.contents import Track
from sources.spotify_sandbox.world.timestamps import BEGINNING
from sources.spotify_sandbox.worlds.account_data import extended_zip, listened
from tests.notebooks.rendering import NOTEBOOKS, executed, outputs, warnings
from tests.pipelines.driving import settings

pytest.importorskip("nbclient", reason="nbclient is not installed: make check-notebooks")

NAMES = ("夏のプレイリスト 🏖️", "작업용", "", "$a_1$ or $b^$", "A\nB\tC", "موسيقى", "👩‍👩‍👧‍👦" * 30, "\ud7ff\U000e0001")

YEARS = 2 * 365 * 86_400_000
"""In milliseconds."""


def varied(lake: Lake) -> None:
    """Two syncs of a world that changed in between, with names of all sorts, and two years of plays."""
    world = generate(seed=4, playlists=10, items=200)
    uris = [world.catalogue.uri(number) for number in range(12)]
    for name in NAMES:
        world.create_playlist(name).insert(0, uris, added_by=world.me.id)
    _synced(lake, world, lambda: evolve(world, Random(1), 25))
    contents = [number for number in range(12) if isinstance(world.content(number), Track)]
    until = int(BEGINNING.timestamp() * 1000)
    with TemporaryDirectory() as folder:
        export = Path(folder) / "my_spotify_data.zip"
        export.write_bytes(extended_zip(world, [*listened(world, contents, until - YEARS, until)][::200]))
        import_history([export], lake, user=world.me.id)


def nothing(lake: Lake) -> None:
    """One sync of a world without playlists."""
    _synced(lake, generate(seed=4, playlists=0, items=0))


def _synced(lake: Lake, world: World, *edits: Callable[[], object]) -> None:
    with Sandbox(world) as api:
        sync(lake=lake, **settings(api))
        for edit in edits:
            edit()
            sync(lake=lake, **settings(api))


LAKES: dict[str, tuple[str, Callable[[Lake], None]]] = {
    "duckdb": ("duckdb", varied),
    "parquet": ("parquet", varied),
    "empty": ("duckdb", nothing),
}


@pytest.fixture(scope="module", params=LAKES)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A DuckDB file or a folder of Parquet."""
    destination, fill = LAKES[request.param]
    path = tmp_path_factory.mktemp("lake") / "lake"
    fill(Lake(destination, str(path)))
    return path


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(notebook: Path, database: Path) -> None:
    """Every cell runs, none warns, and each that asks for a plot, whatever there is, shows one."""
    document = executed(notebook, database)
    plots = sum(cell.source.splitlines().count("plt.show()") for cell in document.cells if cell.cell_type == "code")
    assert warnings(document) == []
    assert sum("image/png" in out.data for out in outputs(document, "display_data")) >= plots > 0
