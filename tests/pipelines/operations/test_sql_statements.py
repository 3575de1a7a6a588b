"""Statements are taken apart where SQL ends them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.operations.sql_statements import is_in_quotes, is_whole, statements


@pytest.mark.parametrize(
    ("sql", "parts"),
    [
        ("SELECT 1; SELECT 2", ["SELECT 1", "SELECT 2"]),
        ("SELECT ';' AS \"a;b\";", ["SELECT ';' AS \"a;b\""]),
        ("SELECT 'it''s; so'; SELECT E'\\'; x'", ["SELECT 'it''s; so'", "SELECT E'\\'; x'"]),
        ("SELECT $$;$$; SELECT $x$;$$;$x$", ["SELECT $$;$$", "SELECT $x$;$$;$x$"]),
        ("SELECT a$b; SELECT a$b", ["SELECT a$b", "SELECT a$b"]),
        ("SELECT 1 -- one; more\n; SELECT 2", ["SELECT 1 -- one; more", "SELECT 2"]),
        ("/* ; /* ; */ ; */ SELECT 1;; ;", ["/* ; /* ; */ ; */ SELECT 1"]),
        ("SELECT 3-1; SELECT 4/2", ["SELECT 3-1", "SELECT 4/2"]),
        ("-- nothing;", []),
        ("/* no end ; ", []),
        ("SELECT 'no end ; ", ["SELECT 'no end ;"]),
        ("", []),
    ],
)
def test_statements(sql: str, parts: list[str]) -> None:
    """Quotes and comments hold semicolons that end nothing; empty statements are none."""
    assert list(statements(sql)) == parts


@given(st.text(alphabet="a1 ;'\"$-/*\\\neE", max_size=40))
def test_any_text_is_taken_apart(text: str) -> None:
    """Whatever it is, nothing but semicolons, spaces and comments is lost, and it ends."""
    parts = list(statements(text))
    assert all(part and part in text for part in parts)


@pytest.mark.parametrize(
    ("sql", "ends", "quoted"),
    [
        ("SELECT 1;", True, False),
        ("SELECT 1", False, False),
        ("SELECT 1; -- done", True, True),
        ("SELECT 1; /* and /* so */ on */\n", True, False),
        ("SELECT 1; /* and /* so */", False, True),
        ("SELECT 1; SELECT", False, False),
        ("SELECT ';", False, True),
        ("SELECT ';'", False, False),
        ('SELECT "a;', False, True),
        ("", False, False),
    ],
)
def test_the_end_of_a_text(sql: str, ends: bool, quoted: bool) -> None:
    """A text is whole after the semicolon of its last statement; whether it ends in a quote or comment is known."""
    assert (is_whole(sql), is_in_quotes(sql)) == (ends, quoted)
