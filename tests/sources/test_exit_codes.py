"""Which exit code a sync ends with, and the syncs of several accounts."""

import random

import pytest

from sources import exit_codes
from sources.exit_codes import CONFIGURATION, INTERRUPTED, PARTIAL, PRECEDENCE, SUCCESS, TRY_LATER, of_sync, of_syncs


@pytest.mark.parametrize(
    ("error", "is_partial", "code"),
    [
        (None, False, SUCCESS),
        (None, True, PARTIAL),
        (TRY_LATER, False, TRY_LATER),
        (TRY_LATER, True, TRY_LATER),
        (143, True, 143),
    ],
)
def test_one_sync(error: int | None, is_partial: bool, code: int) -> None:
    """The error that ended it counts for more than what could not be read."""
    assert of_sync(error, is_partial=is_partial) == code


def test_several_accounts() -> None:
    """What needs a person comes first, then failures, then what was not read, then waiting; a signal before all."""
    assert of_syncs([]) == SUCCESS
    random_codes = random.Random(1)
    for _ in range(200):
        codes = random_codes.choices(PRECEDENCE, k=random_codes.randint(1, 6))
        assert of_syncs(codes) == min(codes, key=[CONFIGURATION, 3, 1, PARTIAL, TRY_LATER, SUCCESS].index)
        assert of_syncs([*codes, 143]) == 143


def test_every_code_has_its_place() -> None:
    """No code is without a place in the order, and none of them is a signal's."""
    known = {value for name, value in vars(exit_codes).items() if name.isupper() and isinstance(value, int)}
    assert known == set(PRECEDENCE)
    assert set(INTERRUPTED).isdisjoint(known)
