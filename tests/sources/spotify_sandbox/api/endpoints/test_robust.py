"""Whatever is sent to an endpoint of playlists or of the user is answered, and never with a failure of the server."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from sources.spotify_sandbox import generate
from sources.spotify_sandbox.accounts.scopes import SCOPES
from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.endpoints import (
    commands,
    followers,
    following,
    images,
    library,
    personalisation,
    player,
    playlist_item_edits,
    playlist_items,
    playlists,
    saved,
    users,
)
from tests.examples import examples
from tests.sources.spotify_sandbox.asking import Api

MODULES = (
    users,
    playlists,
    playlist_items,
    playlist_item_edits,
    images,
    followers,
    saved,
    library,
    following,
    personalisation,
    player,
    commands,
)
ENDPOINTS: list[Endpoint] = [endpoint for module in MODULES for endpoint in module.ENDPOINTS]

WORLD = generate(seed=5, playlists=8, items=300)
PLAYLIST = next(playlist for playlist in WORLD.listed() if playlist.owner == WORLD.me.id and len(playlist) > 5)
KNOWN = [
    PLAYLIST.id,
    PLAYLIST.snapshot_id,
    f"spotify:playlist:{PLAYLIST.id}",
    WORLD.me.id,
    f"spotify:user:{WORLD.me.id}:collection",
    WORLD.catalogue.uri(0),
    (WORLD.catalogue.uri(0) or "")[14:],
    "true",
    "context",
    "artist",
    "user",
    "tracks",
    "artists",
    "7" * 22,
    "9" * 5_000,
    "-1",
    "2012-01-01",
    "0001-01-01T00:00:00",
]
NAMES = [
    "uris",
    "ids",
    "uri",
    "type",
    "limit",
    "offset",
    "after",
    "before",
    "position",
    "position_ms",
    "volume_percent",
    "state",
    "device_id",
    "market",
    "fields",
    "additional_types",
    "time_range",
    "name",
    "public",
    "description",
    "collaborative",
    "tracks",
    "items",
    "positions",
    "snapshot_id",
    "range_start",
    "insert_before",
    "range_length",
    "device_ids",
    "play",
    "context_uri",
    "timestamped_ids",
    "id",
    "added_at",
]

names = st.sampled_from(NAMES)
texts = st.sampled_from(KNOWN) | st.text(max_size=8) | st.integers(-2, 60).map(str)
scalars = st.none() | st.booleans() | st.integers() | st.integers(0, 9) | st.floats(allow_nan=False) | texts
bodies = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5), max_leaves=12
)


@given(
    st.sampled_from(ENDPOINTS),
    st.sampled_from(["extended", "development", "transition"]),
    texts,
    st.dictionaries(names, texts, max_size=4),
    st.dictionaries(names, bodies, max_size=6) | bodies | st.binary(max_size=20),
)
@settings(max_examples=examples(300))
def test_nothing_breaks(endpoint: Endpoint, regime: str, part: str, query: dict[str, str], body: object) -> None:
    """Nonsense is a bad request or makes no difference; an answer that is no error is one that was declared."""
    api = Api(WORLD, regime, scope=" ".join(SCOPES))
    path = re.sub("{[^}]+}", lambda _: part.replace("/", "") or "x", endpoint.path)
    # Most go to a playlist and to a device that are there.
    if body == {} or len(query) % 2:
        path = re.sub("{[^}]+}", PLAYLIST.id, endpoint.path)
        query = {"device_id": WORLD.player.devices[0].id or "", **query}
    answer = api.send(endpoint.method, path, body, **query)
    assert answer.status < 500
    if answer.status >= 400:
        assert answer.json["error"]["status"] == answer.status
    else:
        assert answer.status in {200, 201, 202, 204}
