"""Pages of entries: most of the traffic, so they are joined from rendered pieces and not from JSON objects."""

from sources.spotify_sandbox.accounts.api_modes import Rules
from sources.spotify_sandbox.render.fragments import Fragments, rehosted
from sources.spotify_sandbox.render.json import quoted
from sources.spotify_sandbox.render.paging import Page
from sources.spotify_sandbox.render.users import added_by
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world import timestamps
from sources.spotify_sandbox.world.entries import BARE, NOTHING, PLAIN
from sources.spotify_sandbox.world.playlist import Playlist
from sources.spotify_sandbox.world.world import World

_VIDEO = {PLAIN: b',"video_thumbnail":{"url":null}}', BARE: b',"video_thumbnail":null}'}


class Pages:
    """Writes pages of a world's playlists."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._fragments = Fragments(world)
        self._adders: dict[tuple[int, str], bytes] = {}

    def page(self, playlist: Playlist, page: Page, rules: Rules, view: View) -> bytes:
        """A page of entries: ``href items limit next offset previous total``."""
        head = f'{{"href":{quoted(page.href)},"items":['
        tail = (
            f'],"limit":{page.limit},"next":{quoted(page.next(len(playlist)))},"offset":{page.offset},'
            f'"previous":{quoted(page.previous())},"total":{len(playlist)}}}'
        )
        # One join: a page has some hundred kilobytes, and each copy would cost as much as all the rest.
        return b"".join((head.encode(), *self._entries(playlist, page, rules, view), tail.encode()))

    def prepare(self, view: View) -> None:
        """Render the contents of all playlists now: about 1.5 KB of memory each."""
        contents = {number for playlist in self._world.playlists.values() for number in playlist.rows.contents}
        self._fragments.prepare(sorted(contents), view)

    def _entries(self, playlist: Playlist, page: Page, rules: Rules, view: View) -> list[bytes]:
        """The entries of a page in pieces, with separators."""
        rows = playlist.rows.slice(page.offset, page.offset + page.limit)
        fragments = self._fragments.many(rows.contents, view)
        first, *others = [f'"{name}":'.encode() for name in rules.contents]
        adders = {by: self._adder(by, view.base) for by in set(rows.added_by)}
        catalogue = self._world.catalogue
        pieces: list[bytes] = []
        columns = zip(rows.contents, fragments, rows.added_at, rows.added_by, rows.forms, strict=True)
        for number, fragment, at, by, form in columns:
            if form > 0:
                pieces += (rehosted(catalogue.recorded(form), view.base), b",")
                continue
            added_at = b"null" if at == NOTHING else b'"%b"' % timestamps.written(at).encode()
            is_local = b"true" if number != NOTHING and catalogue.kind(number) == "local" else b"false"
            pieces.append(
                b'{"added_at":%b,"added_by":%b,"is_local":%b,"primary_color":null,%b'
                % (added_at, adders[by], is_local, first)
            )
            pieces += fragment
            for name in others:
                pieces += (b",", name, *fragment)
            pieces += (_VIDEO[form], b",")
        return pieces[:-1]

    def _adder(self, number: int, base: str) -> bytes:
        if number == NOTHING:
            return b"null"
        key = (number, base)
        if key not in self._adders:
            if len(self._adders) > 10_000:
                self._adders.clear()
            self._adders[key] = added_by(self._world.users[number], base).encode()
        return self._adders[key]
