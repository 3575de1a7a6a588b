"""Lakes in a bucket, against a local S3 server."""

from collections.abc import Iterator
from unittest.mock import patch

import boto3
import pytest
import requests
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet.maintenance import compact
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import settings
from tests.pipelines.tables import contents, select


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of an empty bucket that dlt's configuration leads to."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    account = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=f"http://{host}:{port}", **account).create_bucket(Bucket="music")
    for name, value in (account | {"endpoint_url": f"http://{host}:{port}"}).items():
        monkeypatch.setenv(f"DESTINATION__FILESYSTEM__CREDENTIALS__{name.upper()}", value)
    yield "s3://music/lake"
    # Servers of one process share what they hold.
    requests.post(f"http://{host}:{port}/moto-api/reset", timeout=60)
    server.stop()


# s3fs leaves its sockets to the garbage collector.
@pytest.mark.long
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_bucket_holds_what_a_folder_holds(bucket: str) -> None:
    """Syncs, an unchanged one too, a removal and a compaction give the same answers from a bucket as from a folder."""
    world = generate(seed=2, playlists=4, items=60)
    here, there = Lake("parquet", "lake"), Lake("parquet", bucket)
    with Sandbox(world) as api:
        for lake in (here, there):
            assert sync(lake=lake, **settings(api)).exit_code == 0
        next(playlist for playlist in world.listed() if len(playlist) > 3).remove([1])
        for lake in (here, there):
            assert sync(lake=lake, **settings(api)).run.removed_items == 1
    expected = contents(here)
    assert contents(there) == expected
    done = compact(there)
    assert done.files_after < done.files_before
    assert contents(there) == expected
    assert select(there, "SELECT change FROM playlist_changes") == [("removed",)]


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_server_is_not_asked_for_the_size_of_each_file(bucket: str) -> None:
    """A sync that finds nothing new, and a query of a view over many files, take sizes from a listing."""
    lake = Lake("parquet", bucket)
    with Sandbox(generate(seed=2, playlists=2, items=10)) as api:
        sync(lake=lake, **settings(api))
        with patch.object(S3FileSystem, "_call_s3", autospec=True, side_effect=S3FileSystem._call_s3) as sent:
            sync(lake=lake, **settings(api))
            select(lake, "FROM items")
    asked = [call.kwargs["Key"] for call in sent.mock_calls if call.args[1:2] == ("head_object",)]
    assert [key for key in asked if key.endswith(".parquet")] == []
    assert any(call.args[1] == "get_object" for call in sent.mock_calls)
