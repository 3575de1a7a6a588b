"""What the users of a generated world do from week to week.

How much happens was measured on the weekly states of 87 real public playlists over two years, 43 of them of
users and 44 of Spotify's:

- A list of a user's changed in 8 weeks of 100, and a third of them never did; one of Spotify's in 63 of 100.
- A user who changed one added 4 items at most in half of the cases, and 30 in 3 of 100. In a third nothing was removed.
- Lists of new releases are replaced as a whole: 29.4 of 30 items a week, or 128.7 of 130. Kept-up ones replace 3 to 16
  of 100 items a week, those that grow slowly add one or two.
- Of what was removed from users' lists half had been there for four weeks at most; of Spotify's, one.
- 29 of 100 stays on Spotify's lists were returns, and hardly any on users'.
- 27 of 100 additions by users went into the first tenth of a list, 9 into the last. What stayed changed its order in 5
  weeks of 100, and in 60 on Spotify's.

Numbers of followers and popularity were not observed: how they change is made up.

So here: two lists of new finds are replaced each week, three are kept up, a dozen grow, shared ones grow by several
people, and the others rest. Beside them some things happen once: a list is begun, emptied, cut by mistake, deleted.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from sources.spotify_sandbox.errors import WorldError
from sources.spotify_sandbox.world import timestamps
from sources.spotify_sandbox.world.contents import Track
from sources.spotify_sandbox.world.entries import NOTHING
from sources.spotify_sandbox.world.listening import Listened, listening
from sources.spotify_sandbox.world.personal import TimeRange
from sources.spotify_sandbox.world.playlist import Playlist
from sources.spotify_sandbox.world.words import KEPT_UP, NEW_FINDS
from sources.spotify_sandbox.world.world import World
from sources.spotify_sandbox.worlds.generated_catalogue import GeneratedCatalogue
from sources.spotify_sandbox.worlds.one_time_events import ONE_TIME_EVENTS, Editor

DAY = 86_400
WEEK = 7 * DAY

GROWING = {
    *("Starred", "Road trip", "Songs I never skip", "Late night", "Coding (no lyrics)"),
    *("Songs to cry to 😭", "Dinner with friends", "Jazz & Rain", "To find", "Kaffeepause", "Mixtape for Mara"),
    *("Moving house", "Winter walks"),
}

_MOST = 50
"""Top items of a time range: one page."""
_DAYS: dict[TimeRange, int] = {"short_term": 28, "medium_term": 180, "long_term": 365}
_MOVING = 60
"""Tracks whose popularity changes in a week."""
_A_DAY = 0.8
_BUSY = 9
"""In one of this many weeks twice as much is played, more than Spotify's history holds."""


Action = Literal["added", "removed"]


@dataclass(frozen=True, slots=True)
class Event:
    """An addition or a removal: when, which item, and when it had been added."""

    second: int
    playlist_id: str
    action: Action
    uri: str | None
    added_at: str | None


