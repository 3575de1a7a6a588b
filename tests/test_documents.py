"""What the documents name exists: files, commands, options, settings and variables."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from markdown_it import MarkdownIt

from pipelines.cli import playlake
from sources.spotify import SpotifyCredentials, read_settings
from sources.spotify.config import SETTINGS, Setting

CHECKOUT = Path(__file__).parent.parent
DOCUMENTS = sorted(
    file.relative_to(CHECKOUT)
    for file in [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md"), *(CHECKOUT / "sources").rglob("*.md")]
    # What make site brings is beside them.
    if not {"node_modules", "site"} & set(file.parts)
)
COMMAND = re.compile(r"(?:^|[\s/\"'`(])(?<!from )playlake +([a-z][a-z-]*)((?: +[^\s`#|&;>)]+)*)")
FOLDERS = ("tests", "docs", "playlake", "pipelines", "sources", "schemas", "notebooks")
LANGUAGES = {"", "bash", "sh", "console", "cron", "ini", "systemd", "toml", "python"}


def tokens(document: Path) -> Iterator[tuple[str, str, str]]:
    """The kind, language and text of each piece of code, and of each link."""
    for token in MarkdownIt("commonmark").enable("table").parse((CHECKOUT / document).read_text(encoding="utf-8")):
        if token.type == "fence":
            yield "fence", token.info.strip(), token.content
        for child in token.children or ():
            if child.type == "code_inline":
                yield "inline", "", child.content
            elif child.type in ("link_open", "image"):
                yield "link", "", str(child.attrs.get("href") or child.attrs.get("src"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_files_are_there(document: Path) -> None:
    """Links within the project lead to files, and files that are named in code are of the project."""
    links = {text.partition("#")[0] for kind, _, text in tokens(document) if kind == "link" and ":" not in text}
    assert {link for link in links if link and not (CHECKOUT / document.parent / link).exists()} == set()
    named = {text for kind, _, text in tokens(document) if kind == "inline"}
    own = {text for text in named if re.fullmatch(rf"({'|'.join(FOLDERS)})/[\w./-]+", text)}
    assert {path for path in own if not (CHECKOUT / path).exists()} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_commands_exist(document: Path) -> None:
    """Every command has the options that it is shown with."""
    wrong = []
    for kind, language, text in tokens(document):
        if kind == "link" or language not in LANGUAGES:
            continue
        for line in text.splitlines():
            for name, rest in COMMAND.findall(line):
                command = playlake.commands.get(name)
                if command is None:
                    wrong.append(f"playlake {name}")
                else:
                    wrong += [f"{name} {option}" for option in options(rest) if option not in known(command)]
    assert wrong == []


def options(text: str) -> list[str]:
    """The options in the rest of a command line."""
    try:
        words = shlex.split(text)
    except ValueError:
        words = text.split()
    return [word.partition("=")[0] for word in words if re.fullmatch(r"--?[a-z][a-z-]*(=.*)?", word)]


def known(command: click.Command) -> set[str]:
    """The options of a command."""
    return {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_variables_are_read(document: Path) -> None:
    """Every environment variable of the source is one of its settings."""
    settings = {*SETTINGS} | {f"credentials__{name}" for name in dict(SpotifyCredentials())}
    text = (CHECKOUT / document).read_text(encoding="utf-8")
    named = {name.lower() for name in re.findall(r"SOURCES__SPOTIFY__([A-Z_]*[A-Z])", text)}
    assert named <= settings


def test_the_table_of_settings_is_the_declaration() -> None:
    """The table has a line for every setting that a sync reads, as it is declared: name, default and meaning."""
    text = (CHECKOUT / "docs/configuration.md").read_text(encoding="utf-8").partition("## Accounts")[0]
    told = [line for line in text.splitlines() if line.startswith("| `")]
    assert told == [line_of(setting) for setting in SETTINGS.values() if setting.configurable]
    assert set(re.findall(r"`(\w+)`", SETTINGS["credentials"].description)) == set(dict(SpotifyCredentials()))


def line_of(setting: Setting) -> str:
    """A setting's line of the table."""
    default = setting.unset if setting.default is None else f"`{str(setting.default).replace('False', 'false')}`"
    return f"| `{setting.name}` | {default} | {setting.description} |"


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_files_of_settings_are_right(document: Path) -> None:
    """What is in a block of TOML for the source is a setting of it, with a value that is taken."""
    for kind, language, text in tokens(document):
        if kind == "fence" and language == "toml":
            given = tomllib.loads(text).get("sources", {}).get("spotify", {})
            assert given.pop("credentials", {}).keys() <= dict(SpotifyCredentials()).keys()
            assert given.keys() <= SETTINGS.keys()
            read_settings(**given)


def test_messages_are_said() -> None:
    """Every message that troubleshooting explains is one that the code says."""
    files = [file for folder in ("pipelines", "sources") for file in (CHECKOUT / folder).rglob("*.py")]
    # A message may stand in several pieces on several lines.
    code = re.sub(r'"\s*f?"', "", " ".join(file.read_text(encoding="utf-8") for file in files))
    text = (CHECKOUT / "docs/troubleshooting.md").read_text(encoding="utf-8").partition("## By message")[2]
    told = re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)
    assert len(told) > 10
    assert [message for message in told if message not in code] == []
