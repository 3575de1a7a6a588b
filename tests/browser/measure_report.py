"""Measures the report's page in Chromium with a slowed CPU: ``python -m tests.browser.measure_report 15000``.

It prints how large the page is, how long it takes to be ready, and for each interaction, of several the slowest: the
milliseconds until the browser has painted what came of it, with a slowed CPU; and those for which the page's thread
computed, as many times over, which say more on a machine that does other things, too.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from pipelines.operations.report import write_report
from tests.browser.chromium import chromium, looking
from tests.pipelines.operations.report.edited_lake import edited_lake
from tests.pipelines.operations.report.lakes import NOW

SLOWER = 4
"""How much slower the CPU is made, as Chromium's and Lighthouse's phones are."""

_PAINTED = """
const [action, value, done] = arguments;
const actions = {
  search: () => {
    const box = document.getElementById("search");
    box.focus();
    box.value = value;
    box.dispatchEvent(new Event("input", {bubbles: true}));
  },
  slide: () => {
    const slider = document.getElementById("day");
    slider.value = Number(slider.min) + value * (slider.max - slider.min);
    slider.dispatchEvent(new Event("input", {bubbles: true}));
  },
  open: () => document.querySelector(value).click(),
  go: () => { location.hash = value; },
  back: () => history.back(),
  scroll: () => scrollTo(0, value * document.documentElement.scrollHeight),
};
const moves = ["open", "go", "back"].includes(action);
const start = performance.now();
const arrived = () => new Promise((resolve) => addEventListener("hashchange", resolve, {once: true}));
const told = moves ? arrived() : Promise.resolve();
actions[action]();
told.then(() => requestAnimationFrame(() => {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => done(performance.now() - start);
  channel.port2.postMessage(null);
}));
"""
_READY = "const done = arguments[0]; module_main.started.then(() => done(performance.now()))"


def main(items: int, address: str | None = None) -> None:
    """Makes a lake with so many entries of playlists and its report, and measures that."""
    with tempfile.TemporaryDirectory() as name, chromium(Path(name) / "profile") as driver:
        file = Path(name) / "page.html"
        if address is None:
            lake = edited_lake(
                Path(name) / "lake", playlists=items // 150, items=items, tracks=items * 7 // 10, syncs=26, edits=8
            )
            before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
            write_report(lake, file, NOW)
            after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            say(f"{items:,} entries: {file.stat().st_size:,} bytes, written in {time.perf_counter() - start:.1f} s")
            say(f"Memory of the process that wrote it: {before // 1024} MB before, {after // 1024} MB at most")
        with looking(driver, "light", 1280):
            driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            driver.set_script_timeout(120)
            driver.get(address or file.as_uri())
            say(f"Ready after {driver.execute_async_script(_READY):.0f} ms, with a CPU {SLOWER} times slower")
            painted = walk(driver)
            driver.execute_cdp_cmd("Emulation.setCPUThrottlingRate", {"rate": 1})
            driver.execute_cdp_cmd("Performance.enable", {})
            for (what, wall, _), (_, _, computed) in zip(painted, walk(driver), strict=True):
                say(f"{what:30} {wall:6.0f} ms until painted {SLOWER * computed:6.0f} ms computed")


def thread_time(driver: Any) -> float:
    """Milliseconds for which the page's thread has computed so far; 0 if they are not counted."""
    metrics = driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    return next((1000 * metric["value"] for metric in metrics if metric["name"] == "ThreadTime"), 0.0)


def walk(driver: Any) -> list[tuple[str, float, float]]:
    """Search, a playlist, its dates, back; then the other pages: what, until it was painted, and what it computed."""
    found = []

    def measure(what: str, action: str, *values: object) -> None:
        wall, computed = 0.0, 0.0
        for value in values:
            before = thread_time(driver)
            wall = max(wall, driver.execute_async_script(_PAINTED, action, value))
            computed = max(computed, thread_time(driver) - before)
        found.append((what, wall, computed))

    measure("search, letter by letter", "search", *("signal"[:end] for end in range(1, 7)), "e", "harbour violet")
    measure("open a title", "open", "#page tbody a")
    measure("open its playlist", "open", "#page tbody a")
    measure("drag the date", "slide", *(step / 20 for step in range(20, -1, -1)), 0.31, 0.9)
    measure("back to the title", "back", None)
    measure("back to the hits", "back", None)
    measure("scroll the hits", "scroll", 0.2, 0.5, 0.9, 0.1)
    measure("all changes", "go", "#/changes")
    measure("the newest changes first", "go", "#/changes?by=newest")
    measure("all playlists", "go", "#/playlists")
    measure("the largest playlist", "open", "#page tbody a")
    measure("drag the date", "slide", *(step / 20 for step in range(20, -1, -1)), 0.31, 0.9)
    measure("its timeline", "open", "#page .tabs li:last-child a")
    measure("all artists", "go", "#/artists")
    measure("an artist", "open", "#page tbody a")
    measure("on no playlist any more", "go", "#/songs/absent")
    measure("what came back", "go", "#/songs/returned")
    measure("overview", "go", "#/")
    return found


def say(line: str) -> None:
    """Prints it."""
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:3])
