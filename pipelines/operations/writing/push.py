"""`push`: writes the result of a query to a playlist."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal, Unpack

from pipelines.destinations.lake import Lake
from pipelines.operations.query import query
from pipelines.operations.writing.command import Manner, Written, recorded
from pipelines.operations.writing.new_playlist import NewPlaylist
from pipelines.operations.writing.playlist import bring, show_new
from pipelines.operations.writing.synced import SyncedPlaylist
from pipelines.operations.writing.unfinished_writes import UnfinishedWrite, UnfinishedWriteFile
from sources.errors import ConfigurationError
from sources.spotify.api.client import Client
from sources.spotify.api.ids import playlist_id
from sources.spotify.auth.write_scopes import PLAYLISTS, check_may_write
from sources.spotify.config import SourceSettings
from sources.spotify.http.transport import utc_now
from sources.spotify.writes.converge import State
from sources.spotify.writes.steps import MOST, Entry

Mode = Literal["replace", "append"]
ITEM = re.compile(r"spotify:(?:(?:track|episode):[0-9A-Za-z]{22}|local:.+)", re.DOTALL)
"""What a playlist may hold: https://developer.spotify.com/documentation/web-api/concepts/spotify-uris-ids."""

MODES: tuple[Mode, ...] = ("replace", "append")


def push(
    items: str | Sequence[str],
    *,
    to: str | None = None,
    new: str | None = None,
    mode: Mode = "replace",
    lake: Lake | None = None,
    dry_run: bool = False,
    confirm: Callable[[Written], bool] = lambda _: True,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    **settings: Unpack[SourceSettings],
) -> Written:
    """Writes the result of a query to a playlist, in the order of its rows.

    The playlist is synced before, so that what it held is in the lake, and afterwards. `append` puts what is not on it
    yet at its end: of each item as many as the query answers, less those that are there. So the same push again adds
    nothing.

    Args:
        items: an SQL statement with a column `item_uri`, or such URIs in order.
        to: id, URI or link of the playlist.
        new: in place of that, the name of a new playlist, which is private.
        mode: `replace` what is on it, or `append`.
        lake: where the tables are; DuckDB in `playlake.duckdb` by default.
        dry_run: whether to report the changes without writing.
        confirm: called before anything is written, with the planned changes; false cancels.
        progress: called with the number of finished requests, and of all.
        **settings: arguments of `sources.spotify.spotify_playlists`.

    Returns:
        What was done; `exit_code` is 4 if not everything could be.

    Raises:
        ConfigurationError: the query or an argument is wrong, or the playlist belongs to somebody else.
        ScopeError: the sign-in is for reading only.
        EditedElsewhereError: somebody else changes the playlist meanwhile.
        PlaylakeError: something else went wrong.
    """
    if (to is None) == (new is None) or (new is not None and not new.strip()):
        msg = "push needs a target: either --to PLAYLIST or --new NAME."
        raise ConfigurationError(msg)
    if mode not in MODES:
        msg = f"mode = {mode!r} must be {' or '.join(MODES)}."
        raise ConfigurationError(msg)
    manner = Manner(lake or Lake(), settings, dry_run, confirm, progress)
    target = playlist_id(to) if to is not None else None
    wanted = items if isinstance(items, str) else list(items)
    client = manner.client()
    if not dry_run:
        check_may_write(client.tokens, PLAYLISTS)
    command = ("push", str(wanted), target or "", new or "", mode, client.whoami())
    unfinished_file = UnfinishedWriteFile(manner.folder(), command)
    with manner.only_one(), recorded(manner, client, "push") as done:
        unfinished = unfinished_file.find(utc_now())
        if new is not None:
            _push_to_new(manner, done, client, unfinished_file, unfinished, wanted, new)
        else:
            playlist = SyncedPlaylist(manner, client, str(target))
            _push_to(manner, done, playlist, unfinished_file, unfinished, wanted, mode)
    return done


def _push_to(
    manner: Manner,
    done: Written,
    playlist: SyncedPlaylist,
    unfinished_file: UnfinishedWriteFile,
    unfinished: UnfinishedWrite | None,
    items: str | list[str],
    mode: Mode,
) -> None:
    def want(state: State) -> Sequence[Entry]:
        if mode == "append":
            return _appended(state.entries, playlist.as_added(_answered(manner.lake, items)))
        if unfinished is not None and unfinished.wanted is not None:
            done.lines.append("Continuing an earlier run of the same command that was not finished.")
            return unfinished.entries
        return _answered(manner.lake, items)

    def keep(wanted: Sequence[Entry]) -> None:
        if mode == "replace":
            unfinished_file.keep(UnfinishedWrite(utc_now(), [(entry.uri, entry.added_at) for entry in wanted]))

    if bring(manner, done, playlist, want, before=keep):
        unfinished_file.done()


def _push_to_new(
    manner: Manner,
    done: Written,
    client: Client,
    unfinished_file: UnfinishedWriteFile,
    unfinished: UnfinishedWrite | None,
    items: str | list[str],
    name: str,
) -> None:
    wanted = unfinished.entries if unfinished is not None else _answered(manner.lake, items)
    if not show_new(manner, done, name, wanted):
        return
    unfinished = unfinished or UnfinishedWrite(utc_now(), [(entry.uri, entry.added_at) for entry in wanted])
    making = NewPlaylist(client, name, unfinished_file)
    playlist = SyncedPlaylist(manner, client, making.made(unfinished), making.changes)
    if bring(manner, done, playlist, lambda _: wanted, is_agreed=True):
        unfinished_file.done()


def _appended(there: Sequence[Entry], more: Sequence[Entry]) -> list[Entry]:
    """The entries of a playlist, followed by the items that are not on it yet."""
    left = Counter(entry.uri for entry in there)
    found = list(there)
    for entry in more:
        if left[entry.uri] > 0:
            left[entry.uri] -= 1
        else:
            found.append(entry)
    return found


def _answered(lake: Lake, items: str | list[str]) -> list[Entry]:
    """The items in the result of a query.

    Raises:
        ConfigurationError: it has no such column, something in it is no item, or they are too many.
    """
    uris = items if isinstance(items, list) else _column(lake, items)
    for uri in uris:
        # What Spotify could never take must not be found out when the playlist is emptied already.
        if not isinstance(uri, str) or ITEM.fullmatch(uri) is None:
            msg = (
                f"{uri!r} cannot be added to a playlist: item_uri must have URIs such as spotify:track:ID or "
                "spotify:episode:ID; WHERE item_uri IS NOT NULL leaves out hidden items. Nothing was written."
            )
            raise ConfigurationError(msg)
    if len(uris) > MOST:
        msg = f"{len(uris):,} items are more than the {MOST:,} that a playlist holds: add LIMIT {MOST} to the query."
        raise ConfigurationError(msg)
    return [Entry(uri) for uri in uris]


def _column(lake: Lake, sql: str) -> list[str]:
    answer = query(lake, sql)
    names = [name.lower() for name in answer.columns]
    if "item_uri" not in names and len(names) != 1:
        found = ", ".join(names) or "nothing"
        msg = f"The result has {found}: the query must return a column item_uri."
        raise ConfigurationError(msg)
    index = names.index("item_uri") if "item_uri" in names else 0
    return [row[index] for row in answer.rows]
