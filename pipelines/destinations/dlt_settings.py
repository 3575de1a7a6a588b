"""Isolates our dlt pipelines from the user's other dlt settings.

dlt reads its settings from the environment, from `.dlt/config.toml` and `.dlt/secrets.toml`, for every pipeline of a
user alike. What a lake looks like must not depend on what somebody has set for another pipeline: a layout of files, a
naming convention, a schema contract. So of those settings only the ones reach our pipelines that say how to connect to
a destination; all others are as this module has them, or as they come with dlt. Other pipelines, in other threads of
the same process too, see what they always saw, and when nothing is done for a lake any more, all of dlt is as it was.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from dlt.common.configuration.container import Container
from dlt.common.configuration.providers.provider import ConfigProvider
from dlt.common.configuration.resolve import inject_section
from dlt.common.configuration.specs import ConfigSectionContext, PluggableRunContext
from dlt.common.configuration.specs.base_configuration import is_secret_hint
from dlt.common.pipeline import PipelineContext

from pipelines.destinations.dlt_errors import is_news
from sources.spotify.auth.trusted_addresses import file_of_folder

OWN: dict[tuple[str, ...], Any] = {
    # A trace is what dlt sends to its makers, and a file that nobody reads.
    ("enable_runtime_trace",): False,
    # Twenty tables loaded at once need 100 MB more and are no faster on two cores.
    ("load", "workers"): 2,
    # Loaded packages and the rows waiting to be merged are of no use any more.
    ("load", "delete_completed_jobs"): True,
    ("load", "truncate_staging_dataset"): True,
}
"""Settings of ours, where dlt comes with others."""

LOGGING = {"log_level", "log_format"}
"""Settings of dlt's `runtime` that are about its log; others would send what a run does to somebody."""


@dataclass(frozen=True, slots=True)
class Note:
    """A setting that one of our pipelines has read.

    Attributes:
        name: the name of the setting, with dots.
        key: the last part of the name.
        is_secret: whether it is kept as a secret.
        file: the current folder's file that sets it, if that is one.
    """

    name: str
    key: str
    is_secret: bool
    file: Path | None


_NOTES: ContextVar[list[Note] | None] = ContextVar("notes", default=None)
_may_use: dict[str, Callable[[tuple[str, ...]], bool]] = {}
"""For each of our pipelines, by name: whether it may use a user's setting of destinations."""


_users = 0
"""How many threads are at work for our pipelines."""

_lock = Lock()
"""Held while dlt's providers of settings are exchanged."""


@contextmanager
def settings_of(pipeline_name: str, may_use: Callable[[tuple[str, ...]], bool]) -> Iterator[None]:
    """Inside the block, dlt resolves settings in this thread as for our pipeline; after it, the earlier one is active.

    Args:
        pipeline_name: the pipeline for which dlt uses our settings.
        may_use: whether the pipeline may use a user's setting, given as its path.
    """
    container = Container()
    if container[ConfigSectionContext].pipeline_name == pipeline_name:
        yield
        return
    _may_use[pipeline_name] = may_use
    active = container[PipelineContext]
    before = active.pipeline() if active.is_active() else None
    _begin()
    try:
        with inject_section(ConfigSectionContext(pipeline_name=pipeline_name)):
            yield
    finally:
        _end()
        if before is not None:
            active.activate(before)
        else:
            active.deactivate()


def _begin() -> None:
    """Wraps each provider in a filter, and filters dlt's log, unless that is done already."""
    global _users
    with _lock:
        _users += 1
        providers = Container()[PluggableRunContext].providers.providers
        providers[:] = [
            found if isinstance(found, _FilteredProvider) else _FilteredProvider(found, has_own=place == 0)
            for place, found in enumerate(providers)
        ]
        logging.getLogger("dlt").addFilter(is_news)


def _end() -> None:
    """Removes the filters, if no other thread needs them."""
    global _users
    with _lock:
        _users -= 1
        if _users:
            return
        providers = Container()[PluggableRunContext].providers.providers
        providers[:] = [found.provider if isinstance(found, _FilteredProvider) else found for found in providers]
        logging.getLogger("dlt").removeFilter(is_news)


@contextmanager
def noted() -> Iterator[list[Note]]:
    """The settings that our pipelines in this thread read inside the block."""
    notes: list[Note] = []
    token = _NOTES.set(notes)
    try:
        yield notes
    finally:
        _NOTES.reset(token)


class _FilteredProvider(ConfigProvider):
    """A settings provider that filters which settings our pipelines see.

    Args:
        provider: the provider behind it.
        has_own: whether it is asked first, and so tells our settings, too; the others need not be asked in vain.
    """

    def __init__(self, provider: ConfigProvider, *, has_own: bool) -> None:
        self.provider, self.has_own = provider, has_own

    def __getattr__(self, name: str) -> Any:
        return getattr(self.provider, name)

    def get_value(self, key: str, hint: type[Any], pipeline_name: str | None, *sections: str) -> tuple[Any | None, str]:
        """The value of a setting, and its name; null if it is not set, or the pipeline that asks may not use it."""
        may_use = _may_use.get(Container()[ConfigSectionContext].pipeline_name or "")
        path = tuple(filter(None, (*sections, key)))
        if may_use is None or _reaches(path, may_use):
            value, name = self.provider.get_value(key, hint, pipeline_name, *sections)
            notes = _NOTES.get()
            # Of a section with credentials each setting is asked for by itself.
            if notes is not None and value is not None and not (key == "credentials" and isinstance(value, Mapping)):
                place = self.get_value_location(key, pipeline_name, *sections)
                notes.append(Note(name, key, is_secret_hint(hint), file_of_folder(self.name, place)))
            return value, name
        return OWN.get(path) if self.has_own else None, ".".join(path)

    def get_value_location(self, key: str, pipeline_name: str | None, *sections: str) -> str:
        """The location of the value."""
        return self.provider.get_value_location(key, pipeline_name, *sections)

    def set_value(self, key: str, value: Any, pipeline_name: str | None, *sections: str) -> None:
        """Sets a value."""
        self.provider.set_value(key, value, pipeline_name, *sections)

    @property
    def supports_secrets(self) -> bool:
        """Whether it may hold secrets."""
        return self.provider.supports_secrets

    @property
    def supports_sections(self) -> bool:
        """Whether its settings have sections."""
        return self.provider.supports_sections

    @property
    def name(self) -> str:
        """What people call it."""
        return self.provider.name

    @property
    def is_empty(self) -> bool:
        """Whether it has no value at all."""
        return not self.has_own and self.provider.is_empty

    @property
    def is_writable(self) -> bool:
        """Whether values can be set."""
        return self.provider.is_writable

    @property
    def locations(self) -> Any:
        """The possible locations of its values."""
        return self.provider.locations

    @property
    def present_locations(self) -> Any:
        """The locations that exist."""
        return self.provider.present_locations


def _reaches(path: tuple[str, ...], may_use: Callable[[tuple[str, ...]], bool]) -> bool:
    """Whether a pipeline of ours may use a setting of the user."""
    if path in OWN:
        return False
    if path[0] == "runtime":
        return path[-1] in LOGGING
    if path[0] == "providers":
        return True
    return may_use(path)
