"""A tour with Spotify's own client for JavaScript, of which nothing but the addresses is changed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from sources.spotify_sandbox import Sandbox
from tests.clients.touring import LEAST, operations

HERE = Path(__file__).parent
NODE = shutil.which("node")

pytestmark = [
    pytest.mark.skipif(NODE is None, reason="node is not installed"),
    pytest.mark.skipif(
        not (HERE / "node_modules" / "@spotify" / "web-api-ts-sdk").is_dir(),
        reason="@spotify/web-api-ts-sdk is not installed: make clients",
    ),
]


def go(api: Sandbox, part: str) -> None:
    """Go through a part of the tour; what it asserts is in ``tour.mjs``."""
    command = [NODE or "", "--no-warnings", "tour.mjs", api.accounts_url, api.client_id, api.client_secret, part]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""


def test_tour(api: Sandbox) -> None:
    """The client signs in by PKCE, reads, pages, searches, saves, plays and edits, and finds it all as expected."""
    go(api, "tour")
    assert len(operations(api)) >= LEAST, operations(api)
    assert [record for record in api.requests if record.status >= 400] == []


@pytest.mark.parametrize("part", ["errors", "tokens", "alone"])
def test_part(api: Sandbox, part: str) -> None:
    """The client tells refusals apart, refreshes its tokens in turn, and reads the catalogue without a user."""
    go(api, part)
