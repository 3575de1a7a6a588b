"""The page at ``/``: the sandbox, its endpoints, and the request log. It loads nothing from other hosts."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from starlette.responses import HTMLResponse

from sources.spotify_sandbox.accounts.api_modes import RULES
from sources.spotify_sandbox.api.endpoint import Endpoint
from sources.spotify_sandbox.api.request_log import RequestRecord
from sources.spotify_sandbox.api.service import Service
from sources.spotify_sandbox.control import state
from sources.spotify_sandbox.faults import NAMED

_HERE = Path(__file__).parent
_STYLE = (_HERE / "page.css").read_text(encoding="utf-8")
_SCRIPT = (_HERE / "page.js").read_text(encoding="utf-8")

_PAGE = Template((_HERE / "page.html").read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


HEADERS = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    f"connect-src 'self'; style-src {_hash(_STYLE)}; script-src {_hash(_SCRIPT)}",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
"""Only the page's own script runs, and no other site may embed it."""


def page(service: Service, origin: str, endpoints: Sequence[Endpoint], edits: Sequence[Iterable[str]]) -> HTMLResponse:
    """The page as it is now; ``edits`` are the names of those of playlists and those of the world."""
    current = state.state(service, origin)
    client, faults = current["clients"][0], current["weather"]["faults"]
    texts = {
        "host": origin.partition("://")[2],
        "origin": origin,
        "world": f"{current['world']['playlists']:,} playlists, {current['world']['entries']:,} entries",
        "user": current["world"]["user"],
        "regime": current["regime"],
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
        "refresh_token": current["refresh_token"],
        "token": service.access_token(),
        "total": f"{current['requests']:,}",
        "count": str(len(endpoints)),
        "playlist_edits": ", ".join(edits[0]),
        "world_edits": ", ".join(edits[1]),
    }
    parts = {
        "style": _STYLE,
        "script": _SCRIPT,
        "calm": " hidden" if faults else "",
        "empty": " hidden" if service.requests else "",
        "faults": "".join(f"<li>{escape(_fault(fault))}</li>" for fault in faults),
        "regimes": _options({name: name for name in RULES}, current["regime"]),
        "weathers": _options({name: f"{name}: {about}" for name, (about, _) in NAMED.items()}, "clear"),
        "log": "".join(map(_request, reversed(service.requests[-50:]))),
        "endpoints": "".join(map(_endpoint, endpoints)),
    }
    text = _PAGE.substitute({name: escape(value) for name, value in texts.items()} | parts)
    return HTMLResponse(text, headers=HEADERS)


def _fault(fault: dict[str, object]) -> str:
    return f"{fault['label']}: {fault['met']} met of {fault['planned']} planned"


def _options(names: dict[str, str], chosen: str) -> str:
    return "".join(
        f'<option value="{escape(name)}"{" selected" if name == chosen else ""}>{escape(text)}</option>'
        for name, text in names.items()
    )


def _request(record: RequestRecord) -> str:
    at = datetime.fromtimestamp(record.at, UTC).strftime("%H:%M:%S")
    path = record.path + ("?" + urlencode(record.query) if record.query else "")
    kind = "good" if 200 <= record.status < 400 else "bad"
    return (
        f'<tr><td>{at}</td><td>{escape(record.method)}</td><td class="path code">{escape(path)}</td>'
        f'<td class="number {kind}">{record.status or "cut"}</td><td class="number size">{record.size:,}</td>'
        f"<td>{escape(', '.join(record.faults))}</td></tr>"
    )


def _endpoint(entry: Endpoint) -> str:
    described = state.endpoint(entry)
    scopes = ", ".join(described["scopes"]) or ("any user" if entry.user else "")
    kept = "kept" if entry.development_status is None else f"{entry.development_status}"
    kind = "good" if entry.development_status is None else "bad"
    return (
        f'<tr><td>{entry.method}</td><td class="path code">{escape(described["path"])}</td>'
        f'<td class="{kind}">{kept}</td>'
        f'<td>{escape(scopes)}</td><td class="about">{escape(described["about"])}</td></tr>'
    )
