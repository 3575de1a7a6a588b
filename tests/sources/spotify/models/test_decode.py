"""JSON is decoded in many threads."""

from msgspec import Struct

from sources.spotify.models.decode import BUILDING, decode

held: list[bool] = []


def an_integer() -> type[int]:
    """A type, named while msgspec learns the class below."""
    held.append(BUILDING.locked())
    return int


class Learned(Struct):
    """A class whose type of a field is found out when it is first decoded."""

    value: "an_integer()"  # type: ignore[valid-type]


def test_one_thread_at_a_time_learns_a_class() -> None:
    """While msgspec finds out the fields of a class no other thread does: one that met it half known would crash."""
    for body in (b'{"value": 1}', b'{"value": 2}'):
        assert decode(body, Learned).value == int(body[10:11])
    assert held == [True]
    assert not BUILDING.locked()
