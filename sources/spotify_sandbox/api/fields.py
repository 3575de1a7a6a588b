"""The ``fields`` parameter: ``snapshot_id,owner.id``, ``items(added_at,track(name))``, ``album(!name,href)``.

Commas separate, a dot or parentheses lead into an object, and a list is passed through to each element. A group with
a ``!`` keeps everything except what it names. A key that is named both whole and in part is kept whole. Unknown names
are silently ignored, and so is a malformed rest of the text
(https://developer.spotify.com/documentation/web-api/reference/get-playlist).
"""

import re
from dataclasses import dataclass, field
from typing import Any

from sources.spotify_sandbox.errors import bad_request

_TOKEN = re.compile(r"[(),.!]|[^(),.!\s]+")
_SIGNS = frozenset("(),.!")


@dataclass(slots=True)
class Selection:
    """The selected keys of one object; without keys, or if ``complete``, the whole object."""

    keys: dict[str, "Selection"] = field(default_factory=dict)
    excludes: bool = False
    complete: bool = False

    def wants(self, key: str) -> bool:
        """Whether a key of the object is part of the answer."""
        return self.whole or (key in self.keys) != self.excludes

    def of(self, key: str) -> "Selection":
        """The selection inside a key."""
        return Selection() if self.whole or self.excludes else self.keys.get(key, Selection())

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return self.complete or not self.keys

    def apply(self, value: Any) -> Any:
        """A JSON value with only the selected keys."""
        if self.whole:
            return value
        if isinstance(value, list):
            return [self.apply(element) for element in value]
        if isinstance(value, dict):
            return {key: self.of(key).apply(part) for key, part in value.items() if self.wants(key)}
        return value


def parse(text: str) -> Selection:
    """The selection that a ``fields`` parameter asks for; 400 if it is nested too deep."""
    selection = Selection()
    try:
        _group(_TOKEN.findall(text)[::-1], selection)
    except RecursionError:
        message = "Invalid fields"
        raise bad_request(message) from None
    return selection


def _group(stack: list[str], group: Selection) -> None:
    """Read fields, the next one last on the stack, up to a closing parenthesis."""
    while stack:
        sign = stack.pop()
        if sign == ")":
            return
        if sign == "!":
            group.excludes = True
        elif sign == "(":
            _group(stack, group)
        elif sign not in _SIGNS:
            _field(sign, stack, group)


def _field(name: str, stack: list[str], group: Selection) -> None:
    """Read what follows a name: a name inside it, a group, or neither."""
    inside = group.keys.setdefault(name, Selection())
    dotted = bool(stack) and stack[-1] == "."
    if dotted:
        stack.pop()
    if stack and stack[-1] == "(":
        stack.pop()
        _group(stack, inside)
    elif dotted and stack and stack[-1] not in _SIGNS:
        _field(stack.pop(), stack, inside)
    else:
        inside.complete = True
