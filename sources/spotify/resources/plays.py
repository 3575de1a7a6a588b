"""The resource `plays`: what a user listened to lately.

Spotify returns no more than the newest 50 (https://developer.spotify.com/documentation/web-api/reference/get-recently-played),
and plays of devices that were offline turn up late, among older ones. So all 50 are asked for every time, and what is
stored already is left out: a cursor on the newest stored time would lose those.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from sources.errors import ApiError
from sources.play_keys import moment_key, named, with_ordinal
from sources.spotify.api.endpoints import RECENTLY_PLAYED, Endpoint
from sources.spotify.models.answers import Item
from sources.spotify.models.player import PlayContext
from sources.spotify.models.plays import PlayedEntry
from sources.spotify.models.rows import Play
from sources.spotify.models.run_records import ResourceRead
from sources.spotify.models.times import EPOCH, MICROSECOND, parse_time
from sources.spotify.resources.base import ENTRIES, Checkpoint, Context, Row
from sources.spotify.resources.part import part
from sources.spotify.resources.plays_state import KnownPlays

SUBJECT = "recently_played"


class _Played(NamedTuple):
    """A play with its key."""

    key: int
    play: Play
    entry: PlayedEntry


class Plays:
    """The resource."""

    name = "plays"
    scopes = frozenset({"user-read-recently-played"})
    tables = ("plays", "tracks", "episodes", "unknown_items", "resource_reads")
    endpoints: Mapping[Endpoint[Any], tuple[str, ...]] = MappingProxyType(
        {RECENTLY_PLAYED: ("plays", "tracks", "episodes", "unknown_items")}
    )

    def read(self, ctx: Context) -> Iterator[Row | Checkpoint]:
        """The plays that were never stored, with what was played.

        Raises:
            PlaylakeError: the signed-in user's id could not be requested.
        """
        user_id = ctx.client.whoami()
        ctx.recorder.record.user_id = user_id
        rows: list[Row] = []
        with part(ctx, self.name, SUBJECT, user_id) as read:
            rows += _rows(ctx, read, user_id)
        yield from rows
        if read.outcome != "unchanged":
            yield Row("resource_reads", read)
        yield Checkpoint(1)


PLAYS = Plays()


def _rows(ctx: Context, read: ResourceRead, user_id: str) -> Iterator[Row]:
    """Rows of the newest plays; `read` then says how many were new, and whether others may be missing.

    Raises:
        ApiError: the answer is not what it should be.
    """
    entries = ctx.client.get(RECENTLY_PLAYED, limit=RECENTLY_PLAYED.limit).items
    if entries is None:
        msg = f"{ctx.client.url(RECENTLY_PLAYED)} answered a page without items: report this, please."
        raise ApiError(msg, 200)
    played = _played(ctx, user_id, [entry for entry in entries if entry is not None])
    known = ctx.state.plays(user_id, [each.key for each in played])
    new = [each for each in played if each.key not in known.keys]
    read.items, read.new_items = len(played), len(new)
    if not new:
        read.outcome = "unchanged"
    read.message = _message(len(entries) - len(played), known, is_gap=bool(new) and not known.keys)
    observed_at = ctx.now()
    if known.observed_at is not None:
        # A clock that was set back must not reorder what was read.
        observed_at = max(observed_at, known.observed_at + timedelta(microseconds=1))
    for each in new:
        each.play.observed_at = observed_at
        yield Row(ENTRIES, each.entry)
        yield Row("plays", each.play)


def _message(timeless: int, known: KnownPlays, *, is_gap: bool) -> str | None:
    """A message about plays that may be missing."""
    messages = []
    if is_gap and known.observed_at is not None:
        messages.append(
            "None of the newest plays was known: others before them may be missing (view play_gaps). Sync plays more "
            "often; playlake import of the account data that Spotify sends fills the gap."
        )
    if timeless:
        messages.append(f"{timeless} plays without a time could not be stored.")
    return " ".join(messages) or None


def _played(ctx: Context, user_id: str, entries: Sequence[PlayedEntry]) -> list[_Played]:
    """The plays of an answer that have a time, with their keys."""
    found: list[_Played] = []
    copies: Counter[int] = Counter()
    for entry in entries:
        played_at = parse_time(entry.played_at)
        if played_at is None:
            continue
        item, context = entry.content or Item(), entry.context or PlayContext()
        artist, album = _first_artist(item), item.album.name if item.album is not None else None
        first = moment_key((played_at - EPOCH) // MICROSECOND, item.uri or named(item.name, artist, album))
        key = with_ordinal(first, copies[first])
        copies[first] += 1
        play = Play(
            user_id=user_id,
            play_key=key,
            played_at=played_at,
            item_uri=item.uri or None,
            item_type=entry.item_type,
            item_name=item.name or None,
            artist_name=artist,
            album_name=album or None,
            context_uri=context.uri or None,
            context_type=context.type or None,
            run_id=ctx.recorder.record.run_id,
            observed_at=ctx.started_at,
        )
        found.append(_Played(key, play, entry))
    return found


def _first_artist(item: Item) -> str | None:
    """The first artist's name; of an episode its show's."""
    if item.show is not None:
        return item.show.name or None
    credited = item.artists if isinstance(item.artists, list) else []
    return next((artist.name for artist in credited if artist is not None and artist.name), None)
