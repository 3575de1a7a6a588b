"""Worlds in files: one file holds a generated world and all edits.

The format, version 2: the line ``playlake world 2``, then one zlib stream of

- four bytes, little-endian: the length of what follows next;
- JSON, a ``_Header``: the numbers that the catalogue is made from, users, edits, what belongs to single users, and for
each playlist all data except its entries;
- the entries of all playlists in the order of the header, behind each playlist's those that ``evolve`` may put back:
  of each block first all contents (4 bytes each), then all ``added_at`` (8), all ``added_by`` (4) and all forms (4),
  signed and little-endian. A million entries are 20 MB, half of that in the file.

Contents are not in the file but made from their numbers again. A digest of some of them tells whether they come out as
they were: a version of this package that makes up other tracks refuses the file. What is forgotten is which positions
an earlier snapshot had, and who is signed in.
"""

import sys
import zlib
from array import array
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from sources.spotify_sandbox.errors import WorldError
from sources.spotify_sandbox.render.fragments import rendered
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world import timestamps
from sources.spotify_sandbox.world.catalogue import Catalogue, Edit
from sources.spotify_sandbox.world.entries import Rows
from sources.spotify_sandbox.world.library import Kind
from sources.spotify_sandbox.world.markets import Markets, markets
from sources.spotify_sandbox.world.personal import TimeRange
from sources.spotify_sandbox.world.player import Playback
from sources.spotify_sandbox.world.playlist import Playlist, rows_of
from sources.spotify_sandbox.world.timestamps import Clock
from sources.spotify_sandbox.world.users import User
from sources.spotify_sandbox.world.world import World
from sources.spotify_sandbox.worlds.generated_catalogue import GeneratedCatalogue

MAGIC = b"playlake world "
VERSION = 2

_ENTRY = 20
"""Size of an entry in bytes."""


class _Catalogue(msgspec.Struct):
    seed: int
    tracks: int
    episodes: int
    files: int
    digest: str
    newest: datetime = timestamps.BEGINNING


class _Edit(msgspec.Struct):
    number: int
    name: str | None
    popularity: int | None
    markets: list[str] | None


class _Playlist(msgspec.Struct):
    id: str
    name: str
    owner: str
    description: str | None
    public: bool | None
    collaborative: bool
    images: bytes
    primary_color: str | None
    followers: int
    snapshot_id: str
    entries: int
    removed: list[int]


class _Personal(msgspec.Struct):
    listing: list[str | None]
    saved: dict[Kind, dict[str, int]]
    player: Playback
    top: dict[TimeRange, list[int]]


class _Header(msgspec.Struct):
    catalogue: _Catalogue
    users: list[User]
    edits: list[_Edit]
    playlists: list[_Playlist]
    listing: list[str | None]
    created: int
    pictures: dict[str, bytes]
    personals: dict[str, _Personal]
    began: datetime = timestamps.BEGINNING


def save_world(world: World, path: Path) -> None:
    """Write a world to a file, atomically.

    Raises:
        WorldError: The world was not generated, or the file cannot be written.
    """
    content = packed(world)
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror}"
        raise WorldError(message) from None


def packed(world: World) -> bytes:
    """A world as the content of a file.

    Raises:
        WorldError: The world was not generated.
    """
    with world.lock:
        catalogue = world.catalogue
        if not isinstance(catalogue, GeneratedCatalogue):
            message = "only generated worlds can be saved: others are in the files they were loaded from"
            raise WorldError(message)
        made = (catalogue.seed, catalogue.tracks, catalogue.episodes, catalogue.files)
        numbers = _Catalogue(*made, _digest(catalogue), catalogue.newest)
        blocks: list[Rows] = []
        playlists = [_playlist(world, playlist, blocks) for playlist in world.playlists.values()]
        edits = [_edit(number, edit) for number, edit in world.edits.items()]
        users = list(world.users)
        personals = {
            user_id: _Personal(personal.listing, personal.library.saved, personal.player.playback(), personal.top)
            for user_id, personal in world.personals.items()
        }
        rest = (world.listing, world.created, world.pictures, personals, world.began)
        header = _Header(numbers, users, edits, playlists, *rest)
        head = msgspec.json.encode(header)
        stream = zlib.compressobj(level=1)
        parts = [b"%b%d\n" % (MAGIC, VERSION), stream.compress(len(head).to_bytes(4, "little") + head)]
        parts += [stream.compress(_bytes(block)) for block in blocks]
        return b"".join([*parts, stream.flush()])


