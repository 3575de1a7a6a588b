"""Splits a text into SQL statements.

What stands in quotes and comments is no end of a statement: https://duckdb.org/docs/sql/data_types/literal_types and
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


def statements(sql: str) -> Iterator[str]:
    """Each statement, in order, without the semicolon at its end; what holds none, such as comments alone, is none."""
    begin = place = 0
    says = False
    while place < len(sql):
        token = _TOKEN.match(sql, place)
        # The last alternative takes anything.
        assert token is not None  # noqa: S101
        place = _after_comment(sql, place) if token["comment"] else token.end()
        if token["end"]:
            if says:
                yield sql[begin : token.start()].strip()
            begin, says = place, False
        elif not token["space"] and not token["comment"]:
            says = True
    if says:
        yield sql[begin:].strip()


def _after_comment(sql: str, place: int) -> int:
    """Where a comment ends, which may hold others."""
    depth = 0
    for mark in _MARK.finditer(sql, place):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(sql)
