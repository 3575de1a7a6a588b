"""Albums, artists, podcasts and audiobooks of generated worlds agree with their tracks and episodes, both ways."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.spotify_sandbox.world.contents import VARIOUS, Track
from sources.spotify_sandbox.worlds.generated_catalogue import GeneratedCatalogue
from sources.spotify_sandbox.worlds.generated_layout import Layout

layouts = st.builds(Layout, st.integers(0, 1_000_000), st.integers(1, 5_000) | st.sampled_from([7_919, 15_838]))


@given(layouts, st.data())
def test_places(layout: Layout, data: st.DataObject) -> None:
    """Tracks and places lead to each other, albums cover all places, and visitors come where they say."""
    track = data.draw(st.integers(0, layout.tracks - 1))
    place = layout.place(track)
    assert 0 <= place < layout.tracks
    assert layout.track(place) == track
    album, position = layout.album(place)
    assert layout.places(album)[position] == place
    assert 0 <= album < layout.albums
    visitor = layout.visitor(place)
    assert 0 <= visitor < layout.artists
    assert place in layout.visits(visitor)


@given(layouts)
def test_albums(layout: Layout) -> None:
    """Albums follow each other without a gap, each has an artist, and every number of a disc occurs once."""
    places = chain.from_iterable(map(layout.places, range(layout.albums)))
    assert list(places) == list(range(layout.tracks))
    for album in range(layout.albums):
        count = len(layout.places(album))
        numbering = [layout.numbering(album, position) for position in range(count)]
        assert len(set(numbering)) == count
        assert numbering == sorted(numbering)
        owned = album in layout.own_albums(layout.artist(album))
        assert owned is not layout.is_compilation(album)
        assert (album in set(layout.compilations())) is layout.is_compilation(album)


@pytest.fixture(scope="module", params=[(1, 40, 6, 8), (2, 900, 45, 8), (9, 7_919, 130, 8)])
def catalogue(request: pytest.FixtureRequest) -> GeneratedCatalogue:
    """Catalogues of several sizes."""
    return GeneratedCatalogue(*request.param)


def some(catalogue: GeneratedCatalogue) -> list[tuple[int, Track]]:
    """Tracks from all over a catalogue, with their numbers."""
    numbers = catalogue.works.every_track()[:: max(1, catalogue.tracks // 150)]
    return [(number, catalogue.works.track(number)) for number in numbers]


def test_tracks_and_albums(catalogue: GeneratedCatalogue) -> None:
    """The album of a track lists the track at its disc and number, and is the same album wherever it is named."""
    for number, track in some(catalogue):
        release = catalogue.works.release(track.album.id)
        assert release is not None
        assert number in release.tracks
        listed = [catalogue.works.track(each) for each in release.tracks]
        assert release.album.total_tracks == len(listed)
        assert [(each.disc_number, each.track_number) for each in listed] == sorted(
            (each.disc_number, each.track_number) for each in listed
        )
        # A track that was taken down has lost the name of its album.
        assert {each.album for each in listed if each.name} <= {release.album}


def test_tracks_and_artists(catalogue: GeneratedCatalogue) -> None:
    """Each artist of a track has it among the tracks, and its album in the discography."""
    works, visited = catalogue.works, 0
    for number, track in some(catalogue):
        for artist in track.artists:
            performer = works.performer(artist.id)
            assert performer is not None
            if not track.name:
                continue
            assert performer.artist == artist
            assert number in works.tracks_by(artist.id)
            groups = {group for group, album in works.discography(artist.id) if album.id == track.album.id}
            own = artist in track.album.artists
            assert groups == {track.album.type if own else "appears_on"}
            visited += not own
    assert visited > 0


def test_discographies(catalogue: GeneratedCatalogue) -> None:
    """A discography holds only albums of the artist, or with a track of the artist's, each once."""
    works = catalogue.works
    artists = [performer.artist for performer in works.every_performer()][:: max(1, catalogue.layout.artists // 50)]
    for artist in [*artists, VARIOUS]:
        listed = works.discography(artist.id)
        assert len({album.id for _, album in listed}) == len(listed)
        for group, album in listed:
            release = works.release(album.id)
            assert release is not None
            tracks = map(works.track, release.tracks)
            plays = any(each.id == artist.id for track in tracks for each in track.artists)
            assert plays if group == "appears_on" else artist in album.artists


def test_relinked_tracks(catalogue: GeneratedCatalogue) -> None:
    """What relinking puts in a track's place can be found, and is sold where the other is not."""
    for number in catalogue.works.every_track():
        track = catalogue.track(number)
        if track.replacement is None:
            continue
        other = catalogue.find(f"spotify:track:{track.replacement}")
        assert other is not None
        assert other >= catalogue.tracks + catalogue.episodes + catalogue.files
        assert catalogue.uri(other) == f"spotify:track:{track.replacement}"
        assert catalogue.kind(other) == "track"
        replacement = catalogue.works.track(other)
        assert (replacement.id, replacement.album, replacement.replacement) == (track.replacement, track.album, None)
        assert track.markets.codes < replacement.markets.codes


def test_podcasts(catalogue: GeneratedCatalogue) -> None:
    """A podcast lists its episodes, the latest first, and each of them names the podcast."""
    works = catalogue.works
    seen: set[int] = set()
    for show in works.every_show():
        assert works.show(show.id) == show
        numbers = works.episodes(show)
        episodes = list(map(works.episode, numbers))
        assert len(episodes) == show.total_episodes
        assert {episode.show for episode in episodes} == {show}
        dates = [episode.release_date for episode in episodes]
        assert dates == sorted(dates, reverse=True)
        seen.update(numbers)
    assert seen == set(works.every_episode())


def test_audiobooks(catalogue: GeneratedCatalogue) -> None:
    """An audiobook lists its chapters from 0, and each can be asked for."""
    works = catalogue.works
    for book in works.every_audiobook():
        assert works.audiobook(book.id) == book
        chapters = works.chapters(book)
        assert [chapter.chapter_number for chapter in chapters] == list(range(book.total_chapters))
        assert [works.chapter(chapter.id) for chapter in chapters] == list(chapters)


def test_unknown(catalogue: GeneratedCatalogue) -> None:
    """An id of another kind, of another world, or of none leads nowhere."""
    works = catalogue.works
    other = GeneratedCatalogue(catalogue.seed + 1, 40, 6, 8).works.track(0)
    for wrong in ("7" * 22, works.track(0).id, other.album.id, other.artists[0].id, ""):
        looked_up = (works.release, works.performer, works.show, works.audiobook, works.chapter)
        assert [look(wrong) for look in looked_up] == [None] * 5
        assert (works.discography(wrong), works.tracks_by(wrong), works.related(wrong)) == ([], [], [])
