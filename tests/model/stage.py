"""A sandbox and two lakes, one DuckDB and one Parquet, that are synced from it and compared with the model."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from unittest.mock import patch

import duckdb
from starlette.requests import Request
from starlette.responses import Response

from pipelines.destinations.lake import Lake
from pipelines.destinations.parquet.compaction import compact
from pipelines.sync.service import Report, sync
from sources.spotify_sandbox import RequestRecord, Sandbox, World
from tests.model.checks import Rows, check_lake, dimensions, facts
from tests.model.lake_model import Asked, Expected, LakeModel
from tests.model.worlds import MARKET

TOKEN = "/api/token"
EMBEDDED = 100
"""Entries that come with the first answer about a playlist."""


@dataclass(slots=True)
class SyncedLake:
    """A lake, what it must hold, and the disk of the worker that syncs it.

    Attributes:
        lake: the destination.
        model: what it must hold.
        disk: the folder with dlt's working folder.
        facts: how many rows each table of facts had when last looked at.
        dimensions: all rows of the other tables then.
    """

    lake: Lake
    model: LakeModel
    disk: Path
    facts: dict[str, int] = field(default_factory=dict)
    dimensions: dict[str, Rows] = field(default_factory=dict)

    @contextmanager
    def working(self) -> Iterator[None]:
        """The environment of its worker."""
        with patch.dict(os.environ, {"DLT_DATA_DIR": str(self.disk)}):
            yield

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection for reading it."""
        with self.working(), self.lake.open() as connection:
            yield connection

    def look(self) -> None:
        """Compares it with its model, and saves its contents."""
        with self.open() as connection:
            self.facts, self.dimensions = facts(connection), dimensions(connection)
            check_lake(connection, self.model)


@dataclass(frozen=True, slots=True)
class Disturbance:
    """Something that happens to a playlist of several pages just before its second page is answered.

    Attributes:
        playlist_id: which.
        edit: what happens.
        always: not once, but each time that a page is asked for.
    """

    playlist_id: str
    edit: Callable[[], object]
    always: bool = False


class Stage:
    """Everything that a test of syncs needs, for as long as the `with` block lasts.

    Args:
        world: what the API tells of; edit it at any time.
        folder: an empty folder.
        market: the country to ask for, or none.
    """

    def __init__(self, world: World, folder: Path, market: str | None = MARKET) -> None:
        self.world = world
        self.api = Sandbox(world, intercept=self._intercept)
        self.market = market
        self.lakes = {
            name: SyncedLake(
                Lake(name, str(folder / path)), LakeModel(world, relinks=bool(market)), folder / f"disk-{name}"
            )
            for name, path in (("duckdb", "lake.duckdb"), ("parquet", "lake"))
        }
        self._disturbance: Disturbance | None = None

    def __enter__(self) -> "Stage":
        self.api.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.api.__exit__(kind, error, trace)

    def sync(self, asked: Asked | None = None, *, disturbance: Disturbance | None = None) -> list[Report]:
        """Syncs both lakes and compares each with its model, and the two with each other.

        Args:
            asked: what to ask for; by default the user's whole library.
            disturbance: what happens meanwhile: once during the first of the two syncs, or always. If always, the
                two saw different things and are not compared with each other.

        Returns:
            The reports, DuckDB's first.
        """
        asked, reports = asked or Asked(), []
        for synced in self.lakes.values():
            reports.append(self._sync(synced, asked, disturbance))
            if disturbance and not disturbance.always:
                disturbance = None
        if disturbance is None:
            self.compare()
        return reports

    def compare(self) -> None:
        """Asserts that all tables other than facts are equal in both lakes."""
        database, files = self.lakes.values()
        assert database.dimensions == files.dimensions

    def lose_disk(self, name: str) -> None:
        """The next sync of a lake runs on another worker."""
        shutil.rmtree(self.lakes[name].disk, ignore_errors=True)

    def compact(self) -> None:
        """Compacts the Parquet lake, which must go on to say the same."""
        synced = self.lakes["parquet"]
        facts_before, dimensions_before = synced.facts, synced.dimensions
        with synced.working():
            compact(synced.lake)
        synced.look()
        assert dimensions_before == synced.dimensions
        assert facts_before == synced.facts

    def _sync(self, synced: SyncedLake, asked: Asked, disturbance: Disturbance | None) -> Report:
        model, regime = synced.model, self.api.regime
        plan = model.plan(asked, regime)
        disturbed = disturbance if disturbance and self._has_pages(disturbance.playlist_id, plan) else None
        first = len(self.api.requests)
        with synced.working(), self._disturbed(disturbed):
            report = sync(asked.named or None, synced.lake, full=asked.full, **self.settings(asked))
        sent = self.api.requests[first:]
        expected = model.conclude(
            asked,
            plan,
            regime,
            disturbed=disturbed.playlist_id if disturbed else None,
            restless=disturbed is not None and disturbed.always,
        )
        check_report(report, expected)
        check_requests(sent, expected)
        before = synced.facts
        synced.look()
        assert all(count <= synced.facts[name] for name, count in before.items())
        return report

    def settings(self, asked: Asked) -> dict[str, Any]:
        """The arguments of `sync` that lead to the sandbox."""
        credentials = {
            "client_id": self.api.client_id,
            "client_secret": self.api.client_secret,
            "refresh_token": self.api.refresh_token,
        }
        # By default an audit may fall due while a test runs: each playlist has its own place in the seven days.
        given = {"market": self.market, "audit_after": "0 s" if asked.audit else "99999 days"}
        addresses = {"api_url": self.api.api_url, "accounts_url": self.api.accounts_url}
        return {"credentials": credentials, **addresses, **given}

    def _has_pages(self, playlist_id: str, plan: dict[str, str]) -> bool:
        return plan.get(playlist_id) == "read" and len(self.world.playlist(playlist_id)) > EMBEDDED

    @contextmanager
    def _disturbed(self, disturbance: Disturbance | None) -> Iterator[None]:
        self._disturbance = disturbance
        try:
            yield
        finally:
            self._disturbance = None

    def _intercept(self, request: Request) -> Response | None:
        disturbance = self._disturbance
        if disturbance and request.url.path.startswith(f"/v1/playlists/{disturbance.playlist_id}/"):
            if not disturbance.always:
                self._disturbance = None
            disturbance.edit()
        return None


def check_report(report: Report, expected: Expected) -> None:
    """Asserts that a sync says of itself what it did."""
    run = report.run
    assert expected.outcomes == {read.playlist_id: read.outcome for read in report.reads}
    assert len(expected.outcomes) == len(report.reads)
    told = (run.playlists, run.unchanged, run.read, run.failed, run.new_items, run.removed_items, run.exit_code)
    assert told == (
        expected.playlists,
        expected.unchanged,
        list(expected.outcomes.values()).count("read"),
        expected.failed,
        expected.new_items,
        expected.removed_items,
        4 if expected.failed else 0,
    )


def check_requests(sent: Sequence[RequestRecord], expected: Expected) -> None:
    """Asserts that a sync asks for no more than it must, and once for a token."""
    assert len([record for record in sent if record.path == TOKEN]) <= 1
    assert len([record for record in sent if record.path != TOKEN]) <= expected.requests
