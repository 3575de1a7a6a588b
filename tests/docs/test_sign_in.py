"""The way to a refresh token that `docs/sign_in.md` shows for servers leads there."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from pipelines.destinations.lake import Lake
from pipelines.sync import sync
from sources.spotify_sandbox import Sandbox, generate

TEXT = (Path(__file__).parents[2] / "docs/sign_in.md").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_a_refresh_token_for_servers(tmp_path: Path) -> None:
    """The address asks for consent, the command exchanges the code, and the token works more than once."""
    (address,) = re.findall(r"https://accounts\.spotify\.com/authorize\S+", TEXT)
    (command,) = re.findall(r"^ +(curl .*?api/token)$", TEXT, re.MULTILINE | re.DOTALL)
    with Sandbox(generate(seed=1, playlists=1, items=5)) as api:

        def here(text: str) -> str:
            return text.replace("https://accounts.spotify.com", api.accounts_url).replace("CLIENT_ID", api.client_id)

        page = requests.get(here(address), timeout=30)
        (ticket,) = re.findall(r'name="ticket" value="([^"]+)"', page.text)
        form = {"ticket": ticket, "decision": "agree"}
        sent = requests.post(page.url.partition("?")[0], form, timeout=30, allow_redirects=False)
        (code,) = parse_qs(urlsplit(sent.headers["Location"]).query)["code"]
        # A terminal would be asked for what stands behind the colon.
        typed = here(command).replace(api.client_id, f"{api.client_id}:{api.client_secret}").replace("CODE", code)
        done = subprocess.run(["sh", "-c", f"{typed} --silent"], capture_output=True, text=True, check=True)
        credentials = {
            "client_id": api.client_id,
            "client_secret": api.client_secret,
            "refresh_token": json.loads(done.stdout)["refresh_token"],
        }
        lake = Lake(path=str(tmp_path / "music.duckdb"))
        for _ in range(2):
            report = sync(lake=lake, credentials=credentials, api_url=api.api_url, accounts_url=api.accounts_url)
            assert report.exit_code == 0
