"""A simple solution for comparison: dlt's `rest_api` with one incremental cursor on `added_at`.

This is what dlt's documentation leads to (https://dlthub.com/docs/dlt-ecosystem/verified-sources/rest_api/basic,
section on incremental loading). It is run on the same stories as our own sync.
"""

from collections import Counter
from pathlib import Path

import dlt
import requests
from dlt.sources.rest_api import rest_api_source
from dlt.sources.rest_api.typing import Endpoint, EndpointResource, RESTAPIConfig

from sources.spotify_sandbox import Sandbox
from tests.model.worlds import PLAYED_FOR

Row = tuple[str, str | None, str | None]
"""Playlist, URI of the item, and `added_at`."""


class Naive:
    """A DuckDB file that the simple solution fills.

    Args:
        api: where from.
        folder: where the file goes.
    """

    def __init__(self, api: Sandbox, folder: Path) -> None:
        self._api = api
        self._pipeline = dlt.pipeline(
            "naive",
            destination=dlt.destinations.duckdb(str(folder / "naive.duckdb")),
            dataset_name="spotify",
            pipelines_dir=str(folder / "naive"),
        )

    def sync(self) -> None:
        """Loads what the cursor lets through."""
        dlt.config["runtime.dlthub_telemetry"] = False
        self._pipeline.run(rest_api_source(self._config()))

    def _config(self) -> RESTAPIConfig:
        development = self._api.regime == "development"
        contents: Endpoint = {
            "path": "playlists/{resources.playlists.id}/" + ("items" if development else "tracks"),
            "params": {"limit": 50, "additional_types": "track,episode", "market": "SE"},
            "data_selector": "items",
            "incremental": {
                "cursor_path": "added_at",
                "initial_value": "1970-01-01T00:00:00Z",
                "on_cursor_value_missing": "include",
            },
        }
        playlists: EndpointResource = {
            "name": "playlists",
            "primary_key": "id",
            "write_disposition": "merge",
            "endpoint": {"path": "me/playlists", "params": {"limit": 50}, "data_selector": "items"},
        }
        items: EndpointResource = {
            "name": "playlist_items",
            "write_disposition": "append",
            "include_from_parent": ["id"],
            "endpoint": contents,
        }
        return {
            "client": {
                "base_url": self._api.api_url + "/",
                "auth": {"type": "bearer", "token": self._token()},
                "paginator": {"type": "json_link", "next_url_path": "next"},
            },
            "resources": [playlists, items],
        }

    def _token(self) -> str:
        form = {"grant_type": "refresh_token", "refresh_token": self._api.refresh_token}
        answer = requests.post(
            self._api.accounts_url + "/api/token",
            data=form,
            auth=(self._api.client_id, self._api.client_secret),
            timeout=10,
        )
        return str(answer.json()["access_token"])

    def rows(self) -> Counter[Row]:
        """What the table holds of each playlist; there is no order in it."""
        columns = self._pipeline.default_schema.get_table_columns("playlist_items")
        uris = [name for name in ("item__uri", "track__uri") if name in columns]
        uri = f"coalesce({', '.join(uris)}, NULL)" if uris else "NULL"
        sql = f"SELECT _playlists_id, {uri}, strftime(added_at, '%Y-%m-%dT%H:%M:%SZ') FROM playlist_items"
        with self._pipeline.sql_client() as client:
            client.execute_sql("SET TimeZone = 'UTC'")
            rows = client.execute_sql(sql) or ()
        # The name of the track that plays counts as right as well.
        added_as = {played: added for added, played in PLAYED_FOR.items()}
        return Counter((row[0], added_as.get(row[1], row[1]), row[2]) for row in rows)


def now_listed(api: Sandbox) -> Counter[Row]:
    """The actual contents of the playlists."""
    return Counter(
        (playlist.id, entry.uri, entry.added_at) for playlist in api.world.listed() for entry in playlist.entries
    )
