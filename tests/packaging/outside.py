"""The one place where tests reach the package index: as whoever ran `make packaging` does, but in another home."""

import json
import os
from pathlib import Path

from tests.pipelines.driving import clean_environment

REACHING = (
    "PIP_",
    "UV_",
    "SSL_CERT_",
    "REQUESTS_CA_",
    "CURL_CA_",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
)
"""What names of variables begin with that say how an index is reached; tests see none of them."""


def reaching(home: Path, cache: Path) -> dict[str, str]:
    """The environment of a process that installs: nobody's home, the index of whoever runs this.

    Args:
        home: an empty folder.
        cache: for what was downloaded, shared by those who install the same.
    """
    given: dict[str, str] = json.loads(os.environ.get("PLAYLAKE_OUTSIDE", "{}"))
    kept = {name: value for name, value in given.items() if name.upper().startswith(REACHING)}
    environment = clean_environment(home) | kept
    # pip's own file may name the index; uv does not read it.
    if "PIP_CONFIG_FILE" not in kept and "HOME" in given:
        own = [Path(given["HOME"], name) for name in (".config/pip/pip.conf", ".pip/pip.conf")]
        if found := next((file for file in own if file.is_file()), None):
            environment["PIP_CONFIG_FILE"] = str(found)
    if "PIP_INDEX_URL" in kept:
        environment.setdefault("UV_DEFAULT_INDEX", kept["PIP_INDEX_URL"])
    # Where tools and data are is the home's matter.
    for name in ("XDG_DATA_HOME", "XDG_BIN_HOME", "PIPX_HOME", "PIPX_BIN_DIR", "UV_TOOL_DIR", "UV_TOOL_BIN_DIR"):
        environment.pop(name, None)
    caches = {"UV_CACHE_DIR": str(cache / "uv"), "PIP_CACHE_DIR": str(cache / "pip")}
    # A test runs too little of what it installs to compile all of it.
    return environment | caches | {"PIP_NO_COMPILE": "1"}
