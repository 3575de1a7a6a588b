"""The ``q`` of a search: words, and filters such as ``artist:Miles Davis`` or ``year:1955-1960``.

Facts: https://developer.spotify.com/documentation/web-api/reference/search
"""

import re
from dataclasses import dataclass, field
from unicodedata import combining, normalize

FILTERS = ("album", "artist", "track", "year", "upc", "isrc", "genre", "tag")

_TOKEN = re.compile(r'(?P<name>[a-z]+):|"(?P<quoted>[^"]*)"?|(?P<word>[^\s"]+)')
_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


def folded(text: str) -> str:
    """A text as search compares it: without case and accents."""
    # Decomposed before and after: some characters contain a capital only once they are decomposed.
    plain = normalize("NFKD", normalize("NFKD", text).casefold())
    return "".join(sign for sign in plain if not combining(sign))


@dataclass(slots=True)
class Query:
    """A search: words anywhere, and the words after each filter, all folded.

    A filter reaches up to the next one, as in the reference's ``remaster track:Doxy artist:Miles Davis``.
    """

    words: list[str] = field(default_factory=list)
    filters: dict[str, list[str]] = field(default_factory=dict)

    def matches(self, text: str, **fields: str) -> bool:
        """Whether all words are in a text, and those of each filter that has a field, in its field."""
        return all(word in text for word in self.words) and all(
            word in fields[name] for name, words in self.filters.items() if name in fields for word in words
        )

    def covers(self, *names: str) -> bool:
        """Whether every filter is one of these, so that objects with only these fields can be found."""
        return set(self.filters) <= set(names)

    def in_year(self, date: str | None) -> bool:
        """Whether a date of release is in the requested year or years."""
        if "year" not in self.filters:
            return True
        years = _YEARS.fullmatch("".join(self.filters["year"]))
        if years is None or date is None:
            return False
        return years[1] <= date[:4] <= (years[2] or years[1])

    def tagged(self, tag: str) -> bool:
        """Whether the search has a tag: ``new`` or ``hipster``."""
        return tag in self.filters.get("tag", ())


def parse(text: str) -> Query:
    """The query in a text."""
    query = Query()
    here = query.words
    for token in _TOKEN.finditer(folded(text)):
        name, value = token["name"], token["quoted"] or token["word"]
        if name in FILTERS:
            here = query.filters.setdefault(name, [])
        elif name or value:
            here.append(name or value)
    return query
