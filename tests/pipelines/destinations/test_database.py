"""Names and settings of destinations that are neither DuckDB nor Parquet."""

import pytest

from pipelines.destinations.lake import Lake
from sources.errors import ConfigurationError
from tests.pipelines.driving import playlake


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("postgrez", "There is no destination 'postgrez': did you mean postgres?"),
        ("DuckDB", "There is no destination 'DuckDB': did you mean duckdb?"),
        ("filesystem", "There is no destination 'filesystem': known are duckdb, parquet, athena, "),
    ],
)
def test_unknown_destinations_are_reported_in_a_line(name: str, said: str) -> None:
    """With the name that was meant, if one is near."""
    ended = playlake("sync", "--destination", name)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert ended.err.startswith(f"playlake: {said}")


def test_missing_settings_and_packages_are_reported_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which they are, and where they belong."""
    monkeypatch.setenv("DESTINATION__SNOWFLAKE__CREDENTIALS__HOST", "somewhere")
    lacking = playlake("status", "--destination", "snowflake")
    assert (lacking.code, lacking.err.count("\n")) == (2, 1)
    assert "destination snowflake lack database: add them to [destination.snowflake.credentials]" in lacking.err
    packages = playlake("status", "--destination", "mssql")
    assert (packages.code, packages.err.count("\n")) == (2, 1)
    assert "pip install 'dlt[mssql]'" in packages.err


def test_a_path_is_for_files_only() -> None:
    """It would be skipped elsewhere."""
    with pytest.raises(ConfigurationError, match="--path is not used by destination postgres"):
        Lake("postgres", "somewhere").pipeline()
