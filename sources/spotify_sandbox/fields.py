"""The ``fields`` parameter: ``snapshot_id,owner.id``, ``items(added_at,track(name))``, ``album(!name,href)``.

Commas separate, a dot or parentheses lead into an object, and a list is passed through to each element. A group
that begins with ``!`` keeps everything except what it names. Unknown names are ignored without a word, and so is
a missing parenthesis.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Selection:
    """The keys of one object that are wanted; without keys, the object whole."""

    keys: dict[str, "Selection"] = field(default_factory=dict)
    excludes: bool = False

    def wants(self, key: str) -> bool:
        """Whether a key of the object is part of the answer."""
        return not self.keys or (key in self.keys) != self.excludes

    def of(self, key: str) -> "Selection":
        """The selection inside a key."""
        return Selection() if self.excludes else self.keys.get(key, Selection())

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return not self.keys

    def apply(self, value: Any) -> Any:
        """A JSON value with only the wanted keys."""
        if self.whole:
            return value
        if isinstance(value, list):
            return [self.apply(element) for element in value]
        if isinstance(value, dict):
            return {key: self.of(key).apply(part) for key, part in value.items() if self.wants(key)}
        return value


def parse(text: str) -> Selection:
    """The selection that a ``fields`` parameter asks for."""
    selection = Selection()
    _group(_tokens(text), selection)
    return selection


def _tokens(text: str) -> Iterator[str]:
    word = ""
    for character in text:
        if character in "(),.!":
            if word:
                yield word
                word = ""
            yield character
        elif not character.isspace():
            word += character
    if word:
        yield word


def _group(tokens: Iterator[str], group: Selection) -> None:
    # "here" is where the next name goes, "last" what a dot or a parenthesis after that name leads into.
    here = last = group
    for sign in tokens:
        if sign == ")":
            return
        if sign == "(":
            _group(tokens, last)
        elif sign == ",":
            here = group
        elif sign == "!":
            here.excludes = True
        elif sign == ".":
            here = last
        else:
            last = here.keys.setdefault(sign, Selection())
