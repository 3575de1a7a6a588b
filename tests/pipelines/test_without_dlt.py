"""Commands that only read a lake on this machine start without what loads it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from sources.stored.files import lake_files, lake_url
from sources.stored.folder import LocalFolder
from sources.stored.lake_folder import listed
from tests.pipelines.driving import CHECKOUT, clean_environment, settings

if TYPE_CHECKING:
    from sources.stored.dlt_adapter import FilesClient

HEAVY = ("dlt", "pyarrow", "requests", "fsspec", "sqlglot")
"""What takes longest to import."""
PROGRAM = f"""
import json, sys
from pipelines.cli import main
sys.argv = ["playlake", *json.loads(sys.argv[1])]
try:
    main()
finally:
    print("imported", *sorted({set(HEAVY)} & sys.modules.keys()), file=sys.stderr)
"""
COMMANDS = (
    ("query", "SELECT count(*) FROM items"),
    ("query", "--format", "csv", "FROM items LIMIT 3"),
    ("status",),
    ("status", "--check"),
    ("status", "--resources", "--format", "json"),
    ("report",),
    ("export",),
)


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Lake]:
    """The same few playlists in a DuckDB file and in a folder."""
    folder = tmp_path_factory.mktemp("lakes")
    found = {"duckdb": Lake("duckdb", str(folder / "a.duckdb")), "parquet": Lake("parquet", str(folder / "a lake"))}
    with Sandbox(generate(seed=5, playlists=3, items=20)) as api:
        for lake in found.values():
            assert sync(lake=lake, **settings(api)).exit_code == 0
    return found


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("destination", ["duckdb", "parquet"])
def test_what_reads_a_lake_does_not_import_what_loads_it(
    destination: str, command: tuple[str, ...], lakes: dict[str, Lake], tmp_path: Path
) -> None:
    """No dlt and no requests; Arrow and a file system only for a folder's files."""
    arguments = json.dumps([*command, "--path", lakes[destination].location])
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, arguments],
        cwd=tmp_path,
        env=clean_environment(tmp_path) | {"PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
    )
    *said, imported = ended.stderr.splitlines()
    assert (ended.returncode, said) == (0, [])
    assert ended.stdout
    allowed = {"pyarrow", "fsspec"} if destination == "parquet" else set[str]()
    assert set(imported.split()[1:]) <= allowed


def test_a_folder_is_what_dlt_takes_it_for(lakes: dict[str, Lake]) -> None:
    """Its path, its files and their names in SQL are those of dlt's own client."""
    lake = lakes["parquet"]
    with lake.settings(), lake.pipeline().destination_client() as any_client:
        client = cast("FilesClient", any_client)
        ours = LocalFolder(lake.backend.place, lake.dataset)
        assert (ours.dataset_path, ours.is_local_filesystem) == (client.dataset_path, client.is_local_filesystem)
        assert listed(ours) == listed(client)
        assert (lake_files(ours), lake_url(ours)) == (lake_files(client), lake_url(client))
