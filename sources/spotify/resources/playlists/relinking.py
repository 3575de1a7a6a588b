"""Track relinking: keeps the identity of an addition when another track plays in its place.

Where a track does not play in a market, Spotify may play another for it and name the one that was added in
`linked_from` (https://developer.spotify.com/documentation/web-api/concepts/track-relinking). Apps in
development mode get the other track without `linked_from`. An addition keeps the URI under which it was first
stored, so that neither a change of market nor of the API mode looks like a removal and an addition.
"""

from collections.abc import Collection, Mapping, Sequence

from sources.spotify.models.answers import Entry
from sources.spotify.resources.addition_identity import Identity, identity

Links = Mapping[str, Sequence[str]]


def as_recorded(entries: Sequence[Entry], had: Collection[Identity], links: Links) -> list[Identity]:
    """The identities of entries, under the URIs by which they were first stored.

    Args:
        entries: as read, in order.
        had: what the previous state held.
        links: URIs of the tracks that were added, by that of the track known to play for them.
    """
    reported = [identity(entry) for entry in entries]
    if not had:
        return reported
    return [_as_recorded(entry, shown, had, links) for entry, shown in zip(entries, reported, strict=True)]


def may_be_relinked(entries: Sequence[Entry], had: Collection[Identity]) -> bool:
    """Whether links can matter: a new entry has the same `added_at`, in whole seconds, as one of the previous state.

    Finding the links takes a query over everything that is stored, and few readings need them.
    """
    times = {when for _, when in had}
    return any(name[1] in times and name not in had for name in map(identity, entries)) if had else False


def _as_recorded(entry: Entry, reported: Identity, had: Collection[Identity], links: Links) -> Identity:
    track, uri = entry.as_track, reported[0]
    if track is None:
        return reported
    played = track.uri
    others = links.get(uri or "", ()) if played == uri else [played]
    if not others or reported in had:
        return reported
    recorded = [(other, reported[1]) for other in others if other is not None]
    return next((name for name in recorded if name in had), reported)
