"""What one writes with dlt's declarative `rest_api` source to get playlists and what is on them, on dlt's defaults."""

from pathlib import Path
from typing import Any

import dlt
from dlt.sources.rest_api import rest_api_source
from dlt.sources.rest_api.typing import RESTAPIConfig


def load(_place: Path, url: str, work: Path) -> int:
    """Nested lists become child tables, the market lists too: hundreds of rows an item."""
    return _load(work, _config(url))


def load_without_markets(_place: Path, url: str, work: Path) -> int:
    """The same, with the market lists taken out of the answers before dlt looks at them: new apps get none."""
    config: Any = _config(url)
    config["resources"][1]["processing_steps"] = [{"map": _without_markets}]
    return _load(work, config)


def load_tuned(_place: Path, url: str, work: Path) -> int:
    """What one who knows dlt sets: no market lists, nested objects as JSON, Parquet files, in parallel."""
    config: Any = _config(url)
    config["resources"][1] |= {"processing_steps": [{"map": _without_markets}], "parallelized": True}
    return _load(work, config, loader_file_format="parquet", nesting=0)


def _load(work: Path, config: RESTAPIConfig, loader_file_format: Any = None, nesting: int | None = None) -> int:
    database = dlt.destinations.duckdb(str(work / "rest_api.duckdb"))
    pipeline = dlt.pipeline("rest_api", destination=database, dataset_name="spotify")
    source: Any = rest_api_source(config)
    source.max_table_nesting = nesting
    pipeline.run(source, loader_file_format=loader_file_format)
    trace = pipeline.last_trace
    assert trace is not None
    assert trace.last_normalize_info is not None
    return int(trace.last_normalize_info.row_counts["playlist_items"])


def _config(url: str) -> RESTAPIConfig:
    return {
        "client": {
            "base_url": f"{url}/v1/",
            "auth": {"type": "bearer", "token": "benchmark"},
            "paginator": {"type": "json_link", "next_url_path": "next"},
        },
        "resources": [
            {
                "name": "playlists",
                "primary_key": "id",
                "write_disposition": "merge",
                "endpoint": {"path": "me/playlists", "params": {"limit": 50}, "data_selector": "items"},
            },
            {
                "name": "playlist_items",
                "write_disposition": "append",
                "include_from_parent": ["id"],
                "endpoint": {
                    "path": "playlists/{resources.playlists.id}/tracks",
                    "params": {"limit": 50, "additional_types": "track,episode"},
                    "data_selector": "items",
                    "incremental": {
                        "cursor_path": "added_at",
                        "initial_value": "1970-01-01T00:00:00Z",
                        "on_cursor_value_missing": "include",
                    },
                },
            },
        ],
    }


def _without_markets(entry: dict[str, Any]) -> dict[str, Any]:
    track = entry.get("track") or {}
    for holder in (track, track.get("album") or {}, track.get("show") or {}):
        holder.pop("available_markets", None)
    return entry
