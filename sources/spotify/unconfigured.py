"""Whether nothing at all is configured, found out without dlt, whose import takes longer than most commands.

Where this says so, dlt would find no setting either, and every one is as it comes. It errs on one side only: where
anything could hold a setting, dlt is asked.
"""

import os
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from tempfile import gettempdir

SETTINGS = (
    "playlists",
    "resources",
    "users",
    "credentials",
    "profile",
    "api_url",
    "accounts_url",
    "market",
    "audit_after",
    "max_retry_wait",
    "describe_after",
    "catalogue_requests",
    "audio_analysis",
    "full",
    "parallel_reads",
    "covers",
    "searches",
    "search_types",
    "recommendation_seeds",
    "store_email",
    "keep_raw",
)
"""Names of the declared settings."""
CREDENTIALS = ("client_id", "client_secret", "refresh_token", "authorised_at")
"""Names of the settings in the section `credentials`."""
MOUNTED = Path("/run/secrets")
"""Where dlt looks for secrets that Docker and Kubernetes mount."""
USERS = {"dlt", "google.colab", "streamlit"}
"""Modules of a process that has settings of its own already."""
FILES = (".toml", ".workspace")
"""How files end that hold settings, or say that other files do."""


def is_unconfigured() -> bool:
    """Whether no setting of `sources.spotify` can be configured, wherever dlt looks.

    - variables of the environment, whatever sections stand before the name:
      https://dlthub.com/docs/general-usage/credentials/setup#environment-variables;
    - files in the project's folder and in the user's or the system's: `dlt.common.runtime.run_context`;
    - mounted secrets: `dlt.common.configuration.providers.environ`;
    - packages that look elsewhere: `dlt.common.configuration.plugins`;
    - a process that uses dlt already, and may have told it something.
    """
    return not (
        USERS & sys.modules.keys()
        or _is_in_environment()
        or _is_mounted()
        or any(_has_files(folder) for folder in _folders())
        or any(entry.value != "dlt.__plugins__" for entry in entry_points(group="dlt"))
    )


def _is_in_environment() -> bool:
    names = {name.upper() for name in (*SETTINGS, *CREDENTIALS)}
    return any(variable.rpartition("__")[2].upper() in names for variable in os.environ)


def _is_mounted() -> bool:
    names = tuple(name.replace("_", "-") for name in (*SETTINGS, *CREDENTIALS))
    try:
        return any(entry.name.lower().endswith(names) for entry in MOUNTED.iterdir())
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _folders() -> Iterator[Path]:
    """Every folder that dlt may take for the project's, the user's or the system's."""
    name = os.environ.get("DLT_CONFIG_FOLDER", ".dlt")
    yield Path(os.environ.get("DLT_PROJECT_DIR", "."), name)
    yield Path(os.path.expanduser("~"), name)  # noqa: PTH111 (a home that is not known is no error)
    yield Path(gettempdir(), "dlt")
    yield Path("/var/dlt")
    if data := os.environ.get("XDG_DATA_HOME"):
        yield Path(data, "dlt")


def _has_files(folder: Path) -> bool:
    try:
        return any(entry.name.endswith(FILES) for entry in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        # Whatever is wrong with it dlt says.
        return True
