"""The files of an export, unpacked or in the zip as it comes: which of them are histories, and how they are opened.

Extended histories are called `Streaming_History_Audio_2015-2017_0.json`, `Streaming_History_Video_2018.json` or, in
older exports, `endsong_0.json`; short ones `StreamingHistory_music_0.json` or `StreamingHistory0.json`.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple

from sources.errors import ConfigurationError

HISTORY = re.compile(r"(streaming_?history\w*|end(song|video)\w*)([ ._-].*)?\.json", re.IGNORECASE)
"""Names of histories; people's browsers put a number behind them."""

OTHERS = re.compile(
    r"(playlist\d*|yourlibrary|follow|userdata|useraddress|userprompts?|identit\w+|identifiers|inferences|payments|"
    r"searchqueries|yoursoundcapsule|marquee|messagedata|duonewfamily|familyplan|carthing|wrapped\w*|"
    r"podcastinteract\w+|userfestivals\w*|read_?me\w*)([ ._-].*)?\.(json|pdf)",
    re.IGNORECASE,
)
"""Names of other files of the account data."""

LARGEST = 8 << 30
"""Bytes of histories that are unpacked from one zip; ten million plays take as much."""
DENSEST = 250
"""How many times smaller than its contents a zip's file may be, once that matters; histories shrink 10 to 60 times."""
HARMLESS = 64 << 20
"""Bytes up to which it does not."""

PACKED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What damaged, encrypted and strange zips raise; `lzma` and `bz2` raise OSError, as the disk does."""


class History(NamedTuple):
    """A file with plays.

    Attributes:
        name: for messages.
        stream: the bytes of the file.
    """

    name: str
    stream: IO[bytes]


def histories(paths: Sequence[Path], passed_over: list[str]) -> Iterator[History]:
    """All histories of some files and zips, one after the other.

    Args:
        paths: the paths of the files.
        passed_over: where to put names of other files.

    Raises:
        ConfigurationError: a file cannot be read, or has nothing to do with the account data.
    """
    for path in paths:
        with report_file_errors(str(path)):
            if not path.is_file():
                what = "is a folder" if path.is_dir() else "is not there" if not path.exists() else "is not a file"
                msg = f"{path} {what}: name the zip that Spotify sent, or the JSON files in it."
                raise ConfigurationError(msg)
            with path.open("rb") as stream:
                is_zip = stream.read(4).startswith(b"PK")
                stream.seek(0)
                if is_zip:
                    yield from _in_zip(path, stream, passed_over)
                elif OTHERS.fullmatch(path.name):
                    passed_over.append(path.name)
                else:
                    yield History(path.name, stream)


def _in_zip(path: Path, stream: IO[bytes], passed_over: list[str]) -> Iterator[History]:
    found, left = False, LARGEST
    with zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            name = PurePosixPath(member.filename).name
            if member.is_dir() or name.startswith(".") or member.filename.startswith("__MACOSX/"):
                continue
            if not HISTORY.fullmatch(name):
                passed_over.append(name)
                continue
            found = True
            with archive.open(member) as packed:
                unpacked = _Unpacked(packed, f"{path.name}: {name}", member.compress_size, left)
                yield History(unpacked.name, unpacked)  # type: ignore[arg-type]
                left -= unpacked.size
    if not found:
        msg = f"{path} contains no streaming history: it is not account data from Spotify, or the part without plays."
        raise ConfigurationError(msg)


class _Unpacked:
    """A member of a zip; its declared size is not trusted."""

    def __init__(self, stream: IO[bytes], name: str, packed: int, left: int) -> None:
        self._stream, self.name, self._packed, self._left = stream, name, packed, left
        self.size = 0

    def read(self, count: int) -> bytes:
        """The next bytes of the unpacked file.

        Raises:
            ConfigurationError: the file is larger than any history.
        """
        data = self._stream.read(count)
        self.size += len(data)
        if self.size > self._left or self.size > max(HARMLESS, DENSEST * self._packed):
            msg = f"{self.name} unpacks to far more data than a file of Spotify's has. Nothing was stored."
            raise ConfigurationError(msg)
        return data


@contextmanager
def report_file_errors(name: str) -> Iterator[None]:
    """Converts errors about a file into one line.

    Raises:
        ConfigurationError: the file is damaged, needs a password or cannot be read.
    """
    try:
        yield
    except PACKED as error:
        what = "needs a password" if "password" in str(error) else "is damaged, or was not downloaded completely"
        msg = f"{name} {what}, and no zip as Spotify sends it: download it again. Nothing was stored."
        raise ConfigurationError(msg) from None
    except OSError as error:
        msg = f"{name} cannot be read ({error.strerror or error}). Nothing was stored."
        raise ConfigurationError(msg) from None
