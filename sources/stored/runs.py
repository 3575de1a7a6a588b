"""Stored runs: when they wrote, and until when Spotify asked to wait."""

from datetime import datetime

from sources.errors import DestinationError, WrongClockError
from sources.stored.lake_folder import is_load_id, time_of
from sources.stored.tables import COMPLETED, StoredTables

SYNCED = "outcome IS DISTINCT FROM 'imported'"
"""Of runs: they asked Spotify, and did not read an export."""


class StoredRuns(StoredTables):
    """Queries about runs and loads."""

    def check_not_before_last_load(self, now: datetime) -> None:
        """Refuses to write with a clock that is behind the newest load: load ids and observations are times.

        Raises:
            WrongClockError: the newest load is of a later time.
        """
        if not self.tables:
            return
        rows = self._connection.execute(COMPLETED).fetchall()
        newest = max((time_of(load_id) for (load_id,) in rows if is_load_id(load_id or "")), default=now)
        if newest > now:
            msg = (
                f"The newest load is of {newest:%Y-%m-%d %H:%M:%S} UTC, but this machine's clock says "
                f"{now:%Y-%m-%d %H:%M:%S}: set the clock, or wait. What was written now would count as older. If this "
                "clock is right, another was wrong: playlake repair --clock, with the options that name the lake, "
                "moves what it wrote."
            )
            raise WrongClockError(msg, newest)

    def run_ids(self) -> set[str]:
        """The runs that are there, and so all that they read."""
        if "runs" not in self.tables:
            return set()
        sql = "SELECT run_id FROM runs WHERE _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)"
        return {row[0] for row in self._connection.execute(sql).fetchall()}

    def users(self) -> list[str]:
        """The users who synced here, whoever came first before the others."""
        if "runs" not in self.whole_tables:
            return []
        rows = self._connection.execute(
            f"SELECT user_id FROM runs WHERE user_id IS NOT NULL AND {SYNCED} AND _dlt_load_id IN ({COMPLETED}) "  # noqa: S608
            "GROUP BY user_id ORDER BY min(started_at), user_id"
        ).fetchall()
        return [user_id for (user_id,) in rows]

    def check_order(self, run_id: str, started_at: datetime, ended_at: datetime) -> None:
        """Refuses to write an earlier run after a later one, since states are ordered by the time of observation.

        What a part of the same run has written already is no hindrance.

        Args:
            run_id: the run.
            started_at: when it began.
            ended_at: when it had its last answer.

        Raises:
            DestinationError: the run is there already, or something later is.
        """
        if run_id in self.run_ids():
            msg = f"Run {run_id} of {started_at:%Y-%m-%d %H:%M:%S} UTC is stored already: nothing was changed."
            raise DestinationError(msg)
        newest = self._newest("runs", "started_at", SYNCED)
        if newest is None or newest <= started_at:
            # Runs of two accounts may overlap; what no finished run saw is of one that was cut off.
            newest = self._newest("playlist_snapshots", "observed_at")
            ended_at = max(ended_at, self._newest("runs", "finished_at", SYNCED) or ended_at)
            if newest is None or newest <= ended_at:
                return
        msg = (
            f"The destination holds what was seen at {newest:%Y-%m-%d %H:%M:%S} UTC, later than the run of "
            f"{started_at:%Y-%m-%d %H:%M:%S} that is to be replayed: replay into a lake of its own, the earliest run "
            "first."
        )
        raise DestinationError(msg)

    def resume_at(self, client_id: str | None) -> datetime | None:
        """Until when an app was asked to wait, whichever of its users was asked; null if it never was."""
        if "runs" not in self.tables:
            return None
        row = self._first(
            "SELECT max(resume_at) FROM runs WHERE client_id = ? "
            "AND _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)",
            [client_id],
        )
        return row[0] if row else None

    def hidden_playlists(self, user_id: str) -> int:
        """How many rows of a user's last complete list were null."""
        if "runs" not in self.tables:
            return 0
        row = self._first(
            "SELECT arg_max(hidden_playlists, started_at) FROM runs WHERE user_id = ? AND hidden_playlists IS NOT NULL "
            "AND _dlt_load_id IN (SELECT load_id FROM _dlt_loads WHERE status = 0)",
            [user_id],
        )
        return (row[0] if row else None) or 0