def is_saved(path: Path) -> bool:
    """Whether a file holds a saved world, of whatever version."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def load_saved(path: Path, clock: Clock) -> World:
    """The world that ``save_world`` wrote.

    Raises:
        WorldError: The file is damaged, of another version, or of tracks that this version makes otherwise.
    """
    try:
        return unpacked(path.read_bytes(), clock)
    except WorldError as error:
        message = f"{path}: {error}"
        raise WorldError(message) from None


def unpacked(content: bytes, clock: Clock) -> World:
    """The world that ``packed`` wrote; the errors are those of ``load_saved``."""
    line, _, stream = content.partition(b"\n")
    if line != b"%b%d" % (MAGIC, VERSION):
        found = "a world of another version" if line.startswith(MAGIC) else "no saved world"
        message = f"this is {found}: the file must begin with {(MAGIC + b'%d' % VERSION).decode()!r}"
        raise WorldError(message)
    try:
        body = zlib.decompress(stream)
        length = int.from_bytes(body[:4], "little")
        header = msgspec.json.decode(body[4 : 4 + length], type=_Header)
    except (zlib.error, msgspec.MsgspecError) as error:
        message = f"this saved world is damaged: {error}"
        raise WorldError(message) from None
    return _world(header, memoryview(body)[4 + length :], clock)


def _world(header: _Header, body: memoryview, clock: Clock) -> World:
    made = header.catalogue
    entries = sum(playlist.entries + sum(playlist.removed) for playlist in header.playlists)
    if len(body) != entries * _ENTRY or not header.users:
        message = f"this saved world is damaged: {entries} entries in {len(body)} bytes"
        raise WorldError(message)
    catalogue = GeneratedCatalogue(made.seed, made.tracks, made.episodes, made.files, made.newest)
    if _digest(catalogue) != made.digest:
        message = "this world was saved by another version of playlake, which made up other tracks"
        raise WorldError(message)
    world = World(catalogue, header.users[0], clock=clock, began=header.began)
    for user in header.users:
        world.users.add(user)
    for edit in header.edits:
        codes = None if edit.markets is None else markets(tuple(edit.markets))
        world.edits[edit.number] = Edit(edit.name, edit.popularity, codes)
    for saved in header.playlists:
        body = _restore(world, saved, body)
    world.listing, world.created, world.pictures = header.listing, header.created, header.pictures
    for user_id, personal in header.personals.items():
        own = world.personal(user_id)
        own.listing[:], own.library.saved = personal.listing, personal.saved
        own.player.restore(personal.player)
        own.top = personal.top
    return world


def _playlist(world: World, playlist: Playlist, blocks: list[Rows]) -> _Playlist:
    """What the header says of a playlist, whose entries go to the end of ``blocks``."""
    removed = [rows_of(world, entries) for entries in playlist.removed]
    blocks += [playlist.rows, *removed]
    return _Playlist(
        id=playlist.id,
        name=playlist.name,
        owner=playlist.owner,
        description=playlist.description,
        public=playlist.public,
        collaborative=playlist.collaborative,
        images=playlist.images,
        primary_color=playlist.primary_color,
        followers=playlist.followers,
        snapshot_id=playlist.snapshot_id,
        entries=len(playlist),
        removed=list(map(len, removed)),
    )


def _restore(world: World, saved: _Playlist, body: memoryview) -> memoryview:
    """Restore a playlist, and return the bytes after its entries."""
    playlist = Playlist(world, saved.id, saved.name, saved.owner, snapshot_id=saved.snapshot_id)
    playlist.description, playlist.public = saved.description, saved.public
    playlist.collaborative, playlist.images = saved.collaborative, saved.images
    playlist.primary_color, playlist.followers = saved.primary_color, saved.followers
    rows, body = _read(body, saved.entries), body[saved.entries * _ENTRY :]
    for count in saved.removed:
        playlist.rows, body = _read(body, count), body[count * _ENTRY :]
        playlist.removed.append(playlist.entries)
    playlist.rows = rows
    world.playlists[saved.id] = playlist
    return body


def _edit(number: int, edit: Edit) -> _Edit:
    return _Edit(number, edit.name, edit.popularity, None if edit.markets is None else _codes(edit.markets))


def _codes(sold_in: Markets) -> list[str]:
    """The codes of a set in the order in which it is written."""
    return msgspec.json.decode(sold_in.json, type=list[str])


def _bytes(rows: Rows) -> bytes:
    columns = [rows.contents, rows.added_at, rows.added_by, rows.forms]
    if sys.byteorder == "big":
        columns = [array(column.typecode, column) for column in columns]
        for column in columns:
            column.byteswap()
    return b"".join(column.tobytes() for column in columns)


def _read(body: memoryview, count: int) -> Rows:
    rows, place = Rows(), 0
    for column in (rows.contents, rows.added_at, rows.added_by, rows.forms):
        size = column.itemsize * count
        column.frombytes(body[place : place + size])
        if sys.byteorder == "big":
            column.byteswap()
        place += size
    return rows


def _digest(catalogue: Catalogue) -> str:
    """A digest of some contents as they are written."""
    made = sha256()
    if isinstance(catalogue, GeneratedCatalogue):
        end = catalogue.tracks + catalogue.episodes + catalogue.files
        for number in range(0, end, max(1, end // 32)):
            made.update(rendered(catalogue.content(number), View("", episodes=True)))
    return made.hexdigest()
