"""Whatever is sent to an endpoint of the catalogue is answered, and never with a failure of the server."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.spotify_sandbox.api.endpoints.catalogue_examples import Examples, one_of_each
from tests.sources.spotify_sandbox.api.endpoints.test_catalogue import OBJECTS, PAGES, UNKNOWN
from tests.sources.spotify_sandbox.asking import Api

PATHS = [
    *(f"/{kind}" for kind in OBJECTS),
    *(f"/{kind}/{{id}}" for kind in OBJECTS),
    *(template.partition("?")[0] for template in PAGES),
    "/artists/{id}/top-tracks",
    "/recommendations",
    "/browse/categories/{id}",
    "/users/{id}",
]
NAMES = ("q", "query", "type", "ids", "market", "limit", "offset", "include_groups", "seed_genres", "seed_tracks")
TYPES = ("track", "track,album,artist,playlist,show,episode,audiobook")
VALUES = st.text() | st.sampled_from([*TYPES, "year:1", 'artist:"', "SE", "from_token", "0", "10", "pop", UNKNOWN])


@pytest.fixture(scope="module")
def examples() -> Examples:
    """A small world, and one of each of what it holds."""
    return one_of_each()


@given(
    template=st.sampled_from(PATHS),
    object_id=st.none() | st.text(min_size=1),
    query=st.dictionaries(st.sampled_from([*NAMES, "min_energy", "target_tempo", "locale"]), VALUES),
    user=st.booleans(),
)
def test_nothing_breaks(
    examples: Examples, template: str, object_id: str | None, query: dict[str, str], user: bool
) -> None:
    """Whatever is asked, the answer is one that the reference knows."""
    path = template if object_id is None else template.replace("{id}", quote(object_id, safe=""))
    answer = Api(examples.world, user=user).get(examples.path(path), **query)
    assert answer.status in {200, 400, 403, 404}, answer.body
    assert isinstance(answer.json, dict)
