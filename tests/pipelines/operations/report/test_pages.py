"""The pages that the report's script draws, in a real browser: ``make browser`` brings what else this needs."""

import shlex
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from pipelines.cli.restore import restore_command
from pipelines.destinations.lake import Lake
from pipelines.operations.query import query
from pipelines.operations.report import write_report
from pipelines.operations.writing.lake_state import as_of
from sources.spotify.writes.steps import Entry
from tests.browser.axe import violations
from tests.browser.chromium import CHROMIUM, DRIVER, Scheme, chromium, looking
from tests.pipelines.operations.report.edited_lake import edited_lake
from tests.pipelines.operations.report.lakes import ENDLESS, HOSTILE, NOW, hostile_lake

keys = pytest.importorskip("selenium.webdriver.common.keys", reason="selenium is not installed: make browser").Keys
exceptions = pytest.importorskip("selenium.common.exceptions")
waiting = pytest.importorskip("selenium.webdriver.support.wait")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="Chromium and chromedriver are not installed"),
]

EPOCH = date(1970, 1, 1).toordinal()
HEADING = "return document.querySelector('#page h1')?.textContent"
ROWS = "return [...document.querySelectorAll('#page table:not([hidden]) tbody tr')].length"
FIRST = "return document.querySelector('#page tbody a')?.textContent"
TOTAL = "return Number(document.querySelector('#page table.long').getAttribute('aria-rowcount')) - 1"
ADDRESS = "return location.hash"
REPLAYED = """
const done = arguments[0];
module_main.started.then(({context: {archive}}) => {
  const found = {};
  archive.playlists.id.forEach((id, playlist) => {
    const replay = new module_replay.Replay(archive, playlist);
    // From the last to the first, then forwards, as a slider goes.
    const states = [...replay.times.keys()];
    for (const state of [...states.reverse(), ...states.reverse()]) {
      const items = replay.at(state).map((stay) => archive.uri(archive.stays.item[stay]));
      found[`${id} ${archive.times[replay.times[state]] / 60000}`] = items;
      if (items.length !== replay.sizes[state]) found.wrong = `${id} ${state}`;
    }
  });
  done(found);
});
"""
RETURNS = """
const done = arguments[0];
module_main.started.then(({context: {archive}}) => {
  const {added, from} = archive.stays;
  const since = (stay) => archive.times[from[stay]];
  done(archive.returned.map((stay) => [archive.began(stay), added[stay], since(stay), archive.endBefore(stay)]));
});
"""
REMOVED_LATER = """
SELECT listed_from::DATE, playlist_id
FROM playlist_item_history
WHERE listed_until > listed_from + INTERVAL 30 DAY AND first_position < 3
ORDER BY listed_from, playlist_id
LIMIT 1
"""
CUT_OFF = """
const lines = [...document.querySelectorAll("#page .long .line:has(.tag)")];
return lines.filter((line) => line.scrollWidth > line.clientWidth).map((line) => line.textContent);
"""
SLIDE = """
const slider = document.getElementById("day");
slider.value = arguments[0];
slider.dispatchEvent(new Event("input", {bubbles: true}));
slider.dispatchEvent(new Event("change", {bubbles: true}));
"""


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium that reaches nothing but this machine."""
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Playlists edited at random over forty weeks."""
    return edited_lake(tmp_path_factory.mktemp("edited"), playlists=8, items=1_200, tracks=900, syncs=40, seed=3)


