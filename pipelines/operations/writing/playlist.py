"""Brings one playlist to what is wanted: what a restore and a push have in common."""

import time
from collections import Counter
from collections.abc import Callable, Sequence

from pipelines.operations.writing import lake_state
from pipelines.operations.writing.command import Manner, Written
from pipelines.operations.writing.preview import left_over, lines
from pipelines.operations.writing.synced import SyncedPlaylist
from sources.errors import EditedElsewhereError
from sources.spotify.writes.converge import Convergence, ForeignEdit, State
from sources.spotify.writes.plan import Limits, Plan, plan
from sources.spotify.writes.steps import Entry

SHOWN = 3
"""Items of somebody else's edit that a message names."""


def show_new(manner: Manner, done: Written, name: str, wanted: Sequence[Entry]) -> bool:
    """Says what would be on a new playlist, and whether it is to be made."""
    way = plan([], wanted)
    _tell(manner, done, way, f"a new playlist {name!r}")
    done.changes += 1
    return _agreed(manner, done)


def bring(
    manner: Manner,
    done: Written,
    target: SyncedPlaylist,
    want: Callable[[State], Sequence[Entry]],
    *,
    before: Callable[[Sequence[Entry]], object] = lambda _: None,
    is_agreed: bool = False,
    asks: bool = False,
) -> bool:
    """Syncs a playlist, says what will be done, does it, and syncs it again.

    Args:
        manner: how.
        done: told what is done.
        target: the playlist.
        want: what is to be on it, given what is.
        before: called with that right before the first request that changes something.
        is_agreed: whether nobody has to be asked any more.
        asks: whether somebody has to be asked, even if the items are as wanted.

    Returns:
        Whether the playlist is as wanted now, but for what `done.left` names.

    Raises:
        EditedElsewhereError: somebody else changes it meanwhile.
        PlaylakeError: it cannot be read, or not be written.
    """
    lake, done.record.playlist_id = manner.lake, target.playlist_id
    described = target.described()
    state = target.synced(full=False)
    wanted = want(state)
    way = plan(state.entries, wanted)
    if (way.steps or asks) and not is_agreed:
        _tell(manner, done, way, f"playlist {described.name!r}")
    elif not is_agreed:
        done.left += left_over(way, lake_state.titles(lake, _left_uris(way)))
    done.record.snapshot_before = done.record.snapshot_after = state.snapshot_id
    if manner.dry_run or not (way.steps or asks):
        return not way.steps
    if not is_agreed and not _agreed(manner, done):
        return False
    if not way.steps:
        return True
    # What seemed unchanged may have changed while somebody thought about it.
    again = state if target.stands(state) else target.read()
    if again.uris != state.uris:
        raise _named(manner, target, ForeignEdit(state.uris, again.uris))
    before(wanted)
    command = Convergence(target, wanted, Limits(), sleep=time.sleep, progress=manner.progress)
    try:
        way, state = command.run(again)
    except ForeignEdit as edit:
        raise _named(manner, target, edit) from None
    finally:
        done.changes = target.changes
    done.record.snapshot_after = state.snapshot_id
    done.left = left_over(way, lake_state.titles(lake, _left_uris(way)))
    return True


def _tell(manner: Manner, done: Written, way: Plan, what: str) -> None:
    uris = [entry.uri for entry in (*way.current, *way.wanted)]
    names = lake_state.titles(manner.lake, uris)
    done.lines += lines(way, names, what)
    done.left = left_over(way, names)
    done.changes = way.requests


def _agreed(manner: Manner, done: Written) -> bool:
    done.declined = not manner.dry_run and not manner.confirm(done)
    return not manner.dry_run and not done.declined


def _left_uris(way: Plan) -> list[str | None]:
    return [way.wanted[number].uri for number in way.missing] + [way.current[place].uri for place in way.surplus]


def _named(manner: Manner, target: SyncedPlaylist, edit: ForeignEdit) -> EditedElsewhereError:
    """What somebody else has done, in words."""
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
