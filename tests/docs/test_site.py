"""The site of the documents, as `make site` builds it and a browser shows it."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from pipelines.cli import playlake

DOCS = Path(__file__).parents[2] / "docs"
SITE = DOCS / "site"

pytestmark = [
    pytest.mark.site,
    pytest.mark.skipif(not (SITE / "index.html").exists(), reason="make site builds the site"),
]


class Words(HTMLParser):
    """The words of a page's article, as they are shown.

    Args:
        page: its HTML.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(page.partition("<article")[2].partition("</article>")[0])

    def handle_data(self, data: str) -> None:
        """Adds what is shown."""
        self.text += data


def pages() -> dict[str, str]:
    """The words of each page that was written by hand or by `make docs`, by name."""
    names = [file.relative_to(DOCS).with_suffix("").as_posix() for file in DOCS.glob("*.md")]
    return {name: Words((SITE / f"{name}.html").read_text(encoding="utf-8")).text for name in names}


def test_what_is_typed_can_be_copied() -> None:
    """No quote, dash or ellipsis on a page that its source has not: two hyphens of an option are two."""
    for name, shown in pages().items():
        source = (DOCS / f"{name}.md").read_text(encoding="utf-8")
        added = {sign for sign in "‘’“”–—" if sign in shown and sign not in source}
        assert added == set(), name


def test_every_option_is_on_the_page_of_commands() -> None:
    """As it is typed, with its hyphens."""
    shown = pages()["commands"]
    for name, command in playlake.commands.items():
        assert f"playlake {name}" in shown
        if not command.hidden:
            options = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
            assert [option for option in options if option not in shown] == [], name


def test_no_sign_is_shown_escaped() -> None:
    """Nobody has to read `&#x27;` for an apostrophe."""
    found = {name: re.findall(r"&(?:#x?[0-9a-fA-F]+|amp|lt|gt|quot);", shown) for name, shown in pages().items()}
    # The cookbook says what Spotify sends, and how to read it.
    assert {name: signs for name, signs in found.items() if signs and name != "cookbook"} == {}


def test_llms_txt_leads_to_every_page() -> None:
    """It stands at the root, and its links are to all pages of the site, as they were written."""
    links = re.findall(r"\]\(([^)]+)\)", (SITE / "llms.txt").read_text(encoding="utf-8"))
    assert [link for link in links if not (SITE / link).is_file()] == []
    sources = {file.relative_to(SITE).as_posix() for file in (SITE / "_sources").rglob("*.md")}
    assert sources - {"_sources/index.md"} == set(links)
