"""A lake of playlists and tracks with names that give files, spreadsheets and terminals trouble."""

from dataclasses import dataclass
from datetime import datetime

from pipelines.destinations.lake import Lake
from pipelines.sync.service import sync
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import settings

PLAYLISTS = (
    "Road trip", "road TRIP", "../../etc/passwd", "CON", "=1+1", "Emoji 👩\u200d🎤 é", "-rf .",
    "evil\u202ecod.exe\x1b[2J", "", "An \"empty\" one", "Left, later",
)  # fmt: skip
BEFORE = "What the first was called before"
TITLES = (
    '=HYPERLINK("http://evil.example")', "+1", "-M-", "@cmd", "\tTab", "\r\nTwo lines", 'Quote " and, comma',
    "＝ wide", "\x00\x1b]0;owned\x07", "_x000D_ is text", "line\u2028separator", "🎧 emoji", "'=quoted", "#comment",
    " blanks ", "\ufffe\uffff", "<b>&amp;</b>",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A lake, and when its first sync had ended."""

    lake: Lake
    first: datetime


def make(lake: Lake) -> Made:
    """Syncs three times: one playlist has another name in the first, and another is gone in the others."""
    world = generate(seed=4, playlists=len(PLAYLISTS), items=240)
    listed = list(world.listed())
    for playlist, name in zip(listed, PLAYLISTS, strict=True):
        playlist.rename(name)
    listed[0].rename(BEFORE)
    tracks = [
        entry.uri for one in listed for entry in one.entries if entry.uri and entry.uri.startswith("spotify:track:")
    ]
    for uri, title in zip(dict.fromkeys(tracks), TITLES, strict=False):
        world.rename_track(uri, title)
    with Sandbox(world) as api:
        first = sync(lake=lake, **settings(api)).run.finished_at
        assert first is not None
        listed[0].rename(PLAYLISTS[0])
        for playlist in listed:
            if len(playlist) > 3:
                playlist.remove([1])
                playlist.move(0, len(playlist))
        listed[-2].clear()
        world.unlist(listed[-1].id)
        for _ in range(2):
            sync(lake=lake, **settings(api))
    return Made(lake, first)
