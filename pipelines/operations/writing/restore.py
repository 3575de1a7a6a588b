"""`restore`: restores a playlist, or a user's saved items, to an earlier state."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Unpack

from pipelines.destinations.lake import Lake
from pipelines.operations.writing import lake_state
from pipelines.operations.writing.command import Manner, Written, recorded
from pipelines.operations.writing.details import Details, details_as_of
from pipelines.operations.writing.new_playlist import NewPlaylist, as_made
from pipelines.operations.writing.other_changes import OtherChanges, other_changes
from pipelines.operations.writing.playlist import bring, show_new
from pipelines.operations.writing.saved import COLLECTIONS, restore_saved
from pipelines.operations.writing.synced import SyncedPlaylist
from pipelines.operations.writing.unfinished_writes import UnfinishedWrite, UnfinishedWriteFile
from sources.errors import ConfigurationError
from sources.spotify.api.client import Client
from sources.spotify.api.ids import playlist_id
from sources.spotify.auth.write_scopes import COVERS, PLAYLISTS, check_may_write
from sources.spotify.config import SourceSettings
from sources.spotify.http.transport import utc_now
from sources.spotify.setting_parsers import moment
from sources.spotify.writes.steps import Entry

SAVED = "saved:"


def restore(
    what: str,
    as_of: str | datetime,
    *,
    new: bool = False,
    into: str | None = None,
    details: bool = False,
    lake: Lake | None = None,
    dry_run: bool = False,
    confirm: Callable[[Written], bool] = lambda _: True,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    **settings: Unpack[SourceSettings],
) -> Written:
    """Restores a playlist to its state as of a time, as the syncs until then read it.

    What stays keeps its dates where that takes few requests; what is added again does not. `saved:tracks` and the other
    collections (`albums`, `episodes`, `shows`, `audiobooks`, and `artists` who were followed) are put back, too: what
    was saved since then stays.

    Args:
        what: id, URI or link of a playlist, or its name in the lake; or `saved:` and a collection.
        as_of: when; of a text without a time zone, in UTC.
        new: whether to restore it to a new, private playlist.
        into: in place of the playlist itself, the id, URI or link of another one.
        details: whether to restore name, description, public, collaborative and the stored cover, too.
        lake: where the tables are; DuckDB in `playlake.duckdb` by default.
        dry_run: whether to report the changes without writing.
        confirm: called before anything is written, with the planned changes; false cancels.
        progress: called with the number of finished requests, and of all.
        **settings: arguments of `sources.spotify.spotify_playlists`.

    Returns:
        What was done; `exit_code` is 4 if not everything could be.

    Raises:
        ConfigurationError: nothing is known of that time, an argument is wrong, or the playlist is somebody else's.
        NotFoundError: the playlist is gone.
        ScopeError: the sign-in is for reading only.
        EditedElsewhereError: somebody else changes the playlist meanwhile.
        PlaylakeError: something else went wrong.
    """
    at = _moment(as_of)
    manner = Manner(lake or Lake(), settings, dry_run, confirm, progress)
    if what.startswith(SAVED):
        if new or into is not None or details:
            msg = "--new, --into and --details are for playlists: leave them out."
            raise ConfigurationError(msg)
        return restore_saved(manner, what.removeprefix(SAVED), at)
    if new and into is not None:
        msg = "Restore into a new playlist (--new) or into another one (--into ID), not both."
        raise ConfigurationError(msg)
    # Who only reads the tables keeps a sync of another command from them, too.
    with manner.only_one():
        return _restore_playlist(manner, what, at, into, details=details, new=new)


def _restore_playlist(
    manner: Manner, what: str, at: datetime, into: str | None, *, details: bool, new: bool
) -> Written:
    source = _source(manner.lake, what)
    target = playlist_id(into) if into is not None else source
    wanted = lake_state.as_of(manner.lake, source, at)
    described = details_as_of(manner.lake, source, at) if details else None
    client = manner.client()
    if not manner.dry_run:
        needed = PLAYLISTS + (COVERS if described is not None and described.cover is not None else ())
        check_may_write(client.tokens, needed)
    with recorded(manner, client, "restore") as done:
        if new:
            _restore_to_new(manner, done, client, (source, at), wanted, described)
        else:
            playlist = SyncedPlaylist(manner, client, target)
            # It was in the library at that time.
            more = other_changes(client, playlist.described(), described, lists=into is None)
            bring(manner, done, playlist, lambda _: wanted, more)
    return done


def _restore_to_new(
    manner: Manner,
    done: Written,
    client: Client,
    source: tuple[str, datetime],
    wanted: list[Entry],
    described: Details | None,
) -> None:
    playlist_id, at = source
    name = lake_state.name_of(manner.lake, playlist_id, at) or playlist_id
    more = OtherChanges(None if described is None else described.differing(as_made(name)))
    if not show_new(manner, done, name, wanted, more):
        return
    unfinished_file = UnfinishedWriteFile(manner.folder(), ("restore", playlist_id, at.isoformat(), client.whoami()))
    unfinished = unfinished_file.find(utc_now()) or UnfinishedWrite(utc_now())
    making = NewPlaylist(client, name, unfinished_file)
    playlist = SyncedPlaylist(manner, client, making.made(unfinished), making.changes)
    more = other_changes(client, playlist.described(), described, lists=False)
    if bring(manner, done, playlist, lambda _: wanted, more, is_agreed=True):
        unfinished_file.done()


def _moment(as_of: str | datetime) -> datetime:
    """Parses a time in the past.

    Raises:
        ConfigurationError: it is not a valid time, or in the future.
    """
    at = as_of if isinstance(as_of, datetime) else moment(as_of, name="--as-of", zone=UTC)
    if at is None:
        msg = "The time is missing: add --as-of, as in --as-of 2026-11-22 or --as-of 2026-11-22T10:00:00Z."
        raise ConfigurationError(msg)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if at > utc_now():
        msg = f"--as-of {at:%Y-%m-%d %H:%M:%S%z} is in the future: name an earlier time."
        raise ConfigurationError(msg)
    return at


def _source(lake: Lake, what: str) -> str:
    """The id of the playlist that the argument refers to."""
    try:
        return playlist_id(what)
    except ConfigurationError:
        if not lake.exists():
            raise
        return lake_state.named(lake, what)


__all__ = ["COLLECTIONS", "restore"]
