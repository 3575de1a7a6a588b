"""`restore saved:…`: saves or follows again what a user had saved or followed. Removes nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from pipelines.destinations.lake import Lake
from pipelines.operations.query import query
from pipelines.operations.writing import lake_state
from pipelines.operations.writing.command import Manner, Written, recorded
from pipelines.operations.writing.preview import SHOWN
from pipelines.sync.service import sync
from sources.errors import ApiError, ConfigurationError, ScopeError, TryLaterError
from sources.spotify.auth.write_scopes import FOLLOWING, LIBRARY, check_may_write
from sources.spotify.writes.library import Savable, Saver

if TYPE_CHECKING:
    from sources.spotify.config import SourceSettings

NAMES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "tracks": ("track", "tracks", "track_uri"),
        "albums": ("album", "albums", "album_id"),
        "episodes": ("episode", "episodes", "episode_id"),
        "shows": ("show", "shows", "show_id"),
        "audiobooks": ("audiobook", "audiobooks", "audiobook_id"),
        "artists": ("artist", "artists", "artist_id"),
    }
)
"""Of each collection the API's word for one of it, and the table and column in which it has a name."""

COLLECTIONS = tuple(NAMES)

HIDDEN = "its URI is not known"


@dataclass(frozen=True, slots=True)
class _Collection:
    """A collection of a user.

    Attributes:
        lake: where it is known.
        user_id: whose.
        name: such as `tracks`.
    """

    lake: Lake
    user_id: str
    name: str

    def now(self) -> set[str]:
        """URIs of the saved items, as last read."""
        sql = "SELECT item_uri FROM saved_items WHERE user_id = {} AND collection = {}"
        return {row[0] for row in lake_state.rows(self.lake, sql, self.user_id, self.name)}

    def as_of(self, moment: datetime) -> list[Savable]:
        """The items that were saved at a time, the oldest first.

        Raises:
            ConfigurationError: no sync had read it by then.
        """
        at = moment.astimezone(UTC).isoformat(sep=" ")
        sql = "SELECT count(*) FROM saved_snapshots WHERE user_id = {} AND collection = {} AND observed_at <= {}"
        if not lake_state.rows(self.lake, sql, self.user_id, self.name, at)[0][0]:
            msg = f"What {self.user_id} had saved in {self.name} at {at} is not known: no sync had read it by then."
            raise ConfigurationError(msg)
        sql = (
            "SELECT DISTINCT item_uri, added_at, last_position FROM saved_item_history WHERE user_id = {} "
            "AND collection = {} AND listed_from <= {} AND (listed_until IS NULL OR listed_until > {}) "
            "ORDER BY added_at, last_position DESC"
        )
        kind = NAMES[self.name][0]
        found = lake_state.rows(self.lake, sql, self.user_id, self.name, at, at)
        return [
            Savable(uri, kind, None if entry.added_at is None else datetime.fromtimestamp(entry.added_at, UTC))
            for (uri, *_), entry in zip(found, lake_state.entries([row[:2] for row in found]), strict=True)
            if uri is not None
        ]

    def hidden_as_of(self, moment: datetime) -> list[str]:
        """What was saved at a time and is not any more, but was hidden by Spotify: nothing tells what it is.

        What is shown now, was saved at the same time and was not shown then, is taken for the same thing. Rows of null
        without a date come and go in such lists, and nothing tells one from another: they are no loss.
        """
        at = moment.astimezone(UTC).isoformat(sep=" ")
        sql = (
            "SELECT DISTINCT item_key, item_uri, added_at FROM saved_item_history WHERE user_id = {} "
            "AND collection = {} AND listed_from <= {} AND (listed_until IS NULL OR listed_until > {}) "
            "ORDER BY added_at, item_key"
        )
        then = lake_state.rows(self.lake, sql, self.user_id, self.name, at, at)
        sql = "SELECT item_key, item_uri, added_at FROM saved_items WHERE user_id = {} AND collection = {}"
        now = lake_state.rows(self.lake, sql, self.user_id, self.name)
        known = {key for key, _, _ in then} | {uri for _, uri, _ in then if uri is not None}
        since = Counter(added for key, uri, added in now if key not in known and uri not in known)
        still, lost = {key for key, _, _ in now}, []
        for key, uri, added in then:
            if uri is not None or key in still or added is None:
                continue
            if since[added] > 0:
                since[added] -= 1
            else:
                lost.append(f"a hidden item that was saved at {lake_state.told(added)}")
        return lost

    def titles(self, items: Sequence[Savable]) -> list[str]:
        """Their names, if they are in the lake."""
        _, table, key = NAMES[self.name]
        keys = {item.uri: item.uri if key.endswith("uri") else item.item_id for item in items}
        if not items:
            return []
        listed = ", ".join(lake_state.literal(each) for each in keys.values())
        # Names of ours, and texts in quotes.
        sql = f"SELECT {key}, name FROM {table} WHERE {key} IN ({listed})"  # noqa: S608
        known = dict(query(self.lake, sql).rows)
        return [known.get(keys[item.uri]) or item.uri for item in items]


