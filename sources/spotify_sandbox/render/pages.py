"""Pages of entries: the endpoint that moves the bytes, so nothing here goes through an object of JSON."""

from sources.spotify_sandbox import timestamps
from sources.spotify_sandbox.entries import BARE, NOTHING, PLAIN
from sources.spotify_sandbox.paging import Page
from sources.spotify_sandbox.playlist import Playlist
from sources.spotify_sandbox.regimes import Rules
from sources.spotify_sandbox.render.fragments import Fragments, rehosted
from sources.spotify_sandbox.render.json import quoted
from sources.spotify_sandbox.render.users import added_by
from sources.spotify_sandbox.render.view import View
from sources.spotify_sandbox.world import World

_VIDEO = {PLAIN: b',"video_thumbnail":{"url":null}}', BARE: b',"video_thumbnail":null}'}


class Pages:
    """Writes pages of a world's playlists."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._fragments = Fragments(world)
        self._adders: dict[tuple[int, str], bytes] = {}

    def page(self, playlist: Playlist, page: Page, rules: Rules, view: View) -> bytes:
        """A page of entries: ``href items limit next offset previous total``."""
        entries = b",".join(self._entries(playlist, page, rules, view))
        head = f'{{"href":{quoted(page.href)},"items":['.encode()
        tail = (
            f'],"limit":{page.limit},"next":{quoted(page.next(len(playlist)))},"offset":{page.offset},'
            f'"previous":{quoted(page.previous())},"total":{len(playlist)}}}'
        )
        return b"".join((head, entries, tail.encode()))

    def _entries(self, playlist: Playlist, page: Page, rules: Rules, view: View) -> list[bytes]:
        rows = playlist.rows.slice(page.offset, page.offset + page.limit)
        fragments = self._fragments.many(rows.contents, view)
        names = [f'"{name}":'.encode() for name in rules.contents]
        adders = {by: self._adder(by, view.base) for by in set(rows.added_by)}
        entries = []
        kind = self._world.catalogue.kind
        columns = zip(rows.contents, fragments, rows.added_at, rows.added_by, rows.forms, strict=True)
        for number, fragment, at, by, form in columns:
            if form > 0:
                entries.append(rehosted(self._world.catalogue.recorded(form), view.base))
                continue
            added_at = b"null" if at == NOTHING else b'"%b"' % timestamps.written(at).encode()
            is_local = b"true" if number != NOTHING and kind(number) == "local" else b"false"
            contents = b",".join([name + fragment for name in names])
            entries.append(
                b'{"added_at":%b,"added_by":%b,"is_local":%b,"primary_color":null,%b%b'
                % (added_at, adders[by], is_local, contents, _VIDEO[form])
            )
        return entries

    def _adder(self, number: int, base: str) -> bytes:
        if number == NOTHING:
            return b"null"
        key = (number, base)
        if key not in self._adders:
            if len(self._adders) > 10_000:
                self._adders.clear()
            self._adders[key] = added_by(self._world.users[number], base).encode()
        return self._adders[key]
