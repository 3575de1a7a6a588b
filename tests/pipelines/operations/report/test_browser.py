"""The page of `playlake report` in a real browser: ``make browser`` brings what else this needs."""

from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.operations.report import write_report
from tests.browser.axe import violations
from tests.browser.chromium import CHROMIUM, DRIVER, Scheme, chromium, looking
from tests.pipelines.operations.report.lakes import NOW, hostile_lake

keys = pytest.importorskip("selenium.webdriver.common.keys", reason="selenium is not installed: make browser").Keys

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="Chromium and chromedriver are not installed"),
]

PLAYLISTS = 120
SHOWN = "return [...document.querySelectorAll('#all tbody tr')].filter(row => !row.hidden).length"
FIRST = "return document.querySelector('#all tbody th').textContent"


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium that reaches nothing but this machine."""
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page of a lake whose every word is hostile, as a file."""
    folder = tmp_path_factory.mktemp("report")
    write_report(hostile_lake(folder / "lake", PLAYLISTS), folder / "page.html", NOW)
    return (folder / "page.html").as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_everybody_can_read_it(driver: Any, address: str, scheme: Scheme, width: int) -> None:
    """By day and by night, on a phone and on a desk: axe finds nothing, nothing is cut off, nothing runs or fails."""
    with looking(driver, scheme, width):
        driver.get_log("browser")
        driver.get(address)
        for summary in driver.find_elements("tag name", "summary"):
            summary.click()
        assert violations(driver) == []
        assert driver.execute_script("return document.documentElement.scrollWidth") <= width
        assert driver.get_log("browser") == []
        loaded = "return performance.getEntriesByType('resource').length"
        assert driver.execute_script(loaded) == 0


def test_the_list_of_playlists(driver: Any, address: str) -> None:
    """It begins with the first fifty, is filtered by letters without their accents, and sorted by any column."""
    driver.get(address)
    assert driver.execute_script(SHOWN) == 50
    filter_ = driver.find_element("id", "filter")
    filter_.send_keys("ALERT(1)")
    assert driver.execute_script(SHOWN) == PLAYLISTS
    filter_.send_keys(" no such name")
    assert driver.execute_script(SHOWN) == 0
    assert driver.find_element("id", "shown").text == f"0 of {PLAYLISTS}"
    filter_.send_keys(keys.CONTROL, "a", keys.NULL, keys.BACKSPACE)
    assert driver.execute_script(SHOWN) == 50
    driver.find_element("id", "more").click()
    assert driver.execute_script(SHOWN) == PLAYLISTS

    heading = driver.find_element("xpath", "//table[@id='all']//button[.='Playlist']")
    heading.click()
    first = driver.execute_script(FIRST)
    heading.send_keys(keys.ENTER)
    assert driver.find_element("css selector", "[aria-sort]").get_attribute("aria-sort") == "descending"
    last = driver.execute_script(FIRST)
    # Numbers in names as numbers, not letter by letter.
    assert f" {PLAYLISTS - 1}" in last
    assert " 0" in first


def test_by_keyboard(driver: Any, address: str) -> None:
    """The first stop of the tabulator leads to the content, the second turns day into night."""
    driver.get(address)
    driver.find_element("tag name", "body").send_keys(keys.TAB)
    skip = driver.switch_to.active_element
    assert (skip.text, skip.rect["x"] >= 0) == ("Skip to the content", True)
    skip.send_keys(keys.ENTER)
    assert driver.switch_to.active_element.get_attribute("id") == "main"

    driver.get(address)
    with looking(driver, "light", 1280):
        button = driver.find_element("id", "theme")
        assert button.text == "Dark"
        button.send_keys(keys.ENTER)
        assert button.text == "Light"
        background = "return getComputedStyle(document.body).backgroundColor"
        assert driver.execute_script(background) == "rgb(23, 24, 27)"
        assert violations(driver) == []
