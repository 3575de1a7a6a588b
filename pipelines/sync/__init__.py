"""A sync, from lock to views."""

from pipelines.sync.service import Report, sync

__all__ = ["Report", "sync"]
