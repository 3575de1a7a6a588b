"""Where the tables are, for programs: `Lake`."""

from pipelines.destinations.lake import Lake

__all__ = ["Lake"]
