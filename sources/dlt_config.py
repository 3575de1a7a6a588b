"""Access to dlt's settings: its providers in order, and the trace of where each value was found."""

from typing import Any

from dlt.common.configuration.container import Container
from dlt.common.configuration.providers.toml import GLOBAL_ORIGIN_PREFIX
from dlt.common.configuration.specs.base_configuration import BaseConfiguration
from dlt.common.configuration.specs.pluggable_run_context import PluggableRunContext
from dlt.common.configuration.utils import ResolvedValueTrace, get_resolved_traces

__all__ = ["GLOBAL_ORIGIN_PREFIX", "BaseConfiguration", "ResolvedValueTrace", "providers", "traces"]


def providers() -> list[Any]:
    """Where dlt looks for settings, in order."""
    return list(Container()[PluggableRunContext].providers.providers)


def traces() -> list[ResolvedValueTrace]:
    """What dlt looked for and found, the newest last."""
    return list(get_resolved_traces().all_traces)
