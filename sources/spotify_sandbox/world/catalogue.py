"""The contents that entries refer to by number, and the changes that edits made to them."""

from dataclasses import dataclass, replace
from random import Random
from typing import Protocol
from urllib.parse import quote_plus

from sources.spotify_sandbox.errors import WorldError
from sources.spotify_sandbox.world.contents import Content, Episode, Kind, LocalFile, Track
from sources.spotify_sandbox.world.markets import Markets
from sources.spotify_sandbox.world.works import Works


class Catalogue(Protocol):
    """Everything that can be on a playlist of a world."""

    def find(self, uri: str) -> int | None:
        """The number of the content with a URI."""

    def uri(self, index: int) -> str | None:
        """The URI of a content; None for an episode that is gone."""

    def kind(self, index: int) -> Kind:
        """The kind of a content."""

    def content(self, index: int) -> Content:
        """The content itself, made on demand."""

    def pick(self, random: Random) -> int:
        """A random content for an addition."""

    def recorded(self, form: int) -> bytes:
        """The JSON of recorded entry number ``form``."""

    @property
    def works(self) -> Works:
        """The albums, artists, shows and audiobooks around the contents."""


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of a content in the catalogue."""

    name: str | None = None
    popularity: int | None = None
    markets: Markets | None = None


def edited(content: Content, edit: Edit) -> Content:
    """A content after an edit."""
    if isinstance(content, Episode):
        return replace(content, name=edit.name if edit.name is not None else content.name)
    if not isinstance(content, Track):
        message = "only tracks and episodes can be edited, not local files or recorded answers"
        raise WorldError(message)
    return replace(
        content,
        name=edit.name if edit.name is not None else content.name,
        popularity=edit.popularity if edit.popularity is not None else content.popularity,
        markets=edit.markets if edit.markets is not None else content.markets,
    )


def local_uri(file: LocalFile) -> str:
    """The URI of a local file: its tags, quoted as in a form (recorded: ``vril::torus+xxxii:233``)."""
    parts = (file.artist, file.album, file.title)
    return "spotify:local:" + ":".join(map(quote_plus, parts)) + f":{file.seconds}"
