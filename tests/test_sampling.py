"""The tests that are left out of a quick run leave no claim out of the long one."""

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import by_claim, claim_of, function_of

NAMES = st.builds(
    "tests/test_file.py::test_{}{}".format,
    st.integers(0, 5),
    st.sampled_from(["", "[duckdb]", "[parquet]", "[duckdb-3]", "[parquet-3]", "[4-postgres]", "[postgresql]"]),
)


@given(st.sets(NAMES))
def test_each_test_comes_first_then_each_destination(names: set[str]) -> None:
    """Whatever the cases are: all come once, first one of each test, then one of each test on each destination."""
    ordered, claims = by_claim(names)
    assert sorted(ordered) == sorted(names)
    tests = {function_of(name) for name in names}
    assert {function_of(name) for name in ordered[: len(tests)]} == tests
    assert claims == len({claim_of(name) for name in names})
    assert {claim_of(name) for name in ordered[:claims]} == {claim_of(name) for name in names}


def test_destinations_take_turns() -> None:
    """Of tests that have a case on each, half the destinations are played on one and half on the other."""
    names = {f"tests/test_file.py::test_{number}[{place}]" for number in range(10) for place in ("duckdb", "parquet")}
    ordered, _ = by_claim(names)
    assert sum("duckdb" in name for name in ordered[:10]) == 5
