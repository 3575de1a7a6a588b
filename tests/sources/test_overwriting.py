"""What playlake writes never takes the place of something else: a lake least of all."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from sources.overwriting import HTML_REPORT, check_overwriting, holds_data
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import Ended, playlake

LAKE = Path("lake.duckdb")
ACCOUNTS = """
[[account]]
name = "anna"
path = "other.duckdb"
playlists = ["37i9dQZF1DXcBWIGoYBM5M"]
client_id = "anna"
client_secret = "hers"
"""


@pytest.fixture(autouse=True)
def _folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def api() -> Sandbox:
    """A sandbox whose library is in a lake."""
    return Sandbox(generate(seed=3, playlists=3, items=40))


def database(path: Path) -> None:
    """A DuckDB database."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS a")


def parquet(path: Path) -> None:
    """A file of a Parquet lake."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT 1 AS a) TO '{path}' (FORMAT parquet)")


def words(path: Path) -> None:
    """Somebody's notes."""
    path.write_text("What I think of my playlists")


COMMANDS = {
    ("report", "--path", str(LAKE), "--output", "there"): "--output",
    ("sync", "--path", str(LAKE), "--report", "there"): "--report",
    ("sync", "--accounts", "accounts.toml", "--report", "there"): "--report",
    ("export", "--path", str(LAKE), "--format", "csv", "--one-file", "--output", "there"): "--output",
    ("export", "--path", str(LAKE), "--one-file", "--force", "--output", "there"): "--output",
    ("sandbox", "--port", "0", "--save", "there"): "--save",
}
"""Commands that write a file, and the option that names it."""
CAREFUL = [command for command in COMMANDS if command[0] in {"report", "export"} and "--force" not in command]
"""Those that overwrite nothing but what they have written."""


@pytest.mark.parametrize(
    ("make", "command"),
    [*((make, command) for make in (database, parquet) for command in COMMANDS), *((words, each) for each in CAREFUL)],
    ids=lambda value: " ".join(value[::2])[:24] if isinstance(value, tuple) else value.__name__,
)
def test_nothing_else_is_overwritten(make: Callable[[Path], None], command: tuple[str, ...], api: Sandbox) -> None:
    """Every command refuses before it does anything, and says with which option to name another file."""
    Path("accounts.toml").write_text(ACCOUNTS)
    Path("accounts.toml").chmod(0o600)
    with api:
        assert playlake("sync", "--path", str(LAKE), environment=api.environment).code == 0
        make(Path("there"))
        before, asked = Path("there").read_bytes(), len(api.requests)
        ended = playlake(*command, environment=api.environment)
        assert (ended.code, "there" in ended.err, COMMANDS[command] in ended.err) == (2, True, True), ended
        assert (Path("there").read_bytes(), len(api.requests)) == (before, asked)


def test_the_lake_itself_is_not_overwritten(api: Sandbox) -> None:
    """Who names the lake as the output keeps it, whatever is forced."""
    with api:
        assert playlake("sync", "--path", str(LAKE), environment=api.environment).code == 0
        before = LAKE.read_bytes()
        for command in (
            ("report", "--output", str(LAKE)),
            ("export", "--format", "csv", "--one-file", "--force", "--output", str(LAKE)),
        ):
            assert playlake(*command, "--path", str(LAKE)).code == 2
            assert LAKE.read_bytes() == before


def test_what_was_written_before_is_written_again(api: Sandbox) -> None:
    """A report, an export and the report of a sync replace the last one, and an empty file."""
    with api:
        for name in ("report.html", "sync.json"):
            Path(name).touch()
        for _ in range(2):
            ends: list[Ended] = [
                playlake("sync", "--path", str(LAKE), "--report", "sync.json", environment=api.environment),
                playlake("report", "--path", str(LAKE), "--output", "report.html"),
                playlake("export", "--path", str(LAKE), "--output", "all.csv"),
            ]
            assert [ended.code for ended in ends] == [0, 0, 0], ends
    assert json.loads(Path("sync.json").read_bytes())["run"]["exit_code"] == 0
    assert HTML_REPORT.match(Path("report.html").read_bytes())


@pytest.mark.parametrize("kind", [HTML_REPORT, None])
def test_what_is_no_file_may_be_written(kind: re.Pattern[bytes] | None, tmp_path: Path) -> None:
    """A device and a file that is not there are none that something could be lost from."""
    for place in (Path("/dev/null"), tmp_path / "nothing", tmp_path):
        check_overwriting(place, "--output", kind)
        assert not holds_data(place)
