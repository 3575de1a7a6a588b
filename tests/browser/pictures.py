"""Takes the pictures in ``docs/images`` again: ``make pictures``.

All show the demonstration: what ``playlake demo`` prints, and the report of the database that it leaves.
"""

import base64
import tempfile
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.terminal_theme import MONOKAI

from pipelines.destinations.lake import Lake
from pipelines.operations.demo import DEFAULT_PATH, demo
from pipelines.operations.report import write_report
from tests.browser.chromium import Scheme, chromium, looking
from tests.demo_lake import UNTIL

FOLDER = Path(__file__).parents[2] / "docs" / "images"
MOST = 250_000
"""Bytes that a picture may have."""


def take(driver: Any, name: str, size: tuple[int, int], scheme: Scheme = "light", scale: float = 1) -> None:
    """Saves what the browser shows, from the top of the page, in pixels of CSS."""
    width, height = size
    with looking(driver, scheme, width, height, scale):
        shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
    picture = base64.b64decode(shot["data"])
    (FOLDER / name).write_bytes(picture)
    print(f"{name}: {len(picture):,} bytes{'' if len(picture) < MOST else ', which is too many'}")  # noqa: T201


def take_report(driver: Any, folder: Path) -> None:
    """The page of `playlake report` on a desk, on a phone and by night."""
    page = folder / "report.html"
    write_report(Lake("duckdb", str(folder / DEFAULT_PATH)), page, UNTIL + timedelta(hours=1))
    driver.get(page.as_uri())
    driver.execute_async_script("module_main.started.then(arguments[0])")
    take(driver, "report.png", (1280, 1500))
    take(driver, "report-phone.png", (390, 844), scale=2)
    take(driver, "report-dark.png", (1280, 900), "dark")


def take_demo(driver: Any, folder: Path) -> None:
    """The beginning of what `playlake demo` prints."""
    console = Console(record=True, width=120, file=StringIO(), force_terminal=True)
    demo(str(folder / DEFAULT_PATH), console, lambda _done, _total: None, UNTIL)
    page = folder / "demo.html"
    drawn = console.export_svg(title="playlake demo", theme=MONOKAI)
    page.write_text(f'<!doctype html><meta charset="utf-8"><body style="margin: 0">{drawn}', encoding="utf-8")
    driver.get(page.as_uri())
    take(driver, "demo.png", (1200, 556))


def main() -> None:
    """All of them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, chromium(Path(name) / "profile") as driver:
        take_demo(driver, Path(name))
        take_report(driver, Path(name))


if __name__ == "__main__":
    main()
