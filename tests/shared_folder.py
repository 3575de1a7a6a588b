"""The folder of recorded answers and reference data, which is no part of the project; tests without it are skipped."""

import os
from pathlib import Path

SHARED = Path(os.environ.get("PLAYLAKE_SHARED") or Path(__file__).parents[2] / "shared")
"""PLAYLAKE_SHARED, or the folder beside the checkout."""
