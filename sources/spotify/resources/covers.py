"""Downloads playlist covers: the pictures themselves, since their URLs expire within a day.

https://developer.spotify.com/documentation/web-api/reference/get-playlist-cover. The URLs are on Spotify's image hosts,
which need no token and get none.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests
from msgspec import UNSET

from sources.errors import ApiError
from sources.spotify.config import Settings
from sources.spotify.http.body_limits import TooLargeError, TooSlowError, body, timed, within
from sources.spotify.http.cancellation import Cancellation
from sources.spotify.http.prefetch import Prefetcher
from sources.spotify.http.requests_transport import TIMEOUT
from sources.spotify.models.playlists import Playlist
from sources.spotify.models.rows import Cover, CoverCheck, PlaylistCover
from sources.spotify.resources.base import PAGES_PER_BATCH, Checkpoint, Row
from sources.spotify.resources.image_format import Picture, picture
from sources.spotify.setting_parsers import is_loopback

BYTES_PER_BATCH = 16_000_000
"""Pictures in memory after which a batch goes to the destination."""
MOST = 5_000_000
"""Maximum size of a picture in bytes; Spotify accepts uploads of 256 KB."""
HOSTS = (".scdn.co", ".spotifycdn.com")
"""Hosts of Spotify's pictures, as answers name them: i.scdn.co, mosaic.scdn.co, image-cdn-ak.spotifycdn.com and
others."""
LONGEST = 60.0
"""Seconds after which a download is given up."""
GIVE_UP = 12
"""Failures in a row after which no more pictures are requested."""
log = logging.getLogger("playlake")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A playlist's cover: addresses of the widest and the narrowest picture, which may be one."""

    playlist_id: str
    url: str
    thumbnail_url: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """The result of fetching a cover: its two pictures, or why there are none."""

    wanted: Wanted
    pictures: tuple[Picture, Picture] | None
    problem: str | None = None


def new_session() -> requests.Session:
    """A session that sends no credentials, not even those of a .netrc file, and keeps no cookies."""
    session = timed(requests.Session())
    session.auth = lambda request: request
    session.headers["Accept-Encoding"] = "identity"
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


def covers_for(settings: Settings, cancellation: Cancellation) -> "Covers | None":
    """Fetches covers; null if the settings do not ask for them."""
    if not settings.covers:
        return None
    here = is_loopback(urlsplit(settings.api_url).hostname or "")
    return Covers(settings.parallel_reads, cancellation, allows_loopback=here)


