"""Playlists in the user's library: asked about and added by whichever path an app has."""

from typing import TYPE_CHECKING, Any, cast

import pytest

from sources.errors import ForbiddenError, NotFoundError, ScopeError
from sources.spotify.api.changes import IS_LISTED, IS_LISTED_BY_PATH, LIST, LIST_BY_PATH
from sources.spotify.models.playlists import Playlist
from sources.spotify.writes.listing import is_listed, put_on_list

if TYPE_CHECKING:
    from sources.spotify.api.client import Client


class Api:
    """The part of a client that asks and changes.

    Args:
        error: what the newer path answers; null if the app has it.
        listed: whether the playlist is there.
    """

    def __init__(self, error: Exception | None, *, listed: bool = False) -> None:
        self.error, self.listed, self.asked = error, listed, list[tuple[Any, ...]]()

    def get(self, endpoint: Any, *given: str, **params: str) -> list[bool]:
        """Whether it is listed."""
        self._ask(endpoint, *given, *params.values())
        return [self.listed]

    def change(self, endpoint: Any, *given: Any, **params: str) -> None:
        """Lists it."""
        self._ask(endpoint, *given, *params.values())

    def _ask(self, endpoint: Any, *given: Any) -> None:
        self.asked.append((endpoint, *given))
        if endpoint in (IS_LISTED, LIST) and self.error is not None:
            raise self.error


@pytest.mark.parametrize("listed", [True, False])
def test_the_newer_path_is_enough(*, listed: bool) -> None:
    """Where an app has the path of 2026, it alone is asked."""
    api = Api(None, listed=listed)
    assert is_listed(cast("Client", api), "abc") is listed
    put_on_list(cast("Client", api), Playlist(id="abc"))
    assert api.asked == [(IS_LISTED, "spotify:playlist:abc"), (LIST, "spotify:playlist:abc")]


@pytest.mark.parametrize("error", [ForbiddenError("refused", 403), NotFoundError("no such path", 404)])
@pytest.mark.parametrize(("public", "body"), [(None, {}), (False, {"public": False})])
def test_the_older_path_is_asked_where_an_app_has_no_other(error: Exception, public: bool | None, body: Any) -> None:
    """A refusal leads to the playlist's own path, which is told whether others may see the playlist on the profile."""
    api = Api(error, listed=True)
    assert is_listed(cast("Client", api), "abc")
    put_on_list(cast("Client", api), Playlist(id="abc", public=public))
    assert api.asked[1::2] == [(IS_LISTED_BY_PATH, "abc"), (LIST_BY_PATH, "abc", body)]


def test_a_lack_of_consent_is_told() -> None:
    """Without the user's consent the other path is not tried."""
    api = Api(ScopeError("consent lacks a scope"))
    with pytest.raises(ScopeError):
        is_listed(cast("Client", api), "abc")
    with pytest.raises(ScopeError):
        put_on_list(cast("Client", api), Playlist(id="abc"))
    assert len(api.asked) == 2
