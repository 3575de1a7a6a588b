"""Validated settings and their defaults; does not import dlt, for commands that only read the lake."""

from dataclasses import dataclass
from datetime import timedelta

from sources.spotify.list_settings import SEARCH_TYPES

API_URL = "https://api.spotify.com/v1"
ACCOUNTS_URL = "https://accounts.spotify.com"

PROFILE = "the signed-in account to use"
"""The description of the setting `profile`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The validated settings, as typed values; `config` declares and describes them.

    Attributes:
        api_url: without a slash at its end.
        accounts_url: the base URL of the accounts service.
        market: in capitals.
        max_retry_wait: in seconds.
        users: ids, each once.
        searches: each query once, blanks as one space.
        search_types: each once, in the order of the API's documents.
        recommendation_seeds: as in `track:ID`, `artist:ID` or `genre:NAME`.
    """

    api_url: str = API_URL
    accounts_url: str = ACCOUNTS_URL
    market: str | None = None
    audit_after: timedelta = timedelta(days=7)
    max_retry_wait: float = 300.0
    describe_after: timedelta = timedelta(days=30)
    catalogue_requests: int = 200
    audio_analysis: bool = False
    full: bool = False
    parallel_reads: int = 4
    covers: bool = False
    users: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()
    search_types: tuple[str, ...] = SEARCH_TYPES
    recommendation_seeds: tuple[str, ...] = ()
    store_email: bool = False
