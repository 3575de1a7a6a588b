"""Splits a text into SQL statements.

What is in quotes and comments is no end of a statement: https://duckdb.org/docs/sql/data_types/literal_types and
https://www.postgresql.org/docs/current/sql-syntax-lexical.html, which agree on these.
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<end> ; )
  | (?P<space> \s+ | --[^\n]* )
  | (?P<comment> /\* )
  | (?<![\w$]) \$(?P<tag> (?:[^\W\d]\w*)? )\$ .*? (?: \$(?P=tag)\$ | \Z )
  | (?<![\w$]) [eE]' (?: [^'\\] | \\. | '' )* (?: ' | \Z )
  | ' (?: [^'] | '' )* (?: ' | \Z )
  | " (?: [^"] | "" )* (?: " | \Z )
  | [\w$]+
  | .
    """,
    re.VERBOSE | re.DOTALL,
)
_MARK = re.compile(r"/\*|\*/")


def is_whole(sql: str) -> bool:
    """Whether a text ends with the semicolon of its last statement; what comes after that says nothing."""
    place, is_ended = 0, False
    while place < len(sql):
        start = place
        token, place = _next(sql, start)
        if token["end"]:
            is_ended = True
        elif not token["space"]:
            is_ended = is_ended and bool(token["comment"]) and _comment_end(sql, start) is not None
    return is_ended


def is_in_quotes(sql: str) -> bool:
    """Whether a text ends inside a quote or comment."""
    place, last = 0, ""
    while place < len(sql):
        start = place
        token, place = _next(sql, start)
        last = "" if token["comment"] and _comment_end(sql, start) is not None else sql[start:place]
    if last.startswith(("--", "/*")):
        return True
    return last[:1] in ("'", '"') and (len(last) == 1 or last[-1] != last[0])


def statements(sql: str) -> Iterator[str]:
    """Each statement, in order, without the semicolon at its end; what holds none, such as comments alone, is none."""
    begin = place = 0
    says = False
    while place < len(sql):
        token, place = _next(sql, place)
        if token["end"]:
            if says:
                yield sql[begin : token.start()].strip()
            begin, says = place, False
        elif not token["space"] and not token["comment"]:
            says = True
    if says:
        yield sql[begin:].strip()


def _next(sql: str, place: int) -> tuple[re.Match[str], int]:
    """The token at a place, and where it ends."""
    token = _TOKEN.match(sql, place)
    # The last alternative takes anything.
    assert token is not None  # noqa: S101
    return token, (_comment_end(sql, place) or len(sql)) if token["comment"] else token.end()


def _comment_end(sql: str, place: int) -> int | None:
    """Where a comment ends, which may hold others; null if it does not."""
    depth = 0
    for mark in _MARK.finditer(sql, place):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return mark.end()
    return None
