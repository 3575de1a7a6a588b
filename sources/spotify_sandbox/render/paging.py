"""Offset paging: limits, and the links to other pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from sources.spotify_sandbox.errors import ApiError

MAX_OFFSET = 100_000


@dataclass(frozen=True, slots=True)
class Page:
    """A range of a list, and its address.

    Links name ``offset`` and ``limit`` first, whatever the order of the request, then other parameters of the request
    (``echo``). ``next_limit`` is the limit of the following page if it is another one. ``types`` are the
    ``additional_types`` asked for: the page's own address says ``track`` in any case, but the links have the requested
    types.
    """

    address: str
    offset: int
    limit: int
    echo: str = ""
    next_limit: int | None = None
    types: str | None = None

    @property
    def href(self) -> str:
        """The page's own address."""
        return self._link(self.offset, self.limit, self.echo)

    def next(self, total: int) -> str | None:
        """The address of the next page, if there is one."""
        following = self.offset + self.limit
        # Recorded for years (spotify/web-api issue 723): limit=0 gives a next that leads to itself.
        return self._link(following, self.next_limit or self.limit, self._onward) if following < total else None

    def previous(self) -> str | None:
        """The address of the previous page, if there is one."""
        return self._link(max(0, self.offset - self.limit), self.limit, self._onward) if self.offset > 0 else None

    @property
    def _onward(self) -> str:
        if self.types is None:
            return self.echo
        return self.echo.replace("additional_types=track", "additional_types=" + quote(self.types, safe=""))

    def _link(self, offset: int, limit: int, echo: str) -> str:
        return f"{self.address}?offset={offset}&limit={limit}{echo}"


def limit(query: Mapping[str, str], default: int, maximum: int, minimum: int = 1) -> int:
    """The ``limit`` of a request; out of range is an error, not a correction."""
    return _number(query, "limit", default, minimum, maximum)


def offset(query: Mapping[str, str]) -> int:
    """The ``offset`` of a request."""
    return _number(query, "offset", 0, 0, MAX_OFFSET)


def _number(query: Mapping[str, str], name: str, default: int, minimum: int, maximum: int) -> int:
    text = query.get(name)
    if text is None:
        return default
    number = digits(text)
    if number is None or not minimum <= number <= maximum:
        raise ApiError(400, f"Invalid {name}")
    return number


def digits(text: str) -> int | None:
    """The number in a text of up to 18 digits, enough for any list or time; None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def echo(query: Mapping[str, str], language: str | None) -> str:
    """Parameters that links repeat besides offset and limit.

    ``additional_types`` becomes ``track`` in any case (recorded 2024 and 2026), and the header ``Accept-Language``
    becomes ``locale``.
    """
    parts = []
    if "market" in query:
        parts.append("&market=" + quote(query["market"], safe=""))
    if "additional_types" in query:
        parts.append("&additional_types=track")
    if "fields" in query:
        parts.append("&fields=" + quote(query["fields"], safe=",()!*"))
    if language:
        parts.append("&locale=" + quote(language, safe=",;-*"))
    return "".join(parts)
