"""Routes a method and a path to its handler: a tree of path parts, so that many endpoints cost no more than one."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

Target = TypeVar("Target")


@dataclass(slots=True)
class _Node(Generic[Target]):
    """A node of the tree: the targets by method, and the nodes of the next path part."""

    targets: dict[str, tuple[Target, tuple[str, ...]]] = field(default_factory=dict)
    named: dict[str, "_Node[Target]"] = field(default_factory=dict)
    any: "_Node[Target] | None" = None


@dataclass(frozen=True, slots=True)
class Match(Generic[Target]):
    """The match of a path: its targets by method, and the values of the path's parameters, in order."""

    targets: dict[str, tuple[Target, tuple[str, ...]]]
    values: tuple[str, ...]

    def target(self, method: str) -> tuple[Target, dict[str, str]] | None:
        """The target of a method, and the parameters by name."""
        if method not in self.targets:
            return None
        target, names = self.targets[method]
        return target, dict(zip(names, self.values, strict=True))


class Routes(Generic[Target]):
    """Targets by path. A literal part wins over a parameter at the same position."""

    def __init__(self) -> None:
        self._root: _Node[Target] = _Node()

    def add(self, method: str, path: str, target: Target) -> None:
        """Put a target at a path such as ``/v1/playlists/{id}``."""
        node, names = self._root, []
        for part in path.split("/"):
            if part.startswith("{"):
                names.append(part[1:-1])
                node.any = node.any or _Node()
                node = node.any
            else:
                node = node.named.setdefault(part, _Node())
        node.targets[method] = (target, tuple(names))

    def find(self, parts: list[str]) -> Match[Target] | None:
        """The match of a path, given in its parts; None if there is no such path."""
        return _walk(self._root, parts, 0, ())


def _walk(node: _Node[Target], parts: list[str], depth: int, values: tuple[str, ...]) -> Match[Target] | None:
    if depth == len(parts):
        return Match(node.targets, values) if node.targets else None
    part = parts[depth]
    below = node.named.get(part)
    found = None if below is None else _walk(below, parts, depth + 1, values)
    if found is None and node.any is not None and part:
        found = _walk(node.any, parts, depth + 1, (*values, part))
    return found
