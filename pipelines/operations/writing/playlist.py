"""Writes the wanted items to one playlist; shared by `restore` and `push`."""

import time
from collections import Counter
from collections.abc import Callable, Sequence

from pipelines.operations.writing import lake_state
from pipelines.operations.writing.command import Manner, Written
from pipelines.operations.writing.other_changes import NO_OTHER_CHANGES, OtherChanges
from pipelines.operations.writing.preview import left_over, lines
from pipelines.operations.writing.synced import SyncedPlaylist
from sources.errors import EditedElsewhereError
from sources.spotify.writes.converge import Convergence, ForeignEdit, State
from sources.spotify.writes.request_plan import Plan, plan
from sources.spotify.writes.steps import Entry

SHOWN = 3
"""Number of items of a concurrent edit that a message names."""


def show_new(
    manner: Manner, done: Written, name: str, wanted: Sequence[Entry], more: OtherChanges = NO_OTHER_CHANGES
) -> bool:
    """Shows the items of a new playlist, and asks for confirmation to create it."""
    way = plan([], wanted)
    # One request makes it.
    _tell(manner, done, way, f"a new playlist {name!r}", more, 1)
    return _agreed(manner, done)


def bring(
    manner: Manner,
    done: Written,
    target: SyncedPlaylist,
    want: Callable[[State], Sequence[Entry]],
    more: OtherChanges = NO_OTHER_CHANGES,
    *,
    before: Callable[[Sequence[Entry]], object] = lambda _: None,
    is_agreed: bool = False,
) -> bool:
    """Syncs a playlist, shows the planned changes, writes them, and syncs it again.

    Args:
        manner: how.
        done: told what is done.
        target: the playlist.
        want: what is to be on it, given what is.
        more: what is to be done besides.
        before: called with that right before the first request that changes something.
        is_agreed: whether nobody has to be asked any more.

    Returns:
        Whether the playlist is as wanted now, but for what `done.left` names.

    Raises:
        EditedElsewhereError: somebody else changes it meanwhile.
        PlaylakeError: it cannot be read, or not be written.
    """
    done.record.playlist_id = target.playlist_id
    described = target.described()
    state = target.synced(full=False)
    wanted = target.as_added(want(state))
    way = plan(state.entries, wanted, lake_state.limits(manner.lake, state.entries))
    is_done = not way.steps and not more.requests
    done.record.snapshot_before = done.record.snapshot_after = state.snapshot_id
    if is_done:
        done.left = _left(manner, way, more)
    elif not is_agreed:
        _tell(manner, done, way, f"playlist {described.name!r}", more)
    if is_done or manner.dry_run or not (is_agreed or _agreed(manner, done)):
        return is_done
    try:
        if way.steps:
            way = _carried_out(manner, target, state, wanted, before)
        for _ in more.put_back(target.client, described):
            target.changes += 1
        if more.requests:
            target.read()
    finally:
        done.changes, done.record.snapshot_after = target.changes, target.snapshot_id
    done.left = _left(manner, way, more)
    return True


def _carried_out(
    manner: Manner,
    target: SyncedPlaylist,
    state: State,
    wanted: Sequence[Entry],
    before: Callable[[Sequence[Entry]], object],
) -> Plan:
    """Writes until the playlist has the wanted items.

    Raises:
        EditedElsewhereError: somebody else changes it meanwhile.
        PlaylakeError: it cannot be read, or not be written.
    """
    # What seemed unchanged may have changed while somebody thought about it.
    again = state if target.stands(state) else target.read()
    if again.uris != state.uris:
        raise _named(manner, target, ForeignEdit(state.uris, again.uris))
    before(wanted)
    limits = lake_state.limits(manner.lake, state.entries)
    command = Convergence(target, wanted, limits, sleep=time.sleep, progress=manner.progress)
    try:
        return command.run(again)[0]
    except ForeignEdit as edit:
        raise _named(manner, target, edit) from None


def _tell(manner: Manner, done: Written, way: Plan, what: str, more: OtherChanges, requests: int = 0) -> None:
    names = lake_state.titles(manner.lake, [entry.uri for entry in (*way.current, *way.wanted)])
    done.changes = requests + way.requests + more.requests
    done.lines += [*more.lines(), *lines(way, names, what, done.changes)]
    done.left = _left(manner, way, more)


def _left(manner: Manner, way: Plan, more: OtherChanges) -> list[str]:
    """The changes that cannot be made."""
    return left_over(way, lake_state.titles(manner.lake, _left_uris(way))) + more.left()


def _agreed(manner: Manner, done: Written) -> bool:
    done.declined = not manner.dry_run and not manner.confirm(done)
    return not manner.dry_run and not done.declined


def _left_uris(way: Plan) -> list[str | None]:
    return [way.wanted[number].uri for number in way.missing] + [way.current[place].uri for place in way.surplus]


def _named(manner: Manner, target: SyncedPlaylist, edit: ForeignEdit) -> EditedElsewhereError:
    """A concurrent edit, as text."""
    new, gone = Counter(edit.found) - Counter(edit.expected), Counter(edit.expected) - Counter(edit.found)
    names = lake_state.titles(manner.lake, [*new, *gone])

    def told(sign: str, some: Counter[str | None]) -> list[str]:
        return [f"{sign}{names.get(uri, uri or 'a hidden item')}" for uri in list(some)[:SHOWN]]

    more = len(new) + len(gone) - len([*new][:SHOWN]) - len([*gone][:SHOWN])
    what = ", ".join([*told("+", new), *told("-", gone)]) or "another order"
    msg = (
        f"Playlist {target.playlist_id} was changed by somebody else meanwhile ({what}"
        f"{f' and {more} more' if more else ''}): nothing more was written. What it was is in the lake; the same "
        "command again starts from there."
    )
    return EditedElsewhereError(msg)
