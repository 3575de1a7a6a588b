"""A folder or bucket of files as readers need it: dlt's client for it, or a folder of this machine without dlt."""

import os
from dataclasses import dataclass, field
from typing import Any, Protocol


class Folder(Protocol):
    """A dataset's folder."""

    @property
    def fs_client(self) -> Any:
        """An fsspec file system."""

    @property
    def dataset_path(self) -> str:
        """The folder, with a slash at its end."""

    @property
    def is_local_filesystem(self) -> bool:
        """Whether it is a folder of this machine."""

    def make_remote_url(self, remote_path: str) -> str:
        """The URL of a path."""


def _local_files() -> Any:
    from fsspec.implementations.local import LocalFileSystem

    return LocalFileSystem()


@dataclass(frozen=True, slots=True)
class LocalFolder:
    """A dataset's folder of this machine, as dlt's client has it.

    Attributes:
        root: the lake's folder, absolute.
        dataset: the folder below it.
        fs_client: an fsspec file system.
        is_local_filesystem: that it is one of this machine.
    """

    root: str
    dataset: str
    fs_client: Any = field(default_factory=_local_files)
    is_local_filesystem: bool = True

    @property
    def dataset_path(self) -> str:
        """The folder, with a slash at its end."""
        return os.path.join(self.root, self.dataset, "")  # noqa: PTH118 (a path without its last slash is another)

    def make_remote_url(self, remote_path: str) -> str:
        """The path itself: readers of this machine take it as it is."""
        return remote_path
