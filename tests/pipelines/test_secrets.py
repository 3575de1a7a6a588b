"""No secret is ever written down."""

import gzip
import json
import stat
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sources.spotify.auth.token_endpoint import GrantError, ask_for_token
from sources.spotify.config import SpotifyCredentials
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import ended, started
from tests.sources.spotify.stand_in import Reply, in_turn, transport


class Eavesdropper:
    """Notes the access tokens that clients show; may answer one path wrongly."""

    def __init__(self) -> None:
        self.tokens: set[str] = set()
        self.broken = ""

    def __call__(self, request: Request) -> Response | None:
        """Looks at a request, and breaks its answer if it is for the path that is to fail."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme == "Bearer":
            self.tokens.add(token)
        if self.broken and self.broken in request.url.path:
            return Response(b"<html>no JSON</html>", 200)
        return None


class Parrot:
    """Refuses requests and repeats in its answers what it was sent, as some proxies do."""

    def __init__(self, at: str) -> None:
        self.at = at
        self.heard: set[str] = set()

    def __call__(self, request: Request) -> Response | None:
        """The refusal."""
        if self.at not in request.url.path:
            return None
        header = request.headers.get("authorization", "")
        self.heard.add(header.partition(" ")[2])
        return JSONResponse({"error": {"status": 403, "message": f"refused: {'.' * 150} Authorization: {header}"}}, 403)


def test_no_secret_is_repeated(tmp_path: Path) -> None:
    """Where a server repeats the token that it was sent, not even a part of it is reported or stored."""
    parrot = Parrot("/playlists/")
    with Sandbox(generate(seed=3, playlists=2, items=20), intercept=parrot) as api:
        end = ended(started("sync", "--report", "report.json", folder=tmp_path, environment=api.environment))
    assert (end.code, "Authorization: Bearer ***" in end.err) == (4, True), end.err
    [token] = parrot.heard
    texts = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] + [(end.out + end.err).encode()]
    assert [text for text in texts if token[:8].encode() in text] == []


def test_a_token_endpoint_that_repeats() -> None:
    """Neither the app's secret nor what was granted is in the message of a refusal."""
    app, form = SpotifyCredentials(), {"grant_type": "refresh_token", "refresh_token": "REFRESHING"}
    app.client_id, app.client_secret = "app", "HIDDEN"
    said = {"error": "invalid_grant", "error_description": "secret HIDDEN, refresh_token REFRESHING"}
    sender = transport(in_turn(Reply(400, json.dumps(said).encode())))
    with pytest.raises(GrantError, match=r"secret \*\*\*, refresh_token \*\*\*"):
        ask_for_token(sender, "https://accounts.example/api/token", app, form, idempotent=True)


@pytest.mark.long
def test_no_secret_is_written_down(tmp_path: Path) -> None:
    """After syncs that succeed and fail in many ways, no secret or token is in any file or output."""
    watch = Eavesdropper()
    outputs: dict[str, bytes] = {}
    with Sandbox(generate(seed=3, playlists=8, items=200), intercept=watch) as api:
        tokens = [api.client_secret, api.refresh_token]

        def run(code: int, *arguments: str, **changes: str) -> None:
            given = {f"SOURCES__SPOTIFY__CREDENTIALS__{name.upper()}": value for name, value in changes.items()}
            command = ["sync", "--verbose", *arguments]
            end = ended(started(*command, folder=tmp_path, environment=api.environment | given))
            assert end.code == code, end.err
            outputs[f"output {len(outputs)}"] = (end.out + end.err).encode()

        run(0, "--report", "report.json", "--keep-raw", "raw")
        run(2, client_id="somebody")
        watch.broken = "/playlists/"
        run(4, "--full", "--report", "failures.json", "--keep-raw", "raw")
        watch.broken = ""
        # Without the secret a refresh token works once, and the answer holds the next one, which is kept.
        used = api.refresh_token
        run(0, "--destination", "parquet", client_secret="")
        tokens.append(api.refresh_token)
        run(0, "--destination", "parquet", "--keep-raw", "raw", client_secret="", refresh_token=used)
        tokens.append(api.refresh_token)
        run(3, "--destination", "parquet", client_secret="", refresh_token="revoked")

    assert len(watch.tokens) == 4
    files = {str(path.relative_to(tmp_path)): path for path in tmp_path.rglob("*") if path.is_file()}
    kept = {name: files.pop(name) for name in list(files) if "/tokens/" in name and not name.endswith(".lock")}
    assert [stat.S_IMODE(path.stat().st_mode) for path in kept.values()] == [0o600]
    assert {"playlake.duckdb", "report.json", "failures.json"} <= files.keys()
    assert any(name.startswith("lake/") for name in files)
    assert any(name.startswith("dlt/") for name in files)
    texts = outputs | {name: path.read_bytes() for name, path in files.items()}
    raw = {name: gzip.decompress(text) for name, text in texts.items() if name.startswith("raw/")}
    assert len(raw) == 3
    assert all(b'"status":200' in text and b"token" not in text for text in raw.values())
    texts |= raw
    assert [
        (name, token) for name, text in texts.items() for token in watch.tokens.union(tokens) if token.encode() in text
    ] == []
