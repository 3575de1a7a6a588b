"""Who is signed in comes into `users`, as far as app and consent allow, the e-mail address only if asked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import settings
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(3)

REGIMES = {"duckdb": "extended", "parquet": "development"}
ROW = "SELECT display_name, account_id, country, product, followers_total, email FROM users WHERE user_id = '{}'"


@pytest.fixture(params=sorted(REGIMES))
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    """One on each destination."""
    return Lake(request.param, str(tmp_path / {"duckdb": "me.duckdb", "parquet": "me"}[request.param]))


@pytest.fixture
def api(lake: Lake) -> Iterator[Sandbox]:
    """A sandbox, in another regime for each destination."""
    with Sandbox(generate(seed=4, playlists=16, items=60), REGIMES[lake.destination]) as sandbox:
        yield sandbox


def read(lake: Lake, api: Sandbox, resources: str = "profile", **more: Any) -> int:
    """Syncs, and tells how many requests went to `/me`."""
    before = len(api.requests)
    report = sync(None, lake, resources=resources, **settings(api) | more)
    assert report.exit_code == 0, report.run.message
    return sum(request.path.endswith("/me") for request in api.requests[before:])


@pytest.mark.long
def test_the_profile_is_one_request_and_one_row(lake: Lake, api: Sandbox) -> None:
    """What the app may see is stored, a playlist's owner erases nothing, and what is the same writes nothing."""
    me = api.world.me
    seen = ("SE", "premium", 21) if api.regime == "extended" else (None, None, None)
    row = [(me.display_name, me.account_id, *seen, None)]
    assert read(lake, api) == 1
    assert select(lake, ROW.format(me.id)) == row
    assert read(lake, api) == 1
    assert select(lake, "SELECT subject, outcome FROM resource_reads") == [("me", "read")]
    assert read(lake, api, "playlists,profile") == 1
    assert select(lake, ROW.format(me.id)) == row


def test_the_email_address_is_stored_only_if_asked(lake: Lake, api: Sandbox) -> None:
    """Apps in development are not shown it at all."""
    read(lake, api)
    read(lake, api, store_email=True)
    [(*_, email)] = select(lake, ROW.format(api.world.me.id))
    assert email == (f"{api.world.me.id}@example.invalid" if api.regime == "extended" else None)


def test_a_consent_without_private_fields(lake: Lake, api: Sandbox) -> None:
    """The rest is read, and what is missing is reported once, with the scope and the command."""
    only = {"credentials": settings(api)["credentials"] | {"refresh_token": api.authorise("playlist-read-private")}}
    for _ in range(2):
        read(lake, api, **only)
    assert select(lake, "SELECT display_name, country FROM users") == [(api.world.me.display_name, None)]
    told = "SELECT outcome, message LIKE '%user-read-private: playlake login.' FROM resource_reads"
    assert select(lake, told) == [("read", True)]


def test_users_whom_the_lake_mentions(lake: Lake, api: Sandbox) -> None:
    """Each is asked for once a month, in the same run. An app that may not ask does so once, and nobody misses it."""

    def asked() -> int:
        before = len(api.requests)
        read(lake, api, "playlists,profile")
        found = [request.path for request in api.requests[before:]]
        return sum("/users/" in path and not path.endswith("/playlists") for path in found)

    first, others = asked(), select(lake, f"SELECT user_id FROM users WHERE user_id <> '{api.world.me.id}'")
    assert len(others) > 1
    assert asked() == 0
    told = "SELECT outcome, items FROM resource_reads WHERE subject = 'users'"
    if api.regime == "development":
        assert (first, select(lake, told)) == (1, [("not_available", 0)])
        return
    assert (first, select(lake, told)) == (len(others), [("read", len(others))])
    followers = dict(select(lake, "SELECT user_id, followers_total FROM users"))
    users = api.world.users
    assert followers == {user_id: users.find(user_id).followers for user_id in followers if user_id in users}