@dataclass(slots=True)
class Covers:
    """The covers that a run has seen, and fetches at its end.

    Attributes:
        parallel: how many to ask for at the same time.
        cancellation: aborts the run; after that no more pictures are requested.
        allows_loopback: whether pictures may be on this machine: where the Web API is, too.
        session: connections to the image hosts.
        tick: a clock in seconds that never goes back.
        problems: why covers could not be fetched, one line each.
    """

    parallel: int
    cancellation: Cancellation
    allows_loopback: bool = False
    session: requests.Session = field(default_factory=new_session)
    tick: Callable[[], float] = time.monotonic
    problems: list[str] = field(default_factory=list)
    _seen: dict[str, tuple[str, str] | None] = field(default_factory=dict)
    _failed: int = 0

    @property
    def summary(self) -> str:
        """The problems in a sentence."""
        covers = "1 cover" if len(self.problems) == 1 else f"{len(self.problems)} covers"
        return f"{covers} could not be fetched, and the next sync tries again: {self.problems[0]}"

    def see(self, playlist: Playlist) -> None:
        """Collects the URL of a playlist's cover; the latest counts."""
        if playlist.images is UNSET or playlist.id is None:
            return
        # Widest first, as Spotify sends them.
        urls = [image.url for image in playlist.images or () if image is not None and image.url]
        self._seen[playlist.id] = (urls[0], urls[-1]) if urls else None

    def read(
        self, checks: Mapping[str, CoverCheck], kept: set[str], now: Callable[[], datetime]
    ) -> Iterator[Row | Checkpoint]:
        """Fetches the covers that may be new.

        Args:
            checks: the result of the last check of each playlist's cover.
            kept: hashes of the pictures that are there, to which new ones are added.
            now: the clock.
        """
        wanted = []
        for playlist_id, urls in self._seen.items():
            before = checks.get(playlist_id)
            if urls is None:
                if before is not None and (before.url or before.message):
                    yield from _changed(before, CoverCheck(playlist_id, now()))
            elif before is None or before.message or before.url != urls[0]:
                wanted.append(Wanted(playlist_id, *urls))
        if self.cancellation.error is not None:
            return
        ahead = Prefetcher(self._fetch, self.parallel, lambda _: 1, 2 * self.parallel, self.cancellation)
        with closing(ahead.results(wanted)) as results:
            taken = 0
            for fetched in results:
                yield from self._rows(fetched, checks.get(fetched.wanted.playlist_id), kept, now())
                taken += sum(len(found.data) for found in fetched.pictures or ())
                if taken >= BYTES_PER_BATCH:
                    taken = 0
                    yield Checkpoint(pages=PAGES_PER_BATCH)
                if self._failed >= GIVE_UP:
                    break

    def _rows(self, fetched: Fetched, before: CoverCheck | None, kept: set[str], moment: datetime) -> Iterator[Row]:
        wanted = fetched.wanted
        check = CoverCheck(wanted.playlist_id, moment, wanted.url)
        if fetched.pictures is None:
            self._failed += 1
            self.problems.append(f"playlist {wanted.playlist_id}: {fetched.problem}")
            log.warning("Cover of %s", self.problems[-1])
            check.message = fetched.problem
            if before is not None:
                check.cover_sha256, check.thumbnail_sha256 = before.cover_sha256, before.thumbnail_sha256
            yield Row("cover_checks", check)
            return
        self._failed = 0
        for found in fetched.pictures:
            if found.sha256 not in kept:
                kept.add(found.sha256)
                size = len(found.data)
                cover = Cover(found.sha256, found.content_type, size, found.width, found.height, found.data, moment)
                yield Row("covers", cover)
        check.cover_sha256, check.thumbnail_sha256 = (found.sha256 for found in fetched.pictures)
        yield from _changed(before, check)

    def _fetch(self, wanted: Wanted) -> Fetched:
        """The pictures of a cover, in any thread."""
        try:
            cover = self._picture(wanted.url)
            thumbnail = cover if wanted.thumbnail_url == wanted.url else self._picture(wanted.thumbnail_url)
        except ApiError as error:
            return Fetched(wanted, None, str(error))
        return Fetched(wanted, (cover, thumbnail))

    def _picture(self, url: str) -> Picture:
        """A picture from its address.

        Raises:
            ApiError: the picture cannot be fetched, or is not in a known format.
        """
        self._check(url)
        try:
            with (
                within(LONGEST, self.tick),
                self.session.get(url, allow_redirects=False, stream=True, timeout=TIMEOUT) as response,
            ):
                if response.status_code != 200:
                    msg = f"{url} answered HTTP {response.status_code}."
                    raise ApiError(msg, response.status_code)
                content = body(response, MOST)
        except (TooLargeError, TooSlowError):
            msg = f"{url} has more than {MOST:,} bytes, or takes longer than {LONGEST:.0f} seconds."
            raise ApiError(msg) from None
        except (requests.RequestException, ValueError) as error:
            msg = f"{url} could not be read ({type(error).__name__})."
            raise ApiError(msg) from None
        found = picture(content)
        if found is None:
            msg = f"{url} is not a picture in a known format: JPEG, PNG, GIF or WebP."
            raise ApiError(msg)
        return found

    def _check(self, url: str) -> None:
        """Refuses URLs that are not on Spotify's image hosts.

        Raises:
            ApiError: the address is not one of theirs.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            parts, host, port = urlsplit(""), "", None
        plain = url.isascii() and url.isprintable() and not any(sign in url for sign in " @\\")
        theirs = parts.scheme == "https" and port in (None, 443) and f".{host}".endswith(HOSTS)
        here = self.allows_loopback and parts.scheme in {"http", "https"} and is_loopback(host)
        if not (plain and (theirs or here)):
            msg = (
                f"{url!r} is not a valid address of a picture: only https URLs on Spotify's image hosts are downloaded."
            )
            raise ApiError(msg)


def _changed(before: CoverCheck | None, check: CoverCheck) -> Iterator[Row]:
    """The check, and a row of history if it found another cover than there was."""
    was = (before.cover_sha256, before.thumbnail_sha256) if before is not None else (None, None)
    if was != (check.cover_sha256, check.thumbnail_sha256):
        found = PlaylistCover(check.playlist_id, check.checked_at, check.cover_sha256, check.thumbnail_sha256)
        yield Row("playlist_covers", found)
    yield Row("cover_checks", check)
