"""DuckDB reads a bucket by one listing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import duckdb
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from sources.stored.bucket_reading import with_listing


class Asked(MemoryFileSystem):  # type: ignore[misc]
    """Counts what a server would be asked."""

    asked: ClassVar[Counter[str]] = Counter()

    def info(self, path: str, **options: Any) -> Any:
        """Of one file."""
        self.asked["info"] += 1
        return super().info(path, **options)

    def size(self, path: str) -> Any:
        """Of one file."""
        self.asked["size"] += 1
        return super().size(path)

    def exists(self, path: str, **options: Any) -> Any:
        """Of one file."""
        self.asked["exists"] += 1
        return super().exists(path, **options)

    def glob(self, path: str, **options: Any) -> Any:
        """Of one pattern."""
        self.asked["glob"] += 1
        return super().glob(path, **options)


@dataclass
class Bucket:
    """A dataset in it."""

    fs_client: Any
    dataset_path: str = "/lake/data/"
    is_local_filesystem: bool = False

    def make_remote_url(self, remote_path: str) -> str:
        """The URL of a path."""
        return f"memory://{remote_path}"


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    """One with three small files, one of which looks like a pattern."""
    files = Asked(skip_instance_cache=True)
    with duckdb.connect() as connection:
        connection.register_filesystem(files)
        for name in ("a", "b", "[c]"):
            connection.execute(f"COPY (SELECT '{name}' AS name) TO 'memory:///lake/data/{name}.parquet'")
    yield Bucket(files)
    files.rm("/lake", recursive=True)


def read(connection: duckdb.DuckDBPyConnection, *names: str) -> list[str]:
    """What is in files."""
    urls = [f"memory:///lake/data/{name}.parquet" for name in names]
    rows = connection.execute("SELECT name FROM read_parquet(?) ORDER BY 1", [urls]).fetchall()
    return [name for (name,) in rows]


def test_what_is_listed_is_not_asked_for(bucket: Bucket) -> None:
    """Listed files are read without another question, in every query; what came later is found as before."""
    with duckdb.connect() as connection:
        connection.register_filesystem(with_listing(bucket))
        Asked.asked.clear()
        for _ in range(3):
            assert read(connection, "a", "b") == ["a", "b"]
        assert not Asked.asked
        assert read(connection, "[[]c]") == ["[c]"]
        bucket.fs_client.cp_file("/lake/data/a.parquet", "/lake/data/later.parquet")
        assert read(connection, "later", "b") == ["a", "b"]
        assert Asked.asked["glob"] > 0
        with pytest.raises(duckdb.Error, match="missing"):
            read(connection, "missing")
