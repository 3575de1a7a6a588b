"""Random edits of two users' libraries and follows, and syncs: after each, the views must be what the users see.

`PLAYLAKE_MODEL_STEPS` says how many steps to take, as for playlists; by default they are few and always the same.
"""

import os
from random import Random

from tests.model.library_stage import COLLECTIONS, Entry, Lake, Library

STEPS = int(os.environ.get("PLAYLAKE_MODEL_STEPS", "60"))
IS_LONG = "PLAYLAKE_MODEL_STEPS" in os.environ
STEPS_OF_A_WORLD = min(STEPS, 300)
MANY = 120


class Editor:
    """Somebody who saves, removes and follows, at random."""

    def __init__(self, random: Random, library: Library) -> None:
        self.random, self.library = random, library
        self._second, self._number = 1_800_000_000, 0
        self.is_deep: set[str] = set()
        self.is_doubted: set[str] = set()
        for name in COLLECTIONS:
            for _ in range(MANY):
                self.save(name)

    def step(self) -> None:
        """One edit of one collection."""
        name = self.random.choice(list(COLLECTIONS))
        edits = (self.save, self.save, self.remove, self.remove, self.fill, self.again, self.date_back, self.clear)
        self.random.choices(edits, (30, 10, 30, 10, 6, 12, 4, 2))[0](name)

    def _entry(self, name: str) -> tuple[str, int | None]:
        self._number += 1
        # Several in one second are common.
        self._second += self.random.randrange(2)
        uri = f"spotify:{COLLECTIONS[name]}:{self.library.user_id}{self._number}"
        return uri, self._second if name == "tracks" else None

    def save(self, name: str) -> None:
        """Something new, on top."""
        self.library.entries[name].insert(0, self._entry(name))

    def fill(self, name: str) -> None:
        """Much that is new."""
        if len(self.library.entries[name]) < MANY:
            for _ in range(self.random.randrange(60)):
                self.save(name)

    def remove(self, name: str) -> None:
        """Something, anywhere."""
        entries = self.library.entries[name]
        if entries:
            del entries[self.random.randrange(len(entries))]

    def again(self, name: str) -> None:
        """Something is removed and saved again, now, or was on the list all the time."""
        entries = self.library.entries[name]
        if entries:
            uri, second = entries.pop(self.random.randrange(len(entries)))
            entries.insert(0, (uri, second and self._entry(name)[1]))

    def date_back(self, name: str) -> None:
        """Something is saved with a time in the past, and lies deep in the list."""
        uri, second = self._entry(name)
        entries = self.library.entries[name]
        place = self.random.randrange(len(entries) + 1)
        after = entries[place][1] if place < len(entries) else 1_000_000_000
        entries.insert(place, (uri, second and (after or second)))
        self.is_deep.add(name)

    def clear(self, name: str) -> None:
        """All of it."""
        self.library.entries[name].clear()


def test_libraries_against_what_users_see() -> None:
    """Whatever is saved, dated back, removed, saved again, cleared and changed while it is read, by whom it may be."""
    syncs, outcomes = 0, set[str]()
    for seed in range(-(-STEPS // STEPS_OF_A_WORLD)):
        random = Random() if IS_LONG else Random(seed)
        lake = Lake()
        editors = [Editor(random, Library(user_id)) for user_id in ("one", "two")]
        for _ in range(STEPS_OF_A_WORLD):
            editor = random.choice(editors)
            editor.step()
            if random.random() < 0.25:
                syncs += 1
                synced(random, lake, editor)
        lake.check_history()
        lake.connection.close()
        outcomes |= lake.outcomes.keys()
    assert outcomes <= {"read", "unchanged", "kept_back", "changed_while_reading"}
    assert "read" in outcomes
    assert syncs > STEPS / 10


class Disturbance:
    """What happens to a collection just before one of its pages is answered, or before several.

    Attributes:
        name: of the collection.
        states: of it, after each edit.
    """

    def __init__(self, random: Random, editor: Editor) -> None:
        self._editor, self._random = editor, random
        self.name, self.states = random.choice(list(COLLECTIONS)), list[list[Entry]]()
        self._pages = set(range(1, 20) if random.random() < 0.2 else [random.randrange(1, 6)])
        self._page = 0

    def __call__(self, name: str) -> None:
        """Edits, if it is the turn of that page."""
        if name == self.name:
            self._page += 1
            if self._page in self._pages:
                self._random.choice((self._editor.save, self._editor.remove, self._editor.again))(name)
                self.states.append(list(self._editor.library.entries[name]))


def synced(random: Random, lake: Lake, editor: Editor) -> None:
    """A sync, now and then of all, or one that somebody disturbs; then a look at every collection, and once more."""
    library, full = editor.library, random.random() < 0.2
    before = {name: list(entries) for name, entries in library.entries.items()}
    disturbance = Disturbance(random, editor)
    if random.random() < 0.4:
        library.before_page = disturbance
    known = {name: lake.shown(library.user_id, name) for name in COLLECTIONS}
    outcomes = lake.sync(library, full=full)
    library.before_page = lambda _: None
    for name, entries in library.entries.items():
        shown, allowed = lake.shown(library.user_id, name), [before[name], entries]
        allowed += disturbance.states if name == disturbance.name else []
        if known[name] and not (before[name] or entries or name in editor.is_doubted):
            assert outcomes[name] == "kept_back"
        editor.is_doubted -= {name}
        if outcomes[name] == "kept_back":
            editor.is_doubted.add(name)
        if outcomes[name] in ("kept_back", "changed_while_reading"):
            allowed = [known[name]]
        elif name in editor.is_deep and not full and name != "artists":
            # What lies deep is only found where the total tells, or by a reading of all.
            allowed = [shown]
        assert shown in allowed, (name, outcomes[name])
        lake.believe(library.user_id, name)
        if full and outcomes[name] != "kept_back" and shown == entries:
            editor.is_deep.discard(name)
    if all(lake.shown(library.user_id, name) == entries for name, entries in library.entries.items()):
        unchanged(lake, library)


def unchanged(lake: Lake, library: Library) -> None:
    """A second sync of what is the same writes nothing, and asks for one page of each, and all of the follows."""
    rows = lake.rows()
    library.asked.clear()
    lake.sync(library)
    assert lake.rows() == rows
    pages = max(-(-len(library.entries["artists"]) // 50), 1)
    assert library.asked == dict.fromkeys(("tracks", "albums", "episodes", "shows", "audiobooks"), 1) | {
        "artists": pages
    }
