"""Generated worlds: a whole library that follows from a seed."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from sources.spotify_sandbox.errors import WorldError
from sources.spotify_sandbox.render.json import image
from sources.spotify_sandbox.world import ids, snapshot_ids
from sources.spotify_sandbox.world.playlist import Playlist
from sources.spotify_sandbox.world.timestamps import BEGINNING, Clock, standing
from sources.spotify_sandbox.world.users import User
from sources.spotify_sandbox.world.words import CHANGING, DESCRIPTIONS, EDITED, EDITORIAL, PLAYLISTS, TOPICS
from sources.spotify_sandbox.world.world import World
from sources.spotify_sandbox.worlds.generated_catalogue import GeneratedCatalogue
from sources.spotify_sandbox.worlds.generated_entries import Habits, entries, oddities

ME = User("thilda.ek", "Thilda Ek", "SE", 21, "8546569a64d252247acb1491")
SPOTIFY = User("spotify", "Spotify")
OTHERS = (
    User("marcel#spotify", "Marcel"),
    User("[sop]rocky", "$op rocky"),
    User("whytho?", "why tho?"),
    User("musik_españa", "Música España 🇪🇸"),
    User("31k7xq2m5w6zr4tbn3yd", "Björn"),
    User("1199287766", None),
)
NOBODY = User("", None)

_YEAR = 365 * 86_400
_YEAR_IN_A_NAME = re.compile(r"(?:\b20|')(\d\d)\b")
"""Playlists with these names were filled in that year."""

MOST = 11_000
"""Maximum number of entries of a playlist that Spotify still serves."""


@dataclass(frozen=True, slots=True)
class Role:
    """How a playlist relates to the signed-in user."""

    owner: User
    collaborative: bool = False

    @property
    def is_readable(self) -> bool:
        """Whether a development app may read the contents."""
        return self.owner is ME or self.collaborative


def generate(
    seed: int = 1,
    playlists: int = 80,
    items: int = 15_000,
    *,
    null_playlists: int = 0,
    clock: Clock = standing,
    began: datetime = BEGINNING,
    to_come: timedelta = timedelta(0),
) -> World:
    """A world with a number of playlists and a total number of entries.

    About an eighth of the playlists belong to others and are followed, some of them to Spotify; a twelfth is
    collaborative. ``null_playlists`` adds that many ``null`` elements to ``GET /me/playlists``.

    Its generated past ends at ``began``; nothing is on a playlist or in a library before its release. Music is released
    until ``to_come`` after that, so that there is something new when the world goes on.

    Most lists are as long as real ones of users, of which 43 had 42 to 585 items and half of them 56 to 99; others
    are longer, empty, or just a page.
    """
    if playlists < 0 or items < 0 or items > playlists * MOST:
        message = f"{playlists} playlists cannot hold {items} items: {MOST} is the most that one can"
        raise WorldError(message)
    random = Random(seed)  # noqa: S311 - the same seed must give the same world
    catalogue = GeneratedCatalogue(
        seed, max(40, items * 6 // 10), max(6, items // 200), max(8, items // 300), newest=began + to_come
    )
    world = World(catalogue, ME, clock=clock, began=began)
    for user in (NOBODY, SPOTIFY, *OTHERS):
        world.users.add(user)
    roles = [_role(number, playlists) for number in range(playlists)]
    for number, (role, size) in enumerate(zip(roles, _sizes(random, roles, items), strict=True)):
        playlist = _playlist(world, seed, number, role)
        _fill(world, catalogue, playlist, Random(f"{seed}/{number}"), size)  # noqa: S311 - as above
    order = list(world.playlists)
    random.shuffle(order)
    world.listing = [*order]
    for _ in range(null_playlists):
        world.listing.insert(random.randrange(len(world.listing) + 1), None)
    return world


def _role(number: int, playlists: int) -> Role:
    other = OTHERS[number // 16 % len(OTHERS)]
    if playlists < 8:
        return Role(SPOTIFY if number == 5 else other if number == 3 else ME, collaborative=number == 4)
    if number % 16 == 7:
        return Role(SPOTIFY)
    if number % 16 == 11:
        return Role(other)
    return Role(other if number % 24 == 13 else ME, collaborative=number % 12 == 1)


def _sizes(random: Random, roles: list[Role], items: int) -> list[int]:
    """Entries for each playlist, from none to 5,000 and more, ``items`` in all; those of others are short."""
    sizes = [0 if role.is_readable else min(random.randint(20, 150), items // (4 * len(roles))) for role in roles]
    rest = items - sum(sizes)
    open_to = [number for number, role in enumerate(roles) if role.is_readable]
    if not open_to:
        return sizes
    fixed = [size for size in (0, 1, 100, 101, 50, 250) if size * 4 <= rest][: max(0, len(open_to) - 2)]
    for number, size in zip(open_to[2:], fixed, strict=False):
        sizes[number] = size
        rest -= size
    free = [number for number in open_to if number not in open_to[2 : 2 + len(fixed)]]
    sizes[free[0]] = min(5_000, rest // 3) if len(free) > 1 else rest
    rest -= sizes[free[0]]
    weights = [random.lognormvariate(0, 0.9) for _ in free[1:]]
    for number, weight in zip(free[1:], weights, strict=True):
        sizes[number] = min(MOST, int(rest * weight / sum(weights)))
    # Rounding leaves a few entries over, and in a crowded world the longest playlists many.
    left = items - sum(sizes)
    for number in sorted(range(len(roles)), key=lambda number: (not roles[number].is_readable, number < 8)):
        more = min(left, MOST - sizes[number])
        sizes[number] += more
        left -= more
    return sizes


def _playlist(world: World, seed: int, number: int, role: Role) -> Playlist:
    random = Random(f"{seed}:{number}")  # noqa: S311 - the same seed must give the same world
    editorial = role.owner is SPOTIFY
    drawn = ids.derive("playlist", seed, number)
    playlist_id = "37i9dQZF1" + drawn[9:] if editorial else drawn
    name = PLAYLISTS[number % len(PLAYLISTS)]
    again = number // len(PLAYLISTS)
    playlist = Playlist(world, playlist_id, f"{name} {again + 1}" if again else name, role.owner.id)
    playlist.collaborative = role.collaborative
    playlist.public = role.collaborative or role.owner is not ME or random.random() < 0.8
    playlist.description = random.choice(DESCRIPTIONS)
    playlist.followers = int(random.paretovariate(0.5)) % 5_000_000 if editorial else random.choice((0, 0, 0, 1, 12))
    playlist.images = _images(random, editorial)
    revision = random.randint(2, 40) * random.choice((1, 1, 60))
    if editorial:
        playlist.name = random.choice(EDITED)
        playlist.description = random.choice(EDITORIAL).format(*random.sample(TOPICS, 2))
        playlist.primary_color = random.choice(("#ffffff", "#2d46b9"))
        # Generated lists count in seconds since 1970.
        revision = int(world.began.timestamp()) - random.randint(0, 604_800)
    if random.random() < 0.05:
        playlist.description = None
    playlist.snapshot_id = snapshot_ids.make(revision, seed, playlist_id)
    world.playlists[playlist_id] = playlist
    return playlist


def _images(random: Random, editorial: bool) -> bytes:
    sort = random.random()
    hashes = ["ab67616d00001e02" + f"{random.getrandbits(96):024x}" for _ in range(4)]
    if editorial:
        images = [image(f"https://i.scdn.co/image/ab67706f00000002{hashes[0][16:]}", None)]
    elif sort < 0.08:
        return b"null"
    elif sort < 0.12:
        return b"[]"
    elif sort < 0.35:
        images = [image(f"https://image-cdn-ak.spotifycdn.com/image/ab67706c0000da84{hashes[0][16:]}", None)]
    elif sort < 0.5:
        images = [image(f"https://i.scdn.co/image/{hashes[0]}", None)]
    else:
        images = [image(f"https://mosaic.scdn.co/{size}/{''.join(hashes)}", size) for size in (640, 300, 60)]
    return f"[{','.join(images)}]".encode()


def _fill(world: World, catalogue: GeneratedCatalogue, playlist: Playlist, random: Random, size: int) -> None:
    adders = [world.users.number(playlist.owner)]
    if playlist.collaborative:
        adders += [world.users.number(user.id) for user in (ME, *OTHERS[:3])]
    if playlist.owner == SPOTIFY.id:
        adders = [world.users.number("")]
    last = int(world.began.timestamp()) - 86_400
    # Long playlists have grown over a longer time.
    first = last - int(12 * _YEAR * max(random.random() ** 1.5, min(1, size / 1_000)))
    if playlist.name in CHANGING:
        first = last - _YEAR // 6
    if (named := _YEAR_IN_A_NAME.search(playlist.name)) is not None:
        first = int(datetime(2000 + int(named[1]), 3, 1, tzinfo=UTC).timestamp())
        last = min(last, first + 3 * _YEAR // 4)
    habits = Habits(adders=adders, first=min(first, last), last=last, at_once=playlist.owner == SPOTIFY.id)
    playlist.rows = entries(random, catalogue, size, habits)
    if size >= 30 and playlist.is_readable:
        oddities(random, playlist.rows, catalogue, world.users.number(""))
