"""A file that only one of several machines can make."""

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pipelines.destinations.parquet.atomic_files import create


def _bucket(status: int) -> Any:
    """A client of a bucket whose server answers a conditional write with a status, and without the condition's name."""

    def refused(*_: Any, **__: Any) -> None:
        metadata: Any = {"HTTPStatusCode": status}
        raise OSError(22, "refused") from ClientError({"ResponseMetadata": metadata}, "PutObject")

    return SimpleNamespace(is_local_filesystem=False, fs_client=SimpleNamespace(pipe_file=refused))


@pytest.mark.parametrize("status", [409, 412])
def test_who_comes_second_is_reported_so_by_any_s3_server(status: int) -> None:
    """A condition that is not met, or a write at the same moment, means that somebody else was faster."""
    assert create(_bucket(status), "music/lake/note.json", b"{}") is False


def test_other_refusals_are_errors() -> None:
    """A server that does not let us write is not taken for one where somebody was faster."""
    with pytest.raises(OSError, match="refused"):
        create(_bucket(403), "music/lake/note.json", b"{}")