@pytest.fixture(scope="module")
def address(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Its report, as a file."""
    file = tmp_path_factory.mktemp("report") / "page.html"
    write_report(lake, file, NOW)
    return file.as_uri()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The report of a lake whose every word is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    write_report(hostile_lake(folder / "lake"), folder / "page.html", NOW)
    return (folder / "page.html").as_uri()


def visit(driver: Any, address: str, place: str) -> None:
    """Opens a page of a report afresh, and waits until it is drawn."""
    driver.get("about:blank")
    driver.get(address + place)
    driver.execute_async_script("module_main.started.then(arguments[0])")


def until(driver: Any, holds: Callable[[], bool]) -> None:
    """Waits as a person would: a click is followed by the page's own events."""
    waiting.WebDriverWait(driver, 20).until(lambda _driver: holds())


def shows(driver: Any, script: str, value: Any) -> None:
    """Waits until a script answers so."""
    try:
        until(driver, lambda: driver.execute_script(script) == value)
    except exceptions.TimeoutException:
        assert driver.execute_script(script) == value


def test_any_state_is_replayed_exactly(driver: Any, address: str, lake: Lake) -> None:
    """Each playlist has in each of its states, in order, what items_at says."""
    visit(driver, address, "#/")
    replayed = driver.execute_async_script(REPLAYED)
    times = query(lake, "SELECT DISTINCT observed_at FROM playlist_snapshots ORDER BY 1").rows
    states = query(lake, "SELECT DISTINCT playlist_id, observed_at FROM playlist_snapshots").rows
    expected: dict[str, list[str]] = {}
    for (time,) in times:
        at = [playlist for playlist, observed_at in states if observed_at == time]
        rows = query(lake, f"SELECT playlist_id, item_uri FROM items_at('{time}') ORDER BY playlist_id, place").rows
        for playlist in at:
            expected[f"{playlist} {int(time.timestamp()) // 60}"] = [uri for id_, uri in rows if id_ == playlist]
    assert len(expected) > 200
    assert replayed == expected


def test_an_emptied_playlist(driver: Any, tmp_path: Path) -> None:
    """Its page says since when it is empty and what it had, and leads to the last day on which that was there."""
    lake = edited_lake(tmp_path / "lake", playlists=2, items=20, syncs=4, edits=2, emptied_at=2)
    write_report(lake, tmp_path / "page.html", NOW)
    playlist_id = "0" * 22
    found = NOW - timedelta(weeks=1)
    sql = f"SELECT count(*) FROM items_at('{found - timedelta(days=1)}') WHERE playlist_id = '{playlist_id}'"
    [(had,)] = query(lake, sql).rows
    assert had > 5

    visit(driver, (tmp_path / "page.html").as_uri(), f"#/playlist/{playlist_id}")

    shows(driver, TOTAL, 0)
    notice = driver.find_element("css selector", "#page [role=note]")
    said = f"It is empty: found on {found.day} {found:%b %Y}. Before, it had {had} items. See what was on it."
    assert notice.text == said
    notice.find_element("tag name", "a").click()
    shows(driver, TOTAL, had)
    assert driver.execute_script(ADDRESS) == f"#/playlist/{playlist_id}?on={found - timedelta(days=1):%Y-%m-%d}"
    assert "--as-of" in driver.find_element("css selector", ".restore code").text


def test_a_walk(driver: Any, address: str, lake: Lake) -> None:
    """Search, open a title, its playlist, drag the date, and go back, step by step."""
    visit(driver, address, "")
    word = "kobenhavn"
    driver.find_element("id", "search").send_keys(word)
    sql = "SELECT count(DISTINCT item_uri) FROM item_history WHERE title || artists || album ILIKE '%København%'"
    [(hits,)] = query(lake, sql).rows
    shows(driver, TOTAL, hits)
    assert driver.find_element("id", "hits").get_attribute("textContent").startswith(f"{hits} titles, ")
    assert driver.switch_to.active_element.get_attribute("id") == "search"

    anchor = driver.find_element("css selector", "#page tbody a")
    title = anchor.get_attribute("textContent")
    anchor.click()
    shows(driver, HEADING, title)
    assert driver.switch_to.active_element.tag_name == "h1"
    driver.find_element("css selector", "#page tbody a").click()
    playlist = driver.execute_script("return location.hash.match(/playlist[/](\\d+)/)[1]")

    day = (NOW - timedelta(weeks=20)).date()
    driver.execute_script(SLIDE, day.toordinal() - EPOCH)
    at = f"SELECT count(*) FROM items_at('{day + timedelta(days=1)} 00:00:00Z') WHERE playlist_id = '{playlist}'"
    [(count,)] = query(lake, at).rows
    shows(driver, TOTAL, count)
    slider = driver.find_element("id", "day")
    assert f"{count} items" in slider.get_attribute("aria-valuetext")
    slider.send_keys(keys.ARROW_RIGHT)
    assert f"{day.day + 1} " in slider.get_attribute("aria-valuetext")
    slider.send_keys(keys.ARROW_LEFT)
    driver.execute_async_script("setTimeout(arguments[0], 400)")
    assert f"on={day}" in driver.execute_script(ADDRESS)

    driver.back()
    shows(driver, HEADING, title)
    driver.back()
    until(driver, lambda: word in driver.execute_script(ADDRESS))
    assert driver.find_element("id", "search").get_attribute("value") == word
    shows(driver, TOTAL, hits)
    driver.back()
    assert driver.find_element("id", "overview").is_displayed()
    driver.forward()
    shows(driver, TOTAL, hits)


def test_how_long_a_returned_item_is_there(driver: Any, address: str) -> None:
    """A return with a new date counts from that date, one that kept its first date from the sync that found it."""
    visit(driver, address, "#/")
    found = driver.execute_async_script(RETURNS)
    anew = [(began, added) for began, added, since, left in found if added is not None and added >= left]
    kept = [(began, since) for began, added, since, left in found if added is None or added < left]
    assert len(anew) > 10
    assert len(kept) > 10
    assert all(began == added for began, added in anew)
    assert all(began == since for began, since in kept)


@pytest.mark.parametrize("width", [360, 1280])
def test_labels_are_whole(driver: Any, address: str, lake: Lake, width: int) -> None:
    """On a phone and on a desk, the day on which an item was removed fits into its column."""
    [(day, playlist)] = query(lake, REMOVED_LATER).rows
    with looking(driver, "light", width):
        visit(driver, address, f"#/playlist/{playlist}?on={day}")
        assert driver.execute_script("return document.querySelectorAll('#page .tag.gone').length") > 0
        assert driver.execute_script(CUT_OFF) == []


def test_how_to_restore_what_is_shown(driver: Any, address: str, lake: Lake) -> None:
    """A playlist of another day says the command that brings it back, from that lake: it restores what is shown."""
    [(playlist, last)] = query(
        lake, "SELECT playlist_id, max(observed_at) FROM playlist_snapshots GROUP BY 1 ORDER BY 1 LIMIT 1"
    ).rows
    visit(driver, address, f"#/playlist/{playlist}")
    command = "return document.querySelector('.restore:not([hidden]) code')?.textContent"
    assert driver.execute_script(command) is None
    for weeks in (3, 20):
        visit(driver, address, f"#/playlist/{playlist}?on={(last - timedelta(weeks=weeks)).date()}")
        wanted = as_said(driver.execute_script(command), playlist)
        assert driver.execute_script(TOTAL) == len(wanted)
    driver.find_element("css selector", ".restore button").click()
    until(driver, lambda: driver.find_element("css selector", ".restore [role=status]").text != "")


def test_how_to_restore_what_left(driver: Any, address: str, lake: Lake) -> None:
    """Of a playlist that left in the second of its last change, the command names the time after that change."""
    [(playlist, left, last)] = query(
        lake,
        "SELECT playlist_id, left_at, max(observed_at) FROM playlists JOIN playlist_snapshots USING (playlist_id) "
        "WHERE left_at IS NOT NULL GROUP BY ALL",
    ).rows
    assert timedelta(0) < left - last < timedelta(seconds=1)
    visit(driver, address, f"#/playlist/{playlist}")
    said = driver.execute_script("return document.querySelector('.restore:not([hidden]) code').textContent")
    assert [entry.uri for entry in as_said(said, playlist)] == [
        uri
        for (uri,) in query(
            lake, f"SELECT item_uri FROM playlist_items WHERE playlist_id = '{playlist}' ORDER BY position"
        ).rows
    ]
    assert f"--as-of {left - timedelta(microseconds=1):%Y-%m-%dT%H:%M:%S.%fZ}" in said


def as_said(line: str, playlist: str) -> list[Entry]:
    """What the command that a page shows would restore, found from another folder."""
    program, name, *given = shlex.split(line)
    context = restore_command.make_context(name, given)
    asked, options = context.params, ("destination", "path", "dataset")
    assert (program, name, asked["what"], asked["dry_run"]) == ("playlake", "restore", playlist, True)
    return as_of(Lake(*(asked[option] for option in options)), playlist, datetime.fromisoformat(asked["as_of"]))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_everybody_can_read_them(driver: Any, hostile: str, scheme: Scheme, width: int) -> None:
    """By day and by night, on a phone and on a desk: axe finds nothing, nothing is cut off, nothing runs or fails."""
    playlist = "playlist/" + "0" * 22
    places = [
        "#/search?q=alert",
        f"#/{playlist}",
        f"#/{playlist}?on=2026-08-20",
        f"#/{playlist}?show=timeline",
        f"#/artist/{quote('2/?&#', safe='')}",
        "#/item/2",
        "#/item/none",
        "#/changes?by=newest&days=30",
        "#/playlists",
        "#/artists",
        "#/songs/returned",
        "#/songs/absent",
    ]
    with looking(driver, scheme, width):
        driver.get_log("browser")
        for place in places:
            visit(driver, hostile, place)
            assert violations(driver) == [], place
            assert driver.execute_script("return document.documentElement.scrollWidth") <= width, place
            assert driver.get_log("browser") == [], place
            assert driver.execute_script("return performance.getEntriesByType('resource').length") == 0


def test_hostile_names_stay_names(driver: Any, hostile: str) -> None:
    """A name of markup is shown as it is, one of ten thousand letters is cut, and neither becomes an element."""
    visit(driver, hostile, "#/search?q=alert(1)")
    shows(driver, TOTAL, 2)
    titles = driver.execute_script(
        "return [...document.querySelectorAll('#page tbody th bdi')].map(e => e.textContent)"
    )
    assert HOSTILE in titles
    assert max(map(len, titles)) <= 301
    assert ENDLESS[:250] in "".join(titles)
    assert (
        driver.execute_script("return document.querySelectorAll('#page :is(script, img, iframe, [onerror])').length")
        == 0
    )
    assert driver.execute_script("return document.scripts.length") == 1
    links = driver.execute_script("return [...document.querySelectorAll('a')].map(e => e.getAttribute('href'))")
    assert not [href for href in links if not href.startswith(("#", "https://open.spotify.com/"))]


def test_long_lists_by_keyboard(driver: Any, address: str) -> None:
    """Arrow keys go from row to row, whether drawn or not; the tabulator stops once; few rows are drawn."""
    visit(driver, address, "#/artists")
    total = driver.execute_script(TOTAL)
    assert driver.execute_script(ROWS) < 60 < total
    assert driver.execute_script("return document.querySelectorAll('#page tbody a[tabindex=\"0\"]').length") == 1
    row = "return document.activeElement.closest('tr').getAttribute('aria-rowindex')"
    driver.find_element("css selector", "#page tbody a").send_keys(keys.ARROW_DOWN)
    assert driver.execute_script(row) == "3"
    driver.switch_to.active_element.send_keys(keys.END)
    assert driver.execute_script(row) == str(total + 1)
    driver.switch_to.active_element.send_keys(keys.HOME)
    assert driver.execute_script(row) == "2"
    for _ in range(3):
        driver.switch_to.active_element.send_keys(keys.PAGE_DOWN)
    assert driver.execute_script(
        "const r = document.activeElement.getBoundingClientRect(); return r.top > 0 && r.bottom < innerHeight"
    )


def test_where_the_history_cannot_be_unpacked(driver: Any, address: str) -> None:
    """A browser without DecompressionStream says so, and shows the overview."""
    source = "delete globalThis.DecompressionStream"
    added = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": source})
    try:
        visit(driver, address, "#/artists")
        assert driver.find_element("id", "state").text.startswith("This browser cannot unpack the history")
        assert driver.find_element("id", "overview").is_displayed()
        assert not driver.find_element("id", "search").is_displayed()
    finally:
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)
