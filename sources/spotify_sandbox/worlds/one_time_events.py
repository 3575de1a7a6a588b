"""What happens once to a library that goes on, by the week in which it does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from sources.spotify_sandbox.world.playlist import Playlist
from sources.spotify_sandbox.world.world import World

_FEW = 8


@dataclass(frozen=True, slots=True)
class Editor:
    """What people can do with a world: add and remove in a second, and find tracks that they have not got.

    ``gone`` has the tracks that were taken off a playlist and may come back.
    """

    world: World
    gone: dict[str, list[int]]
    add: Callable[[Playlist, int, Sequence[int], int], None]
    remove: Callable[[Playlist, Sequence[int], int], list[int]]
    find: Callable[[Random, int, int, set[int]], list[int]]

    def named(self, *names: str) -> Playlist | None:
        """The first playlist of one of these names of which there is enough to do something with."""
        found = (each for name in names for each in self.world.listed() if each.name == name)
        return next((each for each in found if each.is_readable and len(each) >= _FEW), None)


def begin(editor: Editor, random: Random, second: int) -> None:
    """A list for moving house."""
    playlist = editor.world.create_playlist("Moving house", description="Boxes, stairs, pizza.")
    editor.add(playlist, 0, editor.find(random, second, 22, set()), second)


def begin_again(editor: Editor, random: Random, second: int) -> None:
    """A list for the winter."""
    playlist = editor.world.create_playlist("Winter walks", public=False)
    editor.add(playlist, 0, editor.find(random, second, 14, set()), second)


def call_otherwise(editor: Editor, _random: Random, _second: int) -> None:
    """Another name, and a sentence."""
    if (playlist := editor.named("Walks", "Barbecue")) is not None:
        playlist.rename("Walks with the dog")
        playlist.describe("Half an hour, twice a day.")


def decide(editor: Editor, random: Random, second: int) -> None:
    """The wedding's list is settled: it gets its name, an order and what was missing."""
    if (playlist := editor.named("Wedding — first draft")) is not None:
        playlist.rename("Wedding — final, really")
        editor.add(playlist, 0, editor.find(random, second, 30, set(playlist.rows.contents)), second)
        playlist.move(len(playlist) - 5, 0, 5)


def empty(editor: Editor, _random: Random, second: int) -> None:
    """A list of odds and ends is emptied."""
    if (playlist := editor.named("TMP", "Cabin")) is not None:
        editor.remove(playlist, range(len(playlist)), second)


def cut_by_mistake(editor: Editor, _random: Random, second: int) -> None:
    """A stretch of a list is gone, because somebody had selected it."""
    if (playlist := editor.named("Starred")) is not None:
        editor.gone[playlist.id] = editor.remove(playlist, range(3, min(34, len(playlist))), second)


def mend(editor: Editor, _random: Random, second: int) -> None:
    """What was cut by mistake is put back by hand."""
    if (playlist := editor.named("Starred")) is not None:
        editor.add(playlist, 3, editor.gone.pop(playlist.id, ()), second)


def delete(editor: Editor, _random: Random, _second: int) -> None:
    """A list is deleted, which takes it off the library."""
    if (playlist := editor.named("old phone", "Kids in the car")) is not None:
        editor.world.unlist(playlist.id)


def take_down(editor: Editor, _random: Random, _second: int) -> None:
    """A label takes an album's songs down, and another calls a song otherwise."""
    if (playlist := editor.named("Road trip")) is not None:
        uris = [entry.uri for entry in playlist.entries if entry.kind == "track" and entry.uri]
        for uri in uris[2:5]:
            editor.world.restrict_track(uri)
        editor.world.rename_track(uris[5], "Departures (Radio Edit)")


ONE_TIME_EVENTS: dict[int, tuple[Callable[[Editor, Random, int], None], ...]] = {
    4: (begin,),
    8: (call_otherwise,),
    11: (empty,),
    14: (cut_by_mistake,),
    15: (mend,),
    16: (take_down,),
    18: (delete,),
    20: (decide,),
    22: (begin_again,),
}
