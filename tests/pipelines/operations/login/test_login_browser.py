"""Signing in with a real browser, from the command to the finished page."""

import re
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from sources.spotify_sandbox import Sandbox, generate
from tests.browser.axe import violations
from tests.browser.chromium import CHROMIUM, DRIVER, chromium, looking
from tests.pipelines.driving import started

wait = pytest.importorskip("selenium.webdriver.support.wait", reason="selenium is not installed: make browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="Chromium and chromedriver are not installed"),
]


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium that reaches nothing but this machine."""
    with chromium(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def asked(process: Popen[str]) -> str:
    """The address that the command prints."""
    assert process.stdout is not None
    for line in process.stdout:
        if "/authorize?" in line:
            return line.strip()
    pytest.fail("no address was printed")


@pytest.mark.parametrize(("decision", "title", "code"), [("agree", "Signed in", 0), ("cancel", "Not signed in", 3)])
def test_a_person_decides(driver: Any, tmp_path: Path, decision: str, title: str, code: int) -> None:
    """The button that is pressed decides; the page at the end says how it went, and everybody can read it."""
    with Sandbox(generate(seed=5, playlists=4, items=30)) as api:
        places = {"SOURCES__SPOTIFY__API_URL": api.api_url, "SOURCES__SPOTIFY__ACCOUNTS_URL": api.accounts_url}
        command = ["login", "--client-id", api.client_id, "--port", "0"]
        environment = places | {"BROWSER": "true", "PYTHONUNBUFFERED": "1"}
        with started(*command, folder=tmp_path, environment=environment) as process:
            driver.get(asked(process))
            driver.find_element("css selector", f"button[value={decision}]").click()
            wait.WebDriverWait(driver, 30).until(lambda page: page.title.startswith(title))
            out, err = process.communicate(timeout=60)
        assert (process.returncode, driver.find_element("tag name", "h1").text) == (code, title), out + err
        for scheme, width in (("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)):
            with looking(driver, scheme, width):  # type: ignore[arg-type]
                assert violations(driver) == []
                assert driver.execute_script("return document.documentElement.scrollWidth") <= width
        kept = list((tmp_path / "data").rglob("default.json"))
        assert [re.search(rb'"user_id":"[^"]+"', file.read_bytes()) is not None for file in kept] == [True] * (
            code == 0
        )
