"""Faults of time: the world changes between two requests, or answers show an earlier state."""

from dataclasses import dataclass

from sources.spotify_sandbox.faults.distortions import pages, read_answer, replace_answer
from sources.spotify_sandbox.faults.kind import Condition
from sources.spotify_sandbox.http.exchange import Exchange
from sources.spotify_sandbox.world.evolution import evolve
from sources.spotify_sandbox.world.playlist import Playlist


def world_change(condition: Condition, exchange: Exchange) -> bool:
    """Edits the world before a page that is not a list's first, so that later entries have shifted."""
    if not exchange.query.get("offset", "0").strip("0"):
        return False
    edit, random = condition.option("edit"), condition.random
    if edit == "evolve":
        return bool(evolve(condition.world, random, condition.option("changes")))
    playlist = _playlist(condition, exchange)
    if playlist is None or (edit == "remove" and not len(playlist)):
        return False
    for _ in range(condition.option("changes")):
        if edit == "remove":
            playlist.remove(range(min(1, len(playlist))))
        else:
            catalogue = condition.world.catalogue
            playlist.insert(0, [catalogue.uri(catalogue.pick(random))])
    return True


def _playlist(condition: Condition, exchange: Exchange) -> Playlist | None:
    place = exchange.parts.index("playlists") + 1 if "playlists" in exchange.parts else len(exchange.parts)
    return condition.world.playlists.get(exchange.parts[place]) if place < len(exchange.parts) else None


@dataclass(frozen=True, slots=True)
class Shown:
    """The old values that answers still show of a playlist, until a time in seconds since 1970."""

    snapshot_id: str
    total: int
    until: float


def snapshot_lag(condition: Condition, exchange: Exchange) -> bool:
    """Lets ``snapshot_id``, and counts in lists of playlists, lag behind a change. Entries are up to date.

    The lag begins with the first request that notices the change; for a change by a request, with that request.
    """
    lagging = _notice(condition)
    if exchange.method != "GET" or not lagging or exchange.response is None:
        return False
    body = bytes(exchange.response.body)
    shown = body
    for playlist_id, old in lagging.items():
        current = condition.world.playlists[playlist_id].snapshot_id
        shown = shown.replace(
            b'"snapshot_id":"%b"' % current.encode(), b'"snapshot_id":"%b"' % old.snapshot_id.encode()
        )
    if shown == body:
        return False
    exchange.response.body = shown
    exchange.response.headers["content-length"] = str(len(shown))
    _count(exchange, lagging)
    return True


def _notice(condition: Condition) -> dict[str, Shown]:
    """The playlists whose changes do not show yet."""
    now, playlists = condition.now.timestamp(), condition.world.playlists
    known: dict[str, tuple[str, int]] = condition.memory.get("known", {})
    lagging: dict[str, Shown] = condition.memory.setdefault("lagging", {})
    for playlist_id, (snapshot_id, total) in known.items():
        playlist = playlists.get(playlist_id)
        if playlist is not None and playlist.snapshot_id != snapshot_id:
            condition.due += 1
            old = lagging.get(playlist_id, Shown(snapshot_id, total, 0))
            lagging[playlist_id] = Shown(old.snapshot_id, old.total, now + condition.option("seconds"))
    condition.memory["known"] = {key: (playlist.snapshot_id, len(playlist)) for key, playlist in playlists.items()}
    for playlist_id in [key for key, old in lagging.items() if old.until <= now or key not in playlists]:
        del lagging[playlist_id]
    return lagging


def _count(exchange: Exchange, lagging: dict[str, Shown]) -> None:
    answer = read_answer(exchange)
    for page in pages(answer):
        for element in page["items"]:
            old = lagging.get(element.get("id", "")) if isinstance(element, dict) else None
            if old is not None:
                for name in ("tracks", "items"):
                    if isinstance(element.get(name), dict):
                        element[name]["total"] = old.total
    replace_answer(exchange, answer)
