"""Generates the account data that Spotify sends on request: the listening history, extended and short, in a zip.

https://support.spotify.com/article/understanding-my-data/ describes the files.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any, NamedTuple

from sources.spotify_sandbox.world.contents import Episode, Track
from sources.spotify_sandbox.world.listening import Listened
from sources.spotify_sandbox.world.world import World

Json = dict[str, Any]

EXTENDED, SHORT = "Spotify Extended Streaming History", "Spotify Account Data"
"""Folders in the zips."""
PER_FILE = 16_000
"""Approximate number of plays in a file of the extended history."""

_NAMES = (
    "master_metadata_track_name",
    "master_metadata_album_artist_name",
    "master_metadata_album_album_name",
    "spotify_track_uri",
    "episode_name",
    "episode_show_name",
    "spotify_episode_uri",
    "audiobook_title",
    "audiobook_uri",
    "audiobook_chapter_uri",
    "audiobook_chapter_title",
)


class ExportedPlay(NamedTuple):
    """A play: what, when it ended in milliseconds since 1970, for how long, and how it began and ended."""

    content: int
    ended_at: int
    ms_played: int
    reason_start: str = "trackdone"
    reason_end: str = "trackdone"
    offline: bool = False


def listened(world: World, contents: Sequence[int], since: int, until: int, seed: int = 0) -> Iterator[ExportedPlay]:
    """Plausible plays of some contents in a period, given in milliseconds since 1970, oldest first."""
    random, now = Random(seed), since  # noqa: S311 (the same every time)
    started = "clickrow"
    while True:
        content = contents[min(int(random.expovariate(4) * len(contents)), len(contents) - 1)]
        length = _length(world, content)
        skipped = random.random() < 0.2
        played = random.randrange(length) if skipped else length
        now += played + (random.randrange(36_000_000) if random.random() < 0.1 else random.randrange(900))
        if now >= until:
            return
        ended = "fwdbtn" if skipped else "trackdone"
        yield ExportedPlay(content, now, played, started, ended, offline=random.random() < 0.05)
        started = ended


def exported_plays(listened: Sequence[Listened]) -> list[ExportedPlay]:
    """Plays as an export has them."""
    return [
        ExportedPlay(each.content, each.ended_at, each.ms_played, reason_end="trackdone" if each.is_whole else "fwdbtn")
        for each in listened
    ]


def extended_entry(world: World, heard: ExportedPlay, username: str | None = None) -> Json:
    """A play in the extended history; older ones have the user's name and browser, too."""
    entry: Json = {"ts": f"{_time(heard.ended_at):%Y-%m-%dT%H:%M:%SZ}"}
    if username is not None:
        entry["username"] = username
    entry |= {"platform": "ios", "ms_played": heard.ms_played, "conn_country": "SE", "ip_addr": "192.0.2.7"}
    if username is not None:
        entry["user_agent_decrypted"] = "Mozilla%2F5.0"
    entry |= dict.fromkeys(_NAMES) | _described(world, heard.content)
    return entry | {
        "reason_start": heard.reason_start,
        "reason_end": heard.reason_end,
        "shuffle": False,
        "skipped": heard.reason_end == "fwdbtn",
        "offline": heard.offline,
        "offline_timestamp": heard.ended_at // 1000 if heard.offline else None,
        "incognito_mode": False,
    }


def short_entry(world: World, heard: ExportedPlay) -> Json:
    """A play as the account data of the last year has it: to the minute, and with names only."""
    names = _described(world, heard.content)
    ended = {"endTime": f"{_time(heard.ended_at):%Y-%m-%d %H:%M}"}
    if "episode_name" in names:
        played = {"podcastName": names["episode_show_name"], "episodeName": names["episode_name"]}
    else:
        played = {
            "artistName": names["master_metadata_album_artist_name"],
            "trackName": names["master_metadata_track_name"],
        }
    return ended | played | {"msPlayed": heard.ms_played}


def extended_zip(world: World, plays: Sequence[ExportedPlay], username: str | None = None) -> bytes:
    """The zip of the extended history."""
    files = {"ReadMeFirst_ExtendedStreamingHistory.pdf": b"%PDF-1.4"}
    for number, start in enumerate(range(0, len(plays), PER_FILE)):
        entries = [extended_entry(world, heard, username) for heard in plays[start : start + PER_FILE]]
        years = "-".join(dict.fromkeys(entry["ts"][:4] for entry in (entries[0], entries[-1])))
        files[f"Streaming_History_Audio_{years}_{number}.json"] = json.dumps(entries, indent=2).encode()
    return zipped(EXTENDED, files)


def short_zip(world: World, plays: Sequence[ExportedPlay]) -> bytes:
    """The zip of the account data, of which the history is a part."""
    entries = [short_entry(world, heard) for heard in plays]
    return zipped(
        SHORT,
        {
            "Playlist1.json": b'{"playlists": []}',
            "StreamingHistory_music_0.json": json.dumps([e for e in entries if "trackName" in e], indent=2).encode(),
            "StreamingHistory_podcast_0.json": json.dumps([e for e in entries if "podcastName" in e]).encode(),
            "Userdata.json": b"{}",
        },
    )


def zipped(folder: str, files: dict[str, bytes]) -> bytes:
    """A zip of a folder with files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{folder}/{name}", content)
    return buffer.getvalue()


def _described(world: World, content: int) -> Json:
    found = world.content(content)
    if isinstance(found, Track):
        return {
            "master_metadata_track_name": found.name,
            "master_metadata_album_artist_name": found.artists[0].name,
            "master_metadata_album_album_name": found.album.name,
            "spotify_track_uri": world.catalogue.uri(content),
        }
    if isinstance(found, Episode):
        return {
            "episode_name": found.name,
            "episode_show_name": found.show.name,
            "spotify_episode_uri": world.catalogue.uri(content),
        }
    return {}


def _length(world: World, content: int) -> int:
    found = world.content(content)
    return max(1, found.duration_ms) if isinstance(found, Track | Episode) else 180_000


def _time(ended_at: int) -> datetime:
    return datetime.fromtimestamp(ended_at / 1000, UTC)
