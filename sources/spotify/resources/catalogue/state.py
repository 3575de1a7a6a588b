"""The stored state that the catalogue resources need (a protocol)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol


class Wanted(NamedTuple):
    """Ids that are to be asked for, most wanted first.

    Attributes:
        ids: the first of them.
        total: how many there are.
    """

    ids: list[str]
    total: int


class CatalogueState(Protocol):
    """What is stored of the catalogue."""

    def wanted(self, kind: str, table: str, before: datetime, limit: int) -> Wanted:
        """Objects that the lake mentions and does not know in full, those mentioned most often first.

        Args:
            kind: the API's type: `track`, `album`, `artist`, `show`, `episode` or `audiobook`.
            table: where their descriptions are, with the columns `<kind>_id` and `described_at`.
            before: descriptions that are not younger are too old.
            limit: how many ids to give.
        """

    def wanted_lists(self, subject: str, kind: str, before: datetime, limit: int, *, only_saved: bool) -> Wanted:
        """Objects that are known in full and whose list is not known, those that users saved or follow first.

        Args:
            subject: the list, as in `catalogue_reads`.
            kind: the API's type of the objects.
            before: readings that are not younger are too old.
            limit: how many ids to give.
            only_saved: leaves out what no user saved or follows.
        """

    def discographies(self, artist_ids: Sequence[str]) -> dict[str, set[str]]:
        """The albums that were seen in artists' lists, by the artists' ids."""

    def was_refused(self, resource: str, subject: str, client_id: str | None, since: datetime) -> bool:
        """Whether an app was refused a part recently."""
