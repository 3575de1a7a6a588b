"""A small world, and an id of each kind of object in its catalogue."""

from dataclasses import dataclass

from sources.spotify_sandbox import World, generate


@dataclass(frozen=True)
class Examples:
    """An id of each kind of object, as paths name the kinds."""

    world: World
    ids: dict[str, str]

    def path(self, template: str) -> str:
        """A path with an id of its kind in the place of ``{id}``."""
        return template.replace("{id}", self.ids.get(template.split("/")[1], ""))


def one_of_each() -> Examples:
    """A small world, and one of each of what it holds."""
    world = generate(seed=3, playlists=12, items=1_500)
    works = world.catalogue.works
    release = next(release for release in works.every_release() if len(release.tracks) > 5)
    book = max(works.every_audiobook(), key=lambda book: (len(book.markets.codes), book.total_chapters))
    track = works.track(release.tracks[0]).id
    show = next(works.every_show())
    ids = {
        "albums": release.album.id,
        "artists": release.album.artists[0].id,
        "tracks": track,
        "shows": show.id,
        "episodes": works.episode(works.episodes(show)[0]).id,
        "audiobooks": book.id,
        "chapters": works.chapters(book)[1].id,
        "audio-features": track,
        "audio-analysis": track,
    }
    return Examples(world, ids)
