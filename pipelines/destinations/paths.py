"""Destinations that are a path: a file, a folder, or the URL of a bucket."""

from pathlib import Path

from pipelines.destinations.base import Destination
from sources.errors import ConfigurationError
from sources.safe_text import is_encodable
from sources.spotify.setting_parsers import local_path
from sources.stored.load_tables import LOADS

DUCKDB_FILE = b"DUCK"
"""What a DuckDB file has from its ninth byte on."""


class PathDestination(Destination):
    """A file, a folder or a bucket. Arguments are those of `Destination`."""

    def __init__(self, name: str, path: str | None, dataset: str) -> None:
        super().__init__(name, path, dataset)
        if not is_encodable(self.place):
            msg = f"{self.place} is not valid UTF-8, which databases do not accept: use another folder or name."
            raise ConfigurationError(msg)

    def exists(self) -> bool:
        """Whether there may be something already: for files and folders here, whether the path is there."""
        return self.is_url or Path(self.location).exists()

    def identity(self) -> tuple[int, int] | None:
        """The identity (device and inode) of the file or folder; null if it does not exist, or is not on a disk."""
        if self.is_url:
            return None
        try:
            found = Path(self.location).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def disk(self) -> Path | None:
        """A folder on the same disk, for measuring free space; null if it is on no disk of this machine."""
        if self.is_url:
            return None
        return next(folder for folder in Path(self.location).absolute().parents if folder.exists())


def is_duckdb_file(path: str) -> bool:
    """Whether a path is a DuckDB file's, which is known by its contents.

    Raises:
        OSError: the path cannot be read.
    """
    if not Path(path).is_file():
        return False
    with Path(path).open("rb") as file:
        return file.read(12)[8:] == DUCKDB_FILE


def is_parquet_lake(path: str) -> bool:
    """Whether a path is a bucket's, or that of a folder with loads in it.

    Raises:
        OSError: the path cannot be read.
    """
    return "://" in path or (Path(path).is_dir() and any(Path(path).glob(f"*/{LOADS}")))


def path_of(given: str) -> str:
    """A path as it was meant; bucket URLs as they are.

    Raises:
        ConfigurationError: the text does not name a file, folder or bucket.
    """
    scheme, is_url, _ = given.partition("://")
    if is_url and scheme != "file":
        from fsspec import available_protocols

        if scheme not in available_protocols():
            msg = f"--path {given}: the scheme {scheme}:// is not supported; buckets have s3, gs or az."
            raise ConfigurationError(msg)
        return given
    if given.startswith((":", "md:")):
        msg = f"--path {given} is not a file or folder: name one, since a sync stores what it reads."
        raise ConfigurationError(msg)
    return str(local_path(given, name="--path"))
