"""The disk that a sync works on: a lake and dlt's working folder, which can be put back as they were."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.destinations.lake import Lake


@dataclass(frozen=True, slots=True)
class Scene:
    """A folder with all that syncs read and write.

    Attributes:
        root: a folder of its own; always the same, since dlt names its folders after the lake's path.
        destination: `duckdb` or `parquet`.
        phase: in which the fault happens.
    """

    root: Path
    destination: str
    phase: str = ""

    @property
    def folder(self) -> Path:
        """Where syncs run."""
        return self.root / self.destination / "now"

    @property
    def lake(self) -> Lake:
        """The destination."""
        return Lake(self.destination, str(self.path))

    @property
    def path(self) -> Path:
        """The database file or the folder of files."""
        return self.folder / "lake"

    @property
    def work(self) -> Path:
        """The working folder of dlt, which may be lost."""
        return self.folder / "dlt"

    @property
    def pipeline(self) -> Path:
        """The working folder of the lake's pipeline."""
        [folder] = (path for path in (self.work / "pipelines").iterdir() if path.is_dir())
        return folder

    def keep(self, name: str) -> None:
        """Saves the current contents."""
        shutil.copytree(self.folder, self._kept(name))

    def has(self, name: str) -> bool:
        """Whether contents are saved under a name."""
        return self._kept(name).exists()

    def restore(self, name: str) -> None:
        """Restores the saved contents."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self._kept(name), self.folder)

    def restore_lake(self, name: str) -> None:
        """Restores the lake alone."""
        self.remove_lake()
        kept = self._kept(name) / "lake"
        if kept.is_dir():
            shutil.copytree(kept, self.path)
        else:
            shutil.copy2(kept, self.path)

    def remove_lake(self) -> None:
        """Removes the lake."""
        if self.path.is_dir():
            shutil.rmtree(self.path)
        else:
            for path in self.folder.glob("lake*"):
                path.unlink()

    def met(self) -> None:
        """Notes, from any process, that the fault has happened."""
        with os.fdopen(os.open(self.folder / "met", os.O_WRONLY | os.O_CREAT | os.O_APPEND), "w") as file:
            file.write("x")

    def times_met(self) -> int:
        """How often."""
        path = self.folder / "met"
        return path.stat().st_size if path.exists() else 0

    def data_files(self) -> Iterator[Path]:
        """All files of the lake, with what each holds to be compared by the caller."""
        yield from (
            sorted(path for path in self.path.rglob("*") if path.is_file()) if self.path.is_dir() else [self.path]
        )

    def _kept(self, name: str) -> Path:
        return self.root / self.destination / name
