"""What `docs/troubleshooting.md` says of dlt's own commands is what they show of a lake."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import clean_environment, ended, started

TEXT = (Path(__file__).parents[2] / "docs/troubleshooting.md").read_text(encoding="utf-8")
SHOWN = {
    "info": ["pipeline_name: {name}", "dataset_name: spotify", "playlists with "],
    "trace": ["Pipeline does not have last run trace"],
}


def test_the_name_that_status_tells_is_one_that_dlt_knows(tmp_path: Path) -> None:
    """The last line of `status -v` has the form of the document, and dlt says of it what the document says."""
    with Sandbox(generate(seed=1, playlists=1, items=5)) as api:
        assert ended(started("sync", "--path", "music.duckdb", folder=tmp_path, environment=api.environment)).code == 0
    last = ended(started("status", "-v", "--path", "music.duckdb", folder=tmp_path)).out.splitlines()[-1]
    pattern = r"dlt pipeline (playlake_duckdb_music_spotify_[0-9a-f]{8}), in "
    # The folder may have a blank in its path.
    ((name, folder),) = re.findall(rf"^{pattern}(.+)$", last)
    ((_, shown),) = re.findall(rf"{pattern}(\S+)", TEXT)
    assert Path(folder).name == name
    assert Path(folder).is_dir()
    assert Path(shown).parent.parts[-2:] == (".dlt", "pipelines")
    assert set(SHOWN) < set(re.findall(r"`dlt pipeline NAME ([\w-]+)`", TEXT))
    for command, words in SHOWN.items():
        said = dlt(tmp_path, "pipeline", name, command)
        assert [text for text in words if text.format(name=name) not in said] == [], command


def dlt(folder: Path, *arguments: str) -> str:
    """What dlt's command says."""
    program = shutil.which("dlt", path=os.fspath(Path(sys.executable).parent))
    assert program is not None
    return subprocess.run(
        [program, *arguments],
        cwd=folder,
        env=clean_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    ).stdout