def restore_saved(manner: Manner, name: str, moment: datetime) -> Written:
    """Saves again the items that were saved at a time and no longer are.

    Dates come back only with the older API's tracks; everything else is saved in its old order, with today's date.

    Raises:
        ConfigurationError: there is no such collection, or nothing is known of that time.
        ScopeError: the sign-in is for reading only.
        PlaylakeError: it cannot be read or written.
    """
    if name not in COLLECTIONS:
        msg = f"saved:{name} is not a collection: choose one of {', '.join(f'saved:{each}' for each in COLLECTIONS)}."
        raise ConfigurationError(msg)
    client = manner.client()
    if not manner.dry_run:
        check_may_write(client.tokens, FOLLOWING if name == "artists" else LIBRARY)
    with manner.only_one(), recorded(manner, client, f"restore saved:{name}") as done:
        collection = _Collection(manner.lake, client.whoami(), name)
        _read(manner, name)
        wanted, there = collection.as_of(moment), collection.now()
        gone = [item for item in wanted if item.uri not in there]
        saver = Saver(client, manner.progress)
        saver.find_paths(gone)
        hidden = [f"Not restored: {title}, {HIDDEN}." for title in collection.hidden_as_of(moment)]
        done.left = [*hidden]
        _tell(done, collection, gone, saver.requests(gone))
        if not gone or manner.dry_run:
            return done
        if not manner.confirm(done):
            done.declined = True
            return done
        saver.save(gone)
        done.changes = saver.changes
        _read(manner, name)
        there = collection.now()
        lacking = [item for item in gone if item.uri not in there]
        done.left = [f"Not restored: {title}, refused by Spotify." for title in collection.titles(lacking)] + hidden
    return done


def _read(manner: Manner, name: str) -> None:
    """Syncs the collection until a reading is accepted: one that is suddenly empty is read twice.

    Raises:
        ScopeError: the consent does not cover reading it.
        ApiError: it could not be read.
        TryLaterError: Spotify asks to wait.
    """
    resource = "followed_artists" if name == "artists" else "saved_items"
    settings: SourceSettings = {**manner.settings, "resources": resource}
    for last in (False, False, True):
        report = sync(None, manner.lake, **settings)
        if report.exit_code == TryLaterError.exit_code:
            raise TryLaterError(report.run.message or "Spotify asks to wait.", report.run.resume_at)
        read = next((each for each in report.resource_reads if each.subject == name), None)
        if read is None or read.outcome in ("read", "unchanged"):
            return
        if read.outcome != "kept_back" or last:
            msg = f"{name} could not be read: {read.message}"
            raise ScopeError(msg) if read.lacks_scope else ApiError(msg)


def _tell(done: Written, collection: _Collection, gone: list[Savable], requests: int) -> None:
    done.changes = requests
    done.lines.append(
        f"Saved {collection.name} of {collection.user_id}: {len(gone):,} saved again; "
        f"{requests} {'request' if requests == 1 else 'requests'}."
    )
    shown = gone[::-1][:SHOWN]
    done.lines += [f"  + {title}" for title in collection.titles(shown)]
    if len(gone) > SHOWN:
        done.lines.append(f"  + … and {len(gone) - SHOWN:,} more")
