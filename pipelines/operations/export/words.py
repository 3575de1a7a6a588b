"""Words that messages are made of."""

from collections.abc import Mapping, Sequence

SHOWN = 5
"""How many names a message has at most."""


def named_briefly(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    more = f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def counted_briefly(numbers: Mapping[str, int]) -> str:
    """The same of names with a number each."""
    return named_briefly([f"{name} ({number:,})" for name, number in numbers.items()])


def counted(number: int, thing: str) -> str:
    """A number of things, or one of them."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")
