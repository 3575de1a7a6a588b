"""No test sees the settings, the home or the proxies of whoever runs it, or leaves anything there."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# A slow machine is no failure.
settings.register_profile("playlake", deadline=None)
settings.load_profile("playlake")

SETTINGS = ("SOURCES__", "DESTINATION__", "CREDENTIALS__", "EXTRACT__", "NORMALIZE__", "LOAD__", "RUNTIME__", "DLT_")
"""What names of environment variables that dlt reads begin with."""

CHECKOUT = Path(__file__).parent.parent


@pytest.fixture(scope="session", autouse=True)
def isolation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new home, a new folder for dlt and a new working folder, where dlt finds no `.dlt` either."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(SETTINGS) or name.lower().endswith("_proxy"):
                patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("USERPROFILE", str(home))
        for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(home / name.lower()))
        patch.setenv("DLT_DATA_DIR", str(home / "dlt"))
        patch.setenv("RUNTIME__DLTHUB_TELEMETRY", "false")
        patch.chdir(tmp_path_factory.mktemp("work"))
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded answers and reference files, which is no part of the project."""
    folder = Path(os.environ.get("PLAYLAKE_SHARED") or CHECKOUT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"there are no recordings in {folder}; PLAYLAKE_SHARED names another folder")
    return folder
