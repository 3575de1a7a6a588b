"""playlake as it is where nothing else is installed: `python -m tests.benchmarks.as_installed ARGUMENTS`.

The benchmarks' environment has data frames for other programs, and DuckDB imports them wherever it finds them.
"""

import sys

HIDDEN = ("numpy", "pandas")
HIDING = f"import sys; sys.modules.update(dict.fromkeys({HIDDEN}))"
"""The same for `python -c`."""


def hide_data_frames() -> None:
    """Lets this process find none, as if they were not installed."""
    sys.modules.update(dict.fromkeys(HIDDEN))  # type: ignore[arg-type]  # what is null cannot be imported


if __name__ == "__main__":
    hide_data_frames()
    from pipelines.cli import main

    main()
