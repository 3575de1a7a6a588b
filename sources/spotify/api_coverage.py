"""Generates the page of all API operations in `docs/` from their declaration and from the resources' endpoints.

python -m sources.spotify.api_coverage            writes it
python -m sources.spotify.api_coverage --check    ends with 1 if it is not what would be written
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from schemas import TABLES
from sources.spotify.api.endpoints import Endpoint
from sources.spotify.api.operations import OPERATIONS, REFERENCE, Operation
from sources.spotify.resources.base import ENTRIES, Resource
from sources.spotify.resources.registry import RESOURCES

FILE = Path(__file__).parents[2] / "docs" / "api_coverage.md"

STATUS = {
    "kept": ("yes", "yes"),
    "removed": ("yes", "no, since February 2026"),
    "closed": ("yes", "no, since November 2024"),
    "new": ("yes, since February 2026", "yes, since February 2026"),
}
"""What a status says of apps with extended quota, and of those in development mode."""

LIMITS = "page, ids | scopes | extended quota | development mode |"

INTRODUCTION = """\
# What is read of the Web API

Written by `make docs` from the declarations in `sources/spotify`: every operation of Spotify's
[reference](https://developer.spotify.com/documentation/web-api), those that it removed too, with the
[tables](data_dictionary.md) that its answers feed.

The last two columns say what an app may: one with extended quota, and one in development mode, which is every app that
was registered since February 2026. A resource that an app may not read is `not_available` with its reason in
`resource_reads`, and the others go on. *Page* is how many elements one has if nothing is said, and at most; *ids* how
many a request may name. Scopes are those of Spotify's own description; some of them only add to the answer.
"""


def page() -> str:
    """All operations in Markdown."""
    asked = {operation: list(_resources(operation)) for operation in OPERATIONS}
    feeding = [operation for operation, resources in asked.items() if resources]
    others = [each for each in OPERATIONS if each.is_read and not asked[each]]
    lines = [INTRODUCTION, "## What feeds tables", ""]
    lines += [f"| operation | resource | tables | {LIMITS}", "|---|---|---|---|---|---|---|"]
    for operation in feeding:
        names = _code(resource.name for resource in asked[operation])
        lines.append(_row(_linked(operation), names, _code(_fed(operation)), *_limits(operation)))
    lines += ["", "## What is not read", ""]
    lines += [f"| operation | why | {LIMITS}", "|---|---|---|---|---|---|"]
    lines += [_row(_linked(operation), operation.why, *_limits(operation)) for operation in others]
    lines += ["", "## What writes, or commands a player", "", "None of it feeds a table.", ""]
    lines += [f"| operation | {LIMITS}", "|---|---|---|---|---|"]
    lines += [_row(_linked(each), *_limits(each)) for each in OPERATIONS if not each.is_read]
    return "\n".join(lines) + "\n"


def is_of(endpoint: Endpoint[object], operation: Operation) -> bool:
    """Whether an endpoint is this operation; what it is about may be said in its path, as in `/me/top/artists`."""
    pattern = re.sub(r"\\\{\w+\\\}", r"[^/]+", re.escape(operation.path))
    return endpoint.method == operation.method and re.fullmatch(pattern, endpoint.path) is not None


def found_with(tables: Iterable[str]) -> list[str]:
    """These tables and those whose objects are found in theirs, in the order of the data dictionary."""
    reached = set(tables)
    while more := {
        table.name
        for table in TABLES
        for found in table.extracted_from
        if found.table in reached and table.name not in reached
    }:
        reached |= more
    return [table.name for table in TABLES if table.name in reached - {ENTRIES}]


def _resources(operation: Operation) -> Iterator[Resource]:
    """Those to which it gives rows."""
    for resource in RESOURCES.values():
        if any(tables and is_of(endpoint, operation) for endpoint, tables in resource.endpoints.items()):
            yield resource


def _fed(operation: Operation) -> list[str]:
    return found_with(
        table
        for resource in RESOURCES.values()
        for endpoint, tables in resource.endpoints.items()
        if is_of(endpoint, operation)
        for table in tables
    )


def _linked(operation: Operation) -> str:
    return f"[{operation.method} `{operation.path}`]({REFERENCE}/{operation.name})"


def _limits(operation: Operation) -> tuple[str, ...]:
    page = operation.page + (f", in development mode {operation.page_now}" if operation.page_now else "")
    ids = f"{operation.batch} ids" if operation.batch else ""
    return ", ".join(filter(None, (page, ids))), _code(operation.scopes.split()), *STATUS[operation.status]


def _code(words: Iterable[str]) -> str:
    return " ".join(f"`{word}`" for word in words)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; end with 1 if the file is not what would be written.")
def main(*, check: bool) -> None:
    """Write the page of all operations."""
    if not check:
        FILE.write_text(page(), encoding="utf-8")
    elif not FILE.is_file() or FILE.read_text(encoding="utf-8") != page():
        msg = f"{FILE} is stale: run make docs"
        raise click.ClickException(msg)


if __name__ == "__main__":
    main()
