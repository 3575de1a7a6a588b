"""The changes that a sync found, in a few lines for people: the largest first, with names."""

from collections.abc import Iterator

from pipelines.sync.service import Report
from sources.spotify.models.news import Change
from sources.spotify.resources.playlists.changes import NAMED, TOLD, largest

LONGEST = 40
"""Maximum number of characters of a name."""


def changes_told(report: Report) -> Iterator[str]:
    """Lines without line breaks; none where nothing changed, or where the lake knew nothing before.

    What left the library or was emptied has a message of its own, and is not told again.
    """
    told = {news.playlist_id for news in report.news}
    changes = [change for change in largest(report.changes) if change.playlist_id not in told]
    if changes:
        yield "What changed:"
    for change in changes[:TOLD]:
        yield f"  {_name(report, change)}: {_counts(change)}{_titles(change)}"
    if len(changes) > TOLD:
        yield f"  and {_playlists(len(changes) - TOLD, 'more ')}"
    first = sorted((change for change in report.changes if change.is_first), key=lambda change: -change.items)
    if first and (report.run.unchanged or len(first) < report.run.read):
        named = [f"{_name(report, change)} ({change.items:,})" for change in first[:NAMED]]
        yield f"New: {_listed(named, len(first))}"


def _name(report: Report, change: Change) -> str:
    return _short(report.names.get(change.playlist_id) or change.playlist_id)


def _short(name: str) -> str:
    """A name on one line."""
    words = " ".join(name.split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"


def _counts(change: Change) -> str:
    counts = f"+{change.new_items:,} -{change.removed_items:,}"
    return f"{counts}, {change.moved_items:,} moved" if change.moved_items else counts


def _titles(change: Change) -> str:
    said = ""
    for word, titles, count in (
        ("added", change.added, change.new_items),
        ("removed", change.removed, change.removed_items),
    ):
        if titles:
            said += f"; {word} {_listed([_short(title) for title in titles], count)}"
    return said


def _listed(names: list[str], count: int) -> str:
    """Some of so many names, and how many others there are."""
    more = [f"{count - len(names):,} more"] if count > len(names) else []
    # Names and titles hold commas.
    return " · ".join([*names, *more])


def _playlists(count: int, word: str) -> str:
    return f"{count:,} {word}{'playlist' if count == 1 else 'playlists'}"
