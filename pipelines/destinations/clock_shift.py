"""Maps timestamps in the future, written by a wrong clock, to plausible ones in the past."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from schemas.spec import TIME, Column
from sources.stored.dialects import DUCKDB, SqlDialect
from sources.stored.lake_folder import COMPACTED, is_load_id, time_of

SENT = frozenset({"added_at", "changed_at", "played_at", "offline_at"})
"""Columns with times that Spotify sent, not this machine's clock."""
PROMISED = "resume_at"
"""A time that may well be later than now; it was reckoned with the clock of its row's load."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Maps timestamps in the future to plausible ones in the past.

    Attributes:
        last_correct: the newest time that was written with a right clock.
        first: the earliest time that is in the future.
        newest: the latest time that is in the future.
        now: the time that the latest one becomes.
        loads: ids of the loads dated in the future, oldest first.
    """

    last_correct: datetime
    first: datetime
    newest: datetime
    now: datetime
    loads: list[str]

    @property
    def back(self) -> timedelta:
        """The distance by which the latest time is moved."""
        return self.newest - self.now

    @property
    def ratio(self) -> float:
        """The factor by which the intervals between the times shrink; 1 if all times move by the same."""
        if self.first - self.back > self.last_correct:
            return 1.0
        return (self.now - self.last_correct) / (self.newest - self.last_correct)

    def moved(self, time: datetime) -> datetime:
        """The corrected time for a time in the future."""
        if self.ratio == 1.0:
            return time - self.back
        return self.last_correct + (time - self.last_correct) * self.ratio

    def load_id(self, load_id: str) -> str:
        """The corrected id of a load, whose time is part of it."""
        time, mark, rest = load_id.partition(COMPACTED)
        return f"{self.moved(time_of(time)).timestamp():.6f}{mark}{rest}"

    def sql(self, column: str, dialect: SqlDialect) -> str:
        """The corrected time of a column as an SQL expression of a database."""
        if self.ratio == 1.0:
            return f"{column} - INTERVAL '{self.back // timedelta(microseconds=1)} microseconds'"
        last_correct = f"TIMESTAMP WITH TIME ZONE '{self.last_correct.isoformat()}'"
        return dialect.scaled_time(column, last_correct, self.ratio)

    def condition(self, column: str) -> str:
        """An SQL condition for the rows in which a time column is corrected."""
        later = f"{column} > TIMESTAMP WITH TIME ZONE '{self.now.isoformat()}'"
        if column != PROMISED:
            return later
        listed = ", ".join(f"'{load_id}'" for load_id in self.loads)
        return f"{later} AND _dlt_load_id IN ({listed or 'NULL'})"

    def column(self, column: Column) -> str:
        """A column with corrected times, as an item of a SELECT in DuckDB."""
        if column.type != TIME or column.name in SENT:
            return column.name
        name = column.name
        return f"CASE WHEN {self.condition(name)} THEN {self.sql(name, DUCKDB)} ELSE {name} END AS {name}"

    def sql_of_id(self, column: str) -> str:
        """An expression in DuckDB for a column of load ids: ids dated in the future are corrected."""
        time, last_correct = f"CAST(split_part({column}, '{COMPACTED}', 1) AS DOUBLE)", self.last_correct.timestamp()
        moved = f"{last_correct!r} + ({time} - {last_correct!r}) * {self.ratio!r}"
        if self.ratio == 1.0:
            moved = f"{time} - {self.back.total_seconds()!r}"
        return f"CASE WHEN {time} > {self.now.timestamp()!r} THEN printf('%.6f', {moved}) ELSE {column} END"

    def __str__(self) -> str:
        what = "load" if len(self.loads) == 1 else "loads"
        return (
            f"{len(self.loads)} {what} from {self.first:%Y-%m-%d %H:%M:%S} to {self.newest:%Y-%m-%d %H:%M:%S} UTC, "
            f"{self.back.total_seconds() / 86400:.1f} days back"
        )


def find_shift(loads: Iterable[str], times: Iterable[datetime], now: datetime) -> Shift | None:
    """The shift that corrects times in the future; null if there are none.

    Args:
        loads: the ids of all loads.
        times: from each time column the latest time up to now, since a load writes later than it begins, and all
            times after now.
        now: the time.
    """
    ids = sorted(filter(is_load_id, loads))
    future = [load_id for load_id in ids if time_of(load_id) > now]
    all_times = [*map(time_of, ids), *times]
    late = [time for time in all_times if time > now]
    if not late:
        return None
    last_correct = max((time for time in all_times if time <= now), default=datetime.fromtimestamp(0, UTC))
    return Shift(last_correct, min(late), max(late), now, future)


def extremes(table: str, column: str, now: datetime) -> str:
    """SQL that asks for the latest time of a column until now, and for the first and last after it."""
    until = f"TIMESTAMP WITH TIME ZONE '{now.isoformat()}'"
    latest = f"max(CASE WHEN {column} <= {until} THEN {column} END)"
    after = f"CASE WHEN {column} > {until} THEN {column} END"
    return f"SELECT {latest}, min({after}), max({after}) FROM {table}"  # noqa: S608 (names are our own)