class Weeks:
    """A generated world that goes on, the same for the same world and seed.

    Attributes:
        now: until when it has gone on.
        events: what came and went, in the order in which it did.
        heard: what the signed-in user listened to, from a year before the world began.

    Raises:
        WorldError: the world was not generated.
    """

    def __init__(self, world: World, seed: int = 1) -> None:
        if not isinstance(world.catalogue, GeneratedCatalogue):
            message = "only generated worlds go on by themselves"
            raise WorldError(message)
        self.world, self.seed, self.number = world, seed, 0
        self.catalogue = world.catalogue
        self.now = int(world.began.timestamp())
        self.events: list[Event] = []
        self._gone: dict[str, list[int]] = {}
        for playlist in world.listed():
            if playlist.name in NEW_FINDS and len(playlist):
                self._replace(playlist, self._random_of(playlist.id), self.now - 2 * DAY)
        self.events.clear()
        taste = world.personal(world.me.id).taste
        past = (self.now - 365 * DAY) * 1000, self.now * 1000
        self.heard: list[Listened] = list(listening(world, taste, self._random_of("past"), *past, _A_DAY))
        self._remember(self.heard)

    def go_on(self) -> datetime:
        """Simulate a week, and return its end."""
        with self.world.lock:
            self.number += 1
            since, until = self.now, self.now + WEEK
            editor = Editor(self.world, self._gone, self._add, self._remove, self._finds)
            for event in ONE_TIME_EVENTS.get(self.number, ()):
                event(editor, self._random_of("once", event.__name__), since + 3 * DAY)
            for playlist in list(self.world.listed()):
                if playlist.is_readable and len(playlist):
                    self._manner(playlist)(playlist, self._random_of(playlist.id), since)
            self._listen(since, until)
            self._like(since, until)
            self._follow()
            self.now = until
            self.events.sort(key=lambda event: event.second)
        return timestamps.EPOCH + timedelta(seconds=until)

    def _random_of(self, *parts: str) -> Random:
        return Random("/".join((str(self.seed), str(self.number), *parts)))  # noqa: S311 (the same every time)

    def _manner(self, playlist: Playlist) -> Callable[[Playlist, Random, int], None]:
        if playlist.name in NEW_FINDS:
            return lambda replaced, random, since: self._replace(replaced, random, since + 5 * DAY)
        if playlist.name in KEPT_UP:
            return self._keep_up
        if playlist.collaborative:
            return self._share
        return self._grow if playlist.name in GROWING else self._rest

    def _replace(self, playlist: Playlist, random: Random, second: int) -> None:
        """Replaces a whole list of new finds by releases of the last two weeks, or else by any tracks."""
        size, held = 25, set(playlist.rows.contents)
        out = self.catalogue.releases.between(second - 14 * DAY, second) if playlist.name == "New on Fridays" else ()
        sold = [number for number in self._sold(out) if number not in held]
        fresh = random.sample(sold, min(len(sold), size))
        self._remove(playlist, range(len(playlist)), second)
        self._add(playlist, 0, fresh or self._finds(random, second, size, held), second)

    def _keep_up(self, playlist: Playlist, random: Random, since: int) -> None:
        """Some items are removed, others inserted at the top, a quarter of which had been there before."""
        second = since + random.randrange(WEEK)
        gone = self._gone.setdefault(playlist.id, [])
        count = max(2, int(len(playlist) * random.uniform(0.03, 0.16)))
        back = [gone.pop(random.randrange(len(gone))) for _ in range(count // 4) if len(gone) > count]
        gone += self._remove(playlist, random.sample(range(len(playlist)), min(count, len(playlist))), second - 1)
        fresh = self._finds(random, second, count - len(back), set(playlist.rows.contents))
        self._add(playlist, 0, back + fresh, second)
        if len(playlist) > 8 and random.random() < 0.6:
            playlist.move(random.randrange(len(playlist) // 2), len(playlist), 2)

    def _grow(self, playlist: Playlist, random: Random, since: int) -> None:
        """One to four items are added in most weeks, and sometimes one is removed."""
        if random.random() < 0.12:
            newest = range(max(0, len(playlist) - 30), len(playlist))
            self._remove(playlist, [random.choice(newest)], since + random.randrange(WEEK))
        if random.random() < 0.4:
            second = since + random.randrange(WEEK)
            found = self._finds(random, second, random.choice((1, 1, 2, 3, 4, 12)), set(playlist.rows.contents))
            self._add(playlist, 0 if random.random() < 0.3 else len(playlist), found, second)

    def _share(self, playlist: Playlist, random: Random, since: int) -> None:
        """Somebody adds something, and somebody else, too."""
        people = sorted({by for entry in playlist.entries if (by := entry.added_by)} | {playlist.owner})
        for _ in range(random.choice((0, 1, 1, 2, 3)) if random.random() < 0.5 else 0):
            second = since + random.randrange(WEEK)
            found = self._finds(random, second, random.randint(1, 3), set(playlist.rows.contents))
            self._add(playlist, len(playlist), found, second, random.choice(people))

    def _rest(self, playlist: Playlist, random: Random, since: int) -> None:
        """Hardly anything happens."""
        if random.random() < 0.01:
            self._remove(playlist, [random.randrange(len(playlist))], since + random.randrange(WEEK))
        elif random.random() < 0.02:
            second = since + random.randrange(WEEK)
            self._add(playlist, len(playlist), self._finds(random, second, 2, set(playlist.rows.contents)), second)

    def _finds(self, random: Random, second: int, count: int, held: set[int]) -> list[int]:
        """Tracks that were released by a time and are not on a list yet, half of them in the last half year."""
        found: dict[int, None] = {}
        lately = self.catalogue.releases.between(second - 180 * DAY, second)
        for _ in range(20 * count):
            if len(found) == count:
                break
            new = lately and random.random() < 0.5
            number = random.choice(lately) if new else self.catalogue.releases.pick(random, second)
            if number not in held:
                found |= dict.fromkeys(self._sold([number]))
        return list(found)

    def _sold(self, numbers: Sequence[int]) -> list[int]:
        contents = ((number, self.world.content(number)) for number in numbers)
        return [number for number, each in contents if isinstance(each, Track) and each.markets.codes]

    def _add(
        self, playlist: Playlist, position: int, numbers: Sequence[int], second: int, by: str | None = None
    ) -> None:
        if numbers:
            added_at, uris = timestamps.written(second), [self.catalogue.uri(number) for number in numbers]
            playlist.insert(position, uris, added_by=by or playlist.owner, added_at=added_at)
            self.events += [Event(second, playlist.id, "added", uri, added_at) for uri in uris]

    def _remove(self, playlist: Playlist, positions: Sequence[int], second: int) -> list[int]:
        """Takes entries out, and gives the numbers of the tracks among them."""
        gone = [playlist.rows.contents[place] for place in positions]
        numbers = [number for number in gone if number != NOTHING and self.catalogue.kind(number) == "track"]
        for entry in playlist.remove(positions):
            self.events.append(Event(second, playlist.id, "removed", entry.uri, entry.added_at))
        return numbers

    def _listen(self, since: int, until: int) -> None:
        pace = 2 * _A_DAY if self.number % _BUSY == 0 else _A_DAY
        taste = self.world.personal(self.world.me.id).taste
        new = list(listening(self.world, taste, self._random_of("heard"), since * 1000, until * 1000, pace))
        self.heard += new
        self._remember(new)

    def _remember(self, new: list[Listened]) -> None:
        """Sets the player's history and the top items."""
        personal = self.world.personal(self.world.me.id)
        personal.player.history.extendleft(each.play for each in new)
        end = self.heard[-1].ended_at if self.heard else 0
        for time_range, days in _DAYS.items():
            plays = Counter(each.content for each in self.heard if each.ended_at > end - days * DAY * 1000)
            if plays:
                personal.top[time_range] = [number for number, _ in plays.most_common(_MOST)]

    def _follow(self) -> None:
        """Public playlists gain followers, most of all those that are kept up; popularity moves up and down."""
        self.catalogue.works.weeks = self.number
        for playlist in self.world.listed():
            if playlist.public and playlist.owner == self.world.me.id:
                random = self._random_of("followed", playlist.id)
                busy = playlist.name in {*NEW_FINDS, *KEPT_UP}
                gained = random.choice((0, 1, 2, 3, 5, 9) if busy else (-1, 0, 0, 0, 0, 1))
                playlist.set_followers(max(playlist.followers + gained, 0))
        random = self._random_of("known")
        for number in dict.fromkeys(random.choice(self.heard).content for _ in range(_MOVING)):
            track = self.world.content(number)
            if isinstance(track, Track):
                moved = min(max(track.popularity + random.randint(-2, 4), 0), 100)
                self.world.set_popularity(self.catalogue.uri(number), moved)

    def _like(self, since: int, until: int) -> None:
        """Some played tracks are saved, some albums too, and artists are followed; one is removed."""
        random, library = self._random_of("liked"), self.world.library
        new = [each for each in self.heard if each.ended_at > since * 1000]
        for each in random.sample(new, min(len(new), random.randint(1, 6))):
            track = self.world.content(each.content)
            if isinstance(track, Track):
                library.save("track", track.id, each.ended_at // 1000)
                if random.random() < 0.15:
                    library.save("album", track.album.id, each.ended_at // 1000)
                if random.random() < 0.15:
                    library.save("artist", track.artists[0].id, each.ended_at // 1000)
        if random.random() < 0.4:
            old = [item_id for item_id, second in library.listed("track") if second < until - 30 * DAY]
            library.remove("track", random.choice(old))
