"""What is stored is looked up by id, together and once."""

from collections.abc import Sequence

from sources.spotify.resources.playlists.lookup import Lookup


def test_each_id_is_asked_for_once() -> None:
    """Those that were prepared in one query, another in one of its own, and what is not stored not again either."""
    asked: list[list[str]] = []

    def ask(ids: Sequence[str]) -> dict[str, str]:
        asked.append([*ids])
        return {id_: id_.upper() for id_ in ids if id_ != "x"}

    lookup = Lookup(ask)
    lookup.prepare(["b", "x", "a", "b"])
    lookup.prepare(iter(["a", "x"]))
    assert [lookup.get(id_) for id_ in ("a", "b", "x", "c", "c")] == ["A", "B", None, "C", "C"]
    assert asked == [["a", "b", "x"], ["c"]]
