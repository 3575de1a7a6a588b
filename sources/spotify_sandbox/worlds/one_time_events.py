"""Events that happen once in a library, by the week in which they happen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from sources.spotify_sandbox.world.playlist import Playlist
from sources.spotify_sandbox.world.world import World

_FEW = 8


@dataclass(frozen=True, slots=True)
class Editor:
    """Edits of a world: adds and removes items at a time, and finds tracks that are not on a playlist yet.

    ``gone`` has the tracks that were taken off a playlist and may come back.
    """

    world: World
    gone: dict[str, list[int]]
    add: Callable[[Playlist, int, Sequence[int], int], None]
    remove: Callable[[Playlist, Sequence[int], int], list[int]]
    find: Callable[[Random, int, int, set[int]], list[int]]

    def named(self, *names: str) -> Playlist | None:
        """The first playlist with one of these names that has enough entries."""
        found = (each for name in names for each in self.world.listed() if each.name == name)
        return next((each for each in found if each.is_readable and len(each) >= _FEW), None)


def begin(editor: Editor, random: Random, second: int) -> None:
    """A new playlist for moving house is created."""
    playlist = editor.world.create_playlist("Moving house", description="Boxes, stairs, pizza.")
    editor.add(playlist, 0, editor.find(random, second, 22, set()), second)


def begin_again(editor: Editor, random: Random, second: int) -> None:
    """A new playlist for the winter is created."""
    playlist = editor.world.create_playlist("Winter walks", public=False)
    editor.add(playlist, 0, editor.find(random, second, 14, set()), second)


def rename_playlist(editor: Editor, _random: Random, _second: int) -> None:
    """A playlist gets another name and a description."""
    if (playlist := editor.named("Walks", "Barbecue")) is not None:
        playlist.rename("Walks with the dog")
        playlist.describe("Half an hour, twice a day.")


def decide(editor: Editor, random: Random, second: int) -> None:
    """The wedding's playlist is finished: it gets its name, its order and the missing items."""
    if (playlist := editor.named("Wedding — first draft")) is not None:
        playlist.rename("Wedding — final, really")
        editor.add(playlist, 0, editor.find(random, second, 30, set(playlist.rows.contents)), second)
        playlist.move(len(playlist) - 5, 0, 5)


def empty(editor: Editor, _random: Random, second: int) -> None:
    """A playlist of miscellaneous items is emptied."""
    if (playlist := editor.named("TMP", "Cabin")) is not None:
        editor.remove(playlist, range(len(playlist)), second)


def cut_by_mistake(editor: Editor, _random: Random, second: int) -> None:
    """A range of entries is removed, because somebody had selected it by mistake."""
    if (playlist := editor.named("Starred")) is not None:
        editor.gone[playlist.id] = editor.remove(playlist, range(3, min(34, len(playlist))), second)


def undo_mistake(editor: Editor, _random: Random, second: int) -> None:
    """What was removed by mistake is added again by hand."""
    if (playlist := editor.named("Starred")) is not None:
        editor.add(playlist, 3, editor.gone.pop(playlist.id, ()), second)


def delete(editor: Editor, _random: Random, _second: int) -> None:
    """A playlist is deleted, which removes it from the library."""
    if (playlist := editor.named("old phone", "Kids in the car")) is not None:
        editor.world.unlist(playlist.id)


def take_down(editor: Editor, _random: Random, _second: int) -> None:
    """A label takes an album's songs down, and another label renames a song."""
    if (playlist := editor.named("Road trip")) is not None:
        uris = [entry.uri for entry in playlist.entries if entry.kind == "track" and entry.uri]
        for uri in uris[2:5]:
            editor.world.restrict_track(uri)
        editor.world.rename_track(uris[5], "Departures (Radio Edit)")


ONE_TIME_EVENTS: dict[int, tuple[Callable[[Editor, Random, int], None], ...]] = {
    4: (begin,),
    8: (rename_playlist,),
    11: (empty,),
    14: (cut_by_mistake,),
    15: (undo_mistake,),
    16: (take_down,),
    18: (delete,),
    20: (decide,),
    22: (begin_again,),
}
