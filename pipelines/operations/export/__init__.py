"""Playlists to take away: CSV, XLSX, M3U8, JSPF, or plain URIs."""

from pipelines.operations.export.service import Exported, export

__all__ = ["Exported", "export"]
