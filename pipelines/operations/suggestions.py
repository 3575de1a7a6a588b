"""Completions of the word at the cursor: tables, columns and SQL keywords with that prefix."""

import re
from collections.abc import Iterator

from pipelines.operations.catalog import Catalog
from pipelines.operations.shell_words import COMMANDS
from pipelines.operations.sql_statements import is_in_quotes
from schemas import FUNCTIONS

KEYWORDS = (
    "AND", "AS", "ASC", "BETWEEN", "BY", "CASE", "COUNT", "DESC", "DESCRIBE", "DISTINCT", "ELSE", "END", "EXCLUDE",
    "EXISTS", "FILTER", "FROM", "GROUP", "HAVING", "ILIKE", "IN", "INTERVAL", "IS", "JOIN", "LEFT", "LIKE", "LIMIT",
    "NOT", "NULL", "ON", "OR", "ORDER", "OVER", "PARTITION", "QUALIFY", "SELECT", "SUMMARIZE", "THEN", "UNION", "USING",
    "WHEN", "WHERE", "WITH",
)  # fmt: skip

_WORD = re.compile(r"(?:(?P<owner>\w+)\.)?(?P<word>\w*)\Z")
_TABLE_WANTED = re.compile(
    r"\b(?:FROM|JOIN|DESCRIBE|SUMMARIZE)\s+(?:\w+(?:\s+(?:AS\s+)?\w+)?\s*,\s*)*\Z", re.IGNORECASE
)
_MENTIONED = re.compile(
    r"\b(?:FROM|JOIN)\s+(?P<table>\w+)(?:\s*\([^()]*\))?(?:\s+(?:AS\s+)?(?P<alias>\w+))?", re.IGNORECASE
)


def suggestions(catalog: Catalog, before: str, after: str = "") -> tuple[str, list[str]]:
    """The word that is being written, and what it may become, most likely first.

    Args:
        catalog: what there is to name.
        before: the text before the cursor.
        after: the text behind it.
    """
    if before.lstrip().startswith("."):
        return _of_command(catalog, before.lstrip())
    if is_in_quotes(before):
        return "", []
    found = _WORD.search(before)
    # It matches nothing at the end of any text.
    assert found is not None  # noqa: S101
    word = found["word"]
    if found["owner"]:
        names = list(_columns_of(catalog, found["owner"], before + after))
    elif _TABLE_WANTED.search(before[: found.start()]):
        names = _tables(catalog)
    else:
        mentioned = [column for table in _mentioned(catalog, before + after) for column in catalog.tables[table]]
        names = [*mentioned, *KEYWORDS, *_tables(catalog)] if word else mentioned
        if word and not mentioned:
            names += [column for columns in catalog.tables.values() for column in columns]
    return word, _beginning(names, word)


def _of_command(catalog: Catalog, before: str) -> tuple[str, list[str]]:
    command, has_argument, word = before.partition(" ")
    if not has_argument:
        return command, _beginning(list(COMMANDS), command)
    return word, _beginning(_tables(catalog), word) if command == ".schema" else []


def _beginning(names: list[str], word: str) -> list[str]:
    return [name for name in dict.fromkeys(names) if name.lower().startswith(word.lower()) and name != word]


def _tables(catalog: Catalog) -> list[str]:
    views = catalog.views
    return [*views[:3], *catalog.functions, *views[3:], *catalog.own_tables]


def _mentioned(catalog: Catalog, text: str) -> Iterator[str]:
    for found in _MENTIONED.finditer(text):
        yield from _known(catalog, found["table"])


def _columns_of(catalog: Catalog, owner: str, text: str) -> Iterator[str]:
    """The columns of a table that is named so, or is called so in the statement."""
    called = [found["table"] for found in _MENTIONED.finditer(text) if (found["alias"] or "").lower() == owner.lower()]
    for table in [*called, owner]:
        for known in _known(catalog, table):
            yield from catalog.tables[known]


def _known(catalog: Catalog, name: str) -> Iterator[str]:
    lower = name.lower()
    table = FUNCTIONS.get(lower, lower)
    if table in catalog.tables:
        yield table
