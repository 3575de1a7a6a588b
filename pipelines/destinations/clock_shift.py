"""Maps timestamps in the future, written by a wrong clock, to plausible ones in the past."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from schemas.spec import TIME, Column
from sources.stored.lake_folder import COMPACTED, is_load_id, time_of

SENT = frozenset({"added_at", "played_at", "offline_at"})
"""Times that Spotify sent, and no clock of ours."""
PROMISED = "resume_at"
"""A time that may well be later than now; it was reckoned with the clock of its row's load."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Maps timestamps in the future to plausible ones in the past.

    Attributes:
        sound: the newest time that was written with a right clock.
        first: the earliest of the future.
        newest: the latest of the future.
        now: what the latest becomes.
        loads: ids of the loads of the future, oldest first.
    """

    sound: datetime
    first: datetime
    newest: datetime
    now: datetime
    loads: list[str]

    @property
    def back(self) -> timedelta:
        """By how much the newest moves."""
        return self.newest - self.now

    @property
    def ratio(self) -> float:
        """To what part the times between shrink; 1 where all move by the same."""
        if self.first - self.back > self.sound:
            return 1.0
        return (self.now - self.sound) / (self.newest - self.sound)

    def moved(self, time: datetime) -> datetime:
        """Another time for one of the future."""
        if self.ratio == 1.0:
            return time - self.back
        return self.sound + (time - self.sound) * self.ratio

    def load_id(self, load_id: str) -> str:
        """Another id for a load."""
        time, mark, rest = load_id.partition(COMPACTED)
        return f"{self.moved(time_of(time)).timestamp():.6f}{mark}{rest}"

    def sql(self, column: str, dialect: str) -> str:
        """The same as an expression."""
        if self.ratio == 1.0:
            return f"{column} - INTERVAL '{self.back // timedelta(microseconds=1)} microseconds'"
        sound = f"TIMESTAMP WITH TIME ZONE '{self.sound.isoformat()}'"
        if dialect == "postgres":
            return f"{sound} + ({column} - {sound}) * {self.ratio!r}"
        return f"{sound} + to_microseconds(CAST((epoch_us({column}) - epoch_us({sound})) * {self.ratio!r} AS BIGINT))"

    def condition(self, column: str) -> str:
        """Which rows a column of times is moved in, as SQL."""
        later = f"{column} > TIMESTAMP WITH TIME ZONE '{self.now.isoformat()}'"
        if column != PROMISED:
            return later
        listed = ", ".join(f"'{load_id}'" for load_id in self.loads)
        return f"{later} AND _dlt_load_id IN ({listed or 'NULL'})"

    def column(self, column: Column) -> str:
        """A column, its times moved, as DuckDB selects it."""
        if column.type != TIME or column.name in SENT:
            return column.name
        name = column.name
        return f"CASE WHEN {self.condition(name)} THEN {self.sql(name, 'duckdb')} ELSE {name} END AS {name}"

    def sql_of_id(self, column: str) -> str:
        """An expression for a column of ids of loads as DuckDB selects it: others for those of the future."""
        time, sound = f"CAST(split_part({column}, '{COMPACTED}', 1) AS DOUBLE)", self.sound.timestamp()
        moved = f"{sound!r} + ({time} - {sound!r}) * {self.ratio!r}"
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
    """What has to move; null if nothing has.

    Args:
        loads: all ids of loads.
        times: of each column of times the latest until now, since a load writes later than it begins, and those after.
        now: the time.
    """
    ids = sorted(filter(is_load_id, loads))
    future = [load_id for load_id in ids if time_of(load_id) > now]
    all_times = [*map(time_of, ids), *times]
    late = [time for time in all_times if time > now]
    if not late:
        return None
    sound = max((time for time in all_times if time <= now), default=datetime.fromtimestamp(0, UTC))
    return Shift(sound, min(late), max(late), now, future)
