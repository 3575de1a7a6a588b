"""Reorders a list by moving ranges."""

from collections.abc import Sequence
from dataclasses import dataclass

from sources.spotify.resources.addition_keys import longest_increasing
from sources.spotify.writes.steps import Move


@dataclass(frozen=True, slots=True)
class Blocks:
    """An order cut into blocks that stay together on the way to another order.

    Attributes:
        line: of each block, in the order that there is, the place of its first item in the order to come.
        length: of each block, by that place.
        staying: the most blocks that are in the right order already.
    """

    line: list[int]
    length: dict[int, int]
    staying: frozenset[int]

    @property
    def moves(self) -> int:
        """How many requests it takes: all other blocks are moved, one by one."""
        return len(self.line) - len(self.staying)


def blocks(line: Sequence[int], wanted: Sequence[int]) -> Blocks:
    """How to get from one order to another of the same items, all of them different."""
    place = {item: number for number, item in enumerate(wanted)}
    starts: list[int] = []
    length: dict[int, int] = {}
    following = -1
    for item in line:
        if place[item] == following:
            length[starts[-1]] += 1
        else:
            starts.append(place[item])
            length[starts[-1]] = 1
        following = place[item] + 1
    kept = longest_increasing(starts)
    return Blocks(starts, length, frozenset(starts[index] for index in kept))


def moves(cut: Blocks) -> list[Move]:
    """The moves, each of which puts a block behind the one that comes before it in the order to come."""
    line, found = list(cut.line), []
    previous: int | None = None
    for block in sorted(cut.line):
        if block not in cut.staying:
            index = line.index(block)
            target = 0 if previous is None else line.index(previous) + 1
            start = sum(cut.length[other] for other in line[:index])
            before = sum(cut.length[other] for other in line[:target])
            found.append(Move(start, cut.length[block], before))
            line.pop(index)
            line.insert(target if target <= index else target - 1, block)
        previous = block
    return found
