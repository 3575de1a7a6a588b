"""Kept answers: whole whatever happens, and the same when they are read again."""

import gzip
import resource
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import msgspec
import pytest

from sources.errors import ConfigurationError, DestinationError
from sources.spotify.http.archive import SUFFIX, Recording, RecordingFile, recordings, run_id_of
from sources.spotify.http.archive_format import Exchange, Header, request_key
from tests.sources.spotify.stand_in import API

START = datetime(2026, 11, 22, 10, tzinfo=UTC)
HEADER = Header(
    version="1",
    run_id="RUN",
    started_at=START,
    client_id="app",
    is_user=True,
    api_url=API,
    resources=["playlists"],
    references=[],
    market=None,
    full=False,
    audit_after=1.0,
    max_retry_wait=60.0,
)


def kept(number: int, path: str = "/p", **more: object) -> Exchange:
    """An answer that came so many seconds after the start."""
    given = {"requests": 1, "status": 200, "body": f"{number}"} | more
    return Exchange(path=path, received_at=START + timedelta(seconds=number), **given)  # type: ignore[arg-type]


def written(folder: Path, *answers: Exchange) -> Path:
    """The file that holds some answers."""
    raw = RecordingFile(folder)
    raw.header = lambda: HEADER
    for answer in answers:
        raw.append(answer)
    return one_file(folder)


def one_file(folder: Path) -> Path:
    """The only file of a folder."""
    [found] = folder.iterdir()
    return found


def read(file: Path, path: str = "/p") -> list[bytes]:
    """The bodies of all answers to a request, in order."""
    recording, found = Recording(file), []
    while (answer := recording.take(path)) is not None:
        found.append(answer.content)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "raw"


def test_a_file_for_each_run(folder: Path) -> None:
    """It is named by its run, any gzip reads its lines, and nobody but its owner may."""
    file = written(folder, kept(1), kept(2))
    assert file.name == f"2026-11-22T10-00-00.000000Z-RUN{SUFFIX}"
    assert run_id_of(file) == "RUN"
    with gzip.open(file) as lines:
        first, *others = map(msgspec.json.decode, lines)
    assert (first["run_id"], [line["body"] for line in others]) == ("RUN", ["1", "2"])
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(folder.stat().st_mode)) == (0o600, 0o700)


def test_a_killed_run_leaves_whole_answers(folder: Path) -> None:
    """Cut anywhere in its last answer, a file gives all answers before it."""
    file = written(folder, kept(1), kept(2), kept(3, body="the last " * 100))
    whole = file.read_bytes()
    last = whole.rindex(b"\x1f\x8b\x08")
    for length in range(last, len(whole)):
        file.write_bytes(whole[:length])
        assert read(file) == [b"1", b"2"]


def test_threads_write_whole_answers(folder: Path) -> None:
    """Answers that several threads keep at the same time are all there, each on its own line."""
    raw = RecordingFile(folder)
    raw.header = lambda: HEADER

    def keep(thread: int) -> None:
        for number in range(50):
            raw.append(kept(number, f"/{thread}", body=f"{number} " * 500))

    threads = [Thread(target=keep, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(4):
        assert read(one_file(folder), f"/{number}") == [(f"{n} " * 500).encode() for n in range(50)]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Lets no file grow beyond a size, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk(folder: Path) -> None:
    """What does not fit is an error that says so, and leaves what was written, on which one can go on."""
    raw = RecordingFile(folder)
    raw.header = lambda: HEADER
    raw.append(kept(1))
    with (
        room_for(one_file(folder).stat().st_size + 20),
        pytest.raises(DestinationError, match=f"cannot be recorded in {folder}"),
    ):
        raw.append(kept(2))
    assert read(one_file(folder)) == [b"1"]
    raw.append(kept(3))
    assert read(one_file(folder)) == [b"1", b"3"]


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    """Where a folder cannot be made the run does not begin."""
    (tmp_path / "file").touch()
    with pytest.raises(DestinationError, match="--keep-raw"):
        RecordingFile(tmp_path / "file" / "raw")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip",
        zlib.compress(b"{}", wbits=31),
        zlib.compress(b"no JSON", wbits=31),
        zlib.compress(msgspec.json.encode(msgspec.structs.replace(HEADER, playlake_raw=2)), wbits=31),
        zlib.compress(msgspec.json.encode(HEADER), wbits=31) + b"rubbish in the middle",
    ],
)
def test_files_that_are_no_recordings(content: bytes, tmp_path: Path) -> None:
    """A file that is something else, damaged or of a later version is named, and what is wrong with it."""
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=str(file)):
        Recording(file)


@pytest.mark.parametrize(
    ("line", "change"),
    [
        (0, {"started_at": "2026-01-01T00:00:00"}),
        (0, {"audit_after": 1e300}),
        (1, {"received_at": "2026-01-01T00:00:00"}),
        (1, {"status": "200"}),
        (1, {"headers": {"Date": 5}}),
    ],
)
def test_values_that_nobody_kept(line: int, change: dict[str, object], folder: Path) -> None:
    """Times without a zone and values of other kinds are damage, noticed before anything is made of the rest."""
    file = written(folder, kept(1))
    lines = [msgspec.json.decode(each) for each in gzip.decompress(file.read_bytes()).splitlines()]
    lines[line] |= change
    file.write_bytes(b"".join(gzip.compress(msgspec.json.encode(each)) for each in lines))
    with pytest.raises(ConfigurationError, match="damaged"):
        Recording(file)


def test_places_without_recordings(tmp_path: Path) -> None:
    """A folder without recordings, or nothing at all, is a wrong setting."""
    with pytest.raises(ConfigurationError, match="holds no kept answers"):
        recordings(tmp_path)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        Recording(tmp_path / "nothing")


def test_requests_are_distinguished_by_what_they_ask() -> None:
    """The order of parameters does not matter, and their values do, however they are written."""
    assert request_key("/p", {"b": "x,y", "a": 1}) == request_key("/p", {"a": "1", "b": "x,y"}) == "/p?a=1&b=x%2Cy"
    assert request_key("/p", {}) == "/p" != request_key("/p", {}, "POST")
