"""Snapshot ids look like Spotify's and count changes."""

from base64 import b64decode

from sources.spotify_sandbox.world import snapshot_ids


def test_recorded_revision() -> None:
    """A snapshot id recorded in 2026 is read as its revision 2."""
    assert snapshot_ids.revision("AAAAAqEcxS92ddZ6R83Q8TWFhYshm18s") == 2


def test_following_counts_by_one() -> None:
    """Each change adds one to the revision and makes another hash of 20 bytes."""
    first = snapshot_ids.make(41, "a")
    second = snapshot_ids.following(first)
    assert (snapshot_ids.revision(first), snapshot_ids.revision(second)) == (41, 42)
    assert len(first) == len(second) == 32
    assert b64decode(first)[4:] != b64decode(second)[4:]


def test_opaque_forms_of_old() -> None:
    """An id that is no base64 of 24 bytes counts as revision 0, so that an edit gives revision 1."""
    assert snapshot_ids.revision("not base64!") == 0
    assert snapshot_ids.revision(snapshot_ids.following("MTcsNGE=")) == 1
