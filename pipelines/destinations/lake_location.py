"""Where a lake's tables are, for code that does not need all of a destination."""

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import dlt


class LakeLocation(Protocol):
    """The location of a lake's tables: a `Lake`, or the `Destination` behind it."""

    @property
    def location(self) -> str:
        """The path, URL or name, for messages."""

    @property
    def pipeline_name(self) -> str:
        """The name of the dlt pipeline that loads into the destination."""

    def is_shared(self) -> bool:
        """Whether other users may enter the folder."""

    def pipeline(self) -> "dlt.Pipeline":
        """The dlt pipeline that loads into it."""

    def exclusive_lock(self) -> AbstractContextManager[None]:
        """Inside the block, nobody else writes to it, where it takes one writer at a time."""

    def settings(self) -> AbstractContextManager[None]:
        """Inside the block, dlt uses our settings."""
