"""The albums, artists, shows and audiobooks of a generated world, each generated from its number on demand."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from sources.spotify_sandbox.world import ids
from sources.spotify_sandbox.world.contents import (
    VARIOUS,
    Album,
    Audiobook,
    Chapter,
    Episode,
    Performer,
    Release,
    Show,
    Track,
)
from sources.spotify_sandbox.world.markets import EVERYWHERE, markets
from sources.spotify_sandbox.world.search_index import SearchIndex
from sources.spotify_sandbox.world.words import PEOPLE, PUBLISHERS, Draw
from sources.spotify_sandbox.world.works import AlbumGroup, by_group

if TYPE_CHECKING:
    from sources.spotify_sandbox.worlds.generated_catalogue import GeneratedCatalogue

# Where Spotify first sold audiobooks (https://developer.spotify.com/documentation/web-api/reference/get-an-audiobook).
_AUDIOBOOKS = markets(("US", "GB", "CA", "IE", "NZ", "AU"))
_MOST_CHAPTERS = 64
_LABELS = 60
"""Number of labels in a world."""


class GeneratedWorks:
    """The works around the contents of a generated catalogue.

    Attributes:
        weeks: the age of the world; popularity and followers of artists change with it.
    """

    def __init__(self, catalogue: "GeneratedCatalogue") -> None:
        self._catalogue = catalogue
        self._layout = catalogue.layout
        self._seed = catalogue.seed
        self._books = max(4, catalogue.episodes // 60)
        self.weeks = 0
        self.search = SearchIndex(self)

    def track(self, number: int) -> Track:
        """The track with a number."""
        content = self._catalogue.content(number)
        if not isinstance(content, Track):
            raise KeyError(number)
        return content

    def episode(self, number: int) -> Episode:
        """The episode with a number."""
        content = self._catalogue.content(number)
        if not isinstance(content, Episode):
            raise KeyError(number)
        return content

    def release(self, album_id: str) -> Release | None:
        """The album with an id."""
        albums = self._layout.albums
        number = self._read("album", album_id, albums + self._catalogue.tracks)
        if number is None:
            return None
        return self._release(number) if number < albums else self._taken_down(album_id, number - albums)

    def _taken_down(self, album_id: str, track: int) -> Release | None:
        """The album of a track that was taken down; other tracks are on albums that are there."""
        album = self._catalogue.track(track).album
        return Release(album, label="", upc=None, popularity=0, tracks=(track,)) if album.id == album_id else None

    def _release(self, number: int) -> Release:
        draw = self._catalogue.draw("b", number)
        album = self._catalogue.album(number)
        return Release(
            album=album,
            label=self._label(album, draw),
            upc=None if draw[27] < 4 else f"{int.from_bytes(draw[10:16], 'big') % 10**12:012}",
            popularity=0 if not album.markets.codes else draw[28] % 80,
            tracks=tuple(map(self._layout.track, self._layout.places(number))),
        )

    def _label(self, album: Album, draw: bytes) -> str:
        """The label of an album: most albums of an artist have the same, and some labels have many artists."""
        artist = self._read("artist", album.artists[0].id, self._layout.artists) if album.artists else None
        share = draw[29] if artist is None or draw[30] < 40 else self._catalogue.draw("r", artist)[20]
        return Draw(self._catalogue.draw("l", int(_LABELS * (share / 256) ** 2))).label()

    def performer(self, artist_id: str) -> Performer | None:
        """The artist with an id."""
        if artist_id == VARIOUS.id:
            return Performer(VARIOUS, 3_000_000, (), 0, self._catalogue.draw("r", -1).hex()[-24:])
        number = self._read("artist", artist_id, self._layout.artists)
        return None if number is None else self._performer(number)

    def _performer(self, number: int) -> Performer:
        draw = self._catalogue.draw("r", number)
        popularity = 5 + draw[12] % 80
        followers = int(1.15**popularity) * (10 + draw[13])
        # A week: from 0.05 percent fewer to 0.2 percent more, and at most one point of popularity in two months.
        growth, drift = draw[21] / 100_000 - 0.0005, draw[22] / 1_024 - 0.125
        return Performer(
            artist=self._catalogue.artist(number),
            followers=int(followers * (1 + growth * self.weeks)),
            genres=Draw(draw).genres(draw[18] % 3),
            popularity=min(max(popularity + round(drift * self.weeks), 0), 100),
            picture=None if draw[19] < 24 else draw.hex()[-24:],
        )

    def discography(self, artist_id: str) -> Sequence[tuple[AlbumGroup, Album]]:
        """The albums of an artist by group, in each the latest first."""
        album = self._catalogue.album
        if artist_id == VARIOUS.id:
            return by_group([("compilation", album(number)) for number in self._layout.compilations()])
        number = self._read("artist", artist_id, self._layout.artists)
        if number is None:
            return []
        own = self._layout.own_albums(number)
        others = dict.fromkeys(self._layout.album(place)[0] for place in self._heard(number))
        singles = [album(own_number) for own_number in own]
        mine: list[tuple[AlbumGroup, Album]] = [(each.type, each) for each in singles]
        return by_group([*mine, *(("appears_on", album(other)) for other in others if other not in own)])

    def tracks_by(self, artist_id: str) -> Sequence[int]:
        """The numbers of the tracks on which an artist plays."""
        number = self._read("artist", artist_id, self._layout.artists)
        if number is None:
            return []
        layout = self._layout
        places = chain(*map(layout.places, layout.own_albums(number)), self._heard(number))
        tracks = map(layout.track, dict.fromkeys(places))
        # A track that was taken down has lost its artists.
        return [track for track in tracks if self._plays_on(artist_id, track)]

    def _plays_on(self, artist_id: str, track: int) -> bool:
        return any(artist.id == artist_id for artist in self._catalogue.track(track).artists)

    def _heard(self, number: int) -> Iterator[int]:
        """The places, of those where an artist may be the guest, at which the artist is."""
        artist_id = self._catalogue.artist(number).id
        visits = self._layout.visits(number)
        return (place for place in visits if self._plays_on(artist_id, self._layout.track(place)))

    def related(self, artist_id: str) -> Sequence[Performer]:
        """Artists with numbers near another's, the nearest first."""
        number = self._read("artist", artist_id, self._layout.artists)
        if number is None:
            return []
        near = (number + side * step for step in range(1, 11) for side in (-1, 1))
        return [self._performer(other) for other in near if 0 <= other < self._layout.artists]

    def show(self, show_id: str) -> Show | None:
        """The podcast with an id."""
        number = self._read("show", show_id, self._catalogue.shows)
        return None if number is None else self._catalogue.show(number)

    def episodes(self, show: Show) -> Sequence[int]:
        """The numbers of a podcast's episodes, the latest first."""
        number = self._read("show", show.id, self._catalogue.shows)
        return [] if number is None else self._catalogue.episodes_of(number)[::-1]

    def audiobook(self, audiobook_id: str) -> Audiobook | None:
        """The audiobook with an id."""
        number = self._read("audiobook", audiobook_id, self._books)
        return None if number is None else self._audiobook(number)

    def _audiobook(self, number: int) -> Audiobook:
        draw = self._catalogue.draw("o", number)
        words = Draw(draw)
        author, narrator, name = words.of(PEOPLE, 10), words.of(PEOPLE, 12), words.book()
        return Audiobook(
            id=ids.make(self._seed, "audiobook", number),
            name=name,
            authors=(author,),
            narrators=(narrator,),
            publisher=words.of(PUBLISHERS, 14),
            description=f"Author(s): {author} Narrator(s): {narrator} {name}, read & unread.",
            edition="Abridged" if draw[16] < 60 else "Unabridged",
            explicit=draw[17] < 40,
            language="en",
            release_date=str(
                date(self._catalogue.newest.year - 36 + draw[18] % 36, 1 + draw[19] % 12, 1 + draw[20] % 28)
            ),
            total_chapters=5 + draw[21] % (_MOST_CHAPTERS - 5),
            cover=draw.hex()[-24:],
            markets=_AUDIOBOOKS if number % 4 == 3 else EVERYWHERE,
        )

    def chapters(self, audiobook: Audiobook) -> Sequence[Chapter]:
        """The chapters of an audiobook."""
        number = self._read("audiobook", audiobook.id, self._books)
        if number is None:
            return []
        return [self._chapter(number, place, audiobook) for place in range(audiobook.total_chapters)]

    def chapter(self, chapter_id: str) -> Chapter | None:
        """The chapter with an id."""
        number = self._read("chapter", chapter_id, self._books * _MOST_CHAPTERS)
        if number is None:
            return None
        book, place = divmod(number, _MOST_CHAPTERS)
        audiobook = self._audiobook(book)
        return self._chapter(book, place, audiobook) if place < audiobook.total_chapters else None

    def _chapter(self, book: int, place: int, audiobook: Audiobook) -> Chapter:
        number = book * _MOST_CHAPTERS + place
        draw = self._catalogue.draw("c", number)
        return Chapter(
            id=ids.make(self._seed, "chapter", number),
            name="Opening Credits" if place == 0 else f"Chapter {place}: {Draw(draw).title()}",
            chapter_number=place,
            duration_ms=23_000 if place == 0 else 300_000 + int.from_bytes(draw[10:13], "big") % 2_400_000,
            audiobook=audiobook,
        )

    def every_track(self) -> Sequence[int]:
        """The numbers of all tracks by rank."""
        return range(self._catalogue.tracks)

    def every_episode(self) -> Sequence[int]:
        """The numbers of all episodes."""
        return range(self._catalogue.tracks, self._catalogue.tracks + self._catalogue.episodes)

    def every_release(self) -> Iterator[Release]:
        """All albums."""
        return map(self._release, range(self._layout.albums))

    def every_performer(self) -> Iterator[Performer]:
        """All artists."""
        return map(self._performer, range(self._layout.artists))

    def every_show(self) -> Iterator[Show]:
        """All podcasts."""
        return map(self._catalogue.show, range(self._catalogue.shows))

    def every_audiobook(self) -> Iterator[Audiobook]:
        """All audiobooks."""
        return map(self._audiobook, range(self._books))

    def _read(self, kind: str, text: str, count: int) -> int | None:
        number = ids.read(self._seed, kind, text)
        return number if number is not None and number < count else None
