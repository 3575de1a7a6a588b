"""The stored state that reading `browse` needs (a protocol)."""

from typing import Protocol


class BrowseState(Protocol):
    """What is stored of markets and categories."""

    def markets(self) -> set[str]:
        """Countries that were ever listed."""

    def categories(self) -> dict[str, str | None]:
        """Names of categories that were ever listed, by their ids."""
