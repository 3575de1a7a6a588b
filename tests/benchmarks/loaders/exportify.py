"""exportify-cli, as it comes, with all playlists as CSV files; a program, for the Python that it needs.

python exportify.py PLACE URL FOLDER

It signs in with a browser and asks Spotify itself, and has no setting for another address: so there is a token in its
cache, and spotipy's address is another.
"""

import json
import os
import sys
import time
from pathlib import Path

import spotipy
from exportify_cli.cli import main

FIELDS = "position,track_uri,name,artist,artist_uri,album,album_uri,date,duration,popularity,added_by,added_at,isrc"
"""With the URIs, by which the entries are distinguished; it asks for each album whatever the columns are."""


def run(url: str, folder: Path) -> None:
    """Exports all."""
    os.environ |= {"XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder), "NO_PROXY": "127.0.0.1"}
    home = folder / "exportify-cli"
    home.mkdir()
    account = 'client_id = "benchmark"\nredirect_uri = "http://127.0.0.1:8888/callback"\n'
    (home / "config.toml").write_text(f"[spotify]\n{account}\n[exportify-cli]\n")
    scope = "playlist-read-private user-library-read"
    token = {"access_token": "benchmark", "refresh_token": "benchmark", "token_type": "Bearer", "scope": scope}
    (home / "token.cache").write_text(json.dumps(token | {"expires_at": int(time.time()) + 36_000}))
    made = spotipy.Spotify.__init__

    def init(self: spotipy.Spotify, *given: object, **named: object) -> None:
        made(self, *given, **named)
        self.prefix = f"{url}/v1/"

    spotipy.Spotify.__init__ = init
    main(["--all", "--no-bar", "--output", str(folder / "exported"), "--fields", FIELDS])


if __name__ == "__main__":
    run(sys.argv[2], Path(sys.argv[3]))
