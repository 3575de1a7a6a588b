"""The tests that are left out of a quick run leave no claim out of the long one."""

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import claim_of, function_of, sample

NAMES = st.sets(
    st.builds(
        "tests/test_file.py::test_{}{}".format,
        st.integers(0, 5),
        st.sampled_from(["", "[duckdb]", "[parquet]", "[duckdb-3]", "[parquet-3]", "[4-postgres]", "[postgresql]"]),
    )
)


@given(NAMES, st.integers(1, 9), st.integers(1, 3))
def test_a_long_run_plays_every_claim(names: set[str], step: int, times: int) -> None:
    """Each test, from twice as many cases on each of its destinations, and as many as it is told to, each once."""
    played = sample(names, step, times)
    assert len(played) == len(set(played)) >= min(len(names), len(names) * times / step)
    assert set(played) <= names
    claim = claim_of if times > 1 else function_of
    assert {claim(name) for name in played} == {claim(name) for name in names}


@given(NAMES, st.integers(1, 9))
def test_a_quick_run_plays_part_of_the_long_one(names: set[str], step: int) -> None:
    """No more cases, none that the long one leaves out, and none twice of a test before all tests were played."""
    quick, long = sample(names, step, 0), sample(names, step, 1)
    assert quick == long[: len(quick)]
    tests = {function_of(name) for name in names}
    assert len({function_of(name) for name in quick[: len(tests)]}) == min(len(quick), len(tests))
    assert (quick == []) == (names == set())


def test_destinations_take_turns() -> None:
    """Of tests that have a case on each of two, half are played on one and half on the other."""
    names = {f"tests/test_file.py::test_{number}[{place}]" for number in range(10) for place in ("duckdb", "parquet")}
    assert sum("duckdb" in name for name in sample(names, 2, 0)) == 5
