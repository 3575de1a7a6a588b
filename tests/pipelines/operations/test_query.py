"""Answers come in three formats."""

import csv
import io
import json
from io import TextIOWrapper
from pathlib import Path

import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.query import answers, query
from pipelines.sync.service import sync
from sources.errors import ConfigurationError, DestinationError
from sources.spotify_sandbox import Sandbox, generate
from tests.pipelines.driving import playlake, settings

NAMES = ("Plain", 'Quote " and, comma', "Línea\nnueva 🎧", "Ça va?")
MARKUP = "[bold]no markup[/] but [/this] is a name"


@pytest.fixture(scope="module", params=["duckdb", "parquet"])
def lake(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake whose four playlists have awkward names."""
    world = generate(seed=1, playlists=4, items=40)
    for playlist, name in zip(world.listed(), NAMES, strict=True):
        playlist.rename(name)
    where = Lake(request.param, str(tmp_path_factory.mktemp("lake") / "lake"))
    with Sandbox(world) as api:
        sync(lake=where, **settings(api))
    return where


def asked(lake: Lake, sql: str, style: str) -> str:
    """What `playlake query` prints."""
    end = playlake("query", "--destination", lake.destination, "--path", lake.location, "--format", style, sql)
    assert (end.code, end.err) == (0, "")
    return end.out


SQL = "SELECT name, length(name) AS letters, NULL AS nothing FROM playlists ORDER BY name"


def test_json_keeps_types_and_names(lake: Lake) -> None:
    """JSON is a list of objects with numbers as numbers and nulls as nulls."""
    expected = [{"name": name, "letters": len(name), "nothing": None} for name in sorted(NAMES)]
    assert json.loads(asked(lake, SQL, "json")) == expected


def test_years_have_four_digits(lake: Lake) -> None:
    """A time of long ago is written so that it is read back and sorted as what it is."""
    assert asked(lake, "SELECT TIMESTAMPTZ '0050-01-02 03:04:05.678+00' AS t", "csv") == "t\n0050-01-02 03:04:05\n"


def test_csv_reads_back(lake: Lake) -> None:
    """CSV has a header, and quotes what needs it."""
    expected = [["name", "letters", "nothing"], *([name, str(len(name)), ""] for name in sorted(NAMES))]
    assert list(csv.reader(io.StringIO(asked(lake, SQL, "csv")))) == expected


def test_a_table_is_for_people(lake: Lake) -> None:
    """A table has a header and the values."""
    header, *lines = asked(lake, SQL, "table").splitlines()
    assert header.split() == ["name", "letters", "nothing"]
    text = "\n".join(lines)
    for name in NAMES:
        assert all(part in text for part in name.split("\n"))


def test_tables_have_no_control_characters(lake: Lake) -> None:
    """Control characters, which others may put into a name, are shown as what they are: none that can be shown."""
    told = asked(lake, "SELECT chr(27) || ']0;title' || chr(7) || 'a' || chr(155) AS name", "table")
    assert told.splitlines()[1].replace("\N{REPLACEMENT CHARACTER}", "?") == "?]0;title?a?"


def test_a_table_shows_values_as_they_are(lake: Lake) -> None:
    """What looks like markup or the name of an emoji is only a value."""
    assert asked(lake, f"SELECT '{MARKUP} :smile:' AS name", "table").splitlines()[1] == f"{MARKUP} :smile:"


def test_times_are_utc_wherever_the_machine_stands(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    """No format moves a time to the local zone."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    sql = "SELECT TIMESTAMPTZ '2026-11-22 12:00:00+00' AS noon"
    assert asked(lake, sql, "table").splitlines()[1].strip() == "2026-11-22 12:00:00"
    assert asked(lake, sql, "csv").splitlines()[1] == "2026-11-22 12:00:00"
    assert json.loads(asked(lake, sql, "json"))[0]["noon"].startswith("2026-11-22T12:00:00")


def test_very_many_rows_are_cut_only_for_people(lake: Lake, tmp_path: Path) -> None:
    """A table ends after a thousand rows and says so; CSV and JSON hold everything."""
    sql = "SELECT range AS n FROM range(1500)"
    assert "500 more rows" in asked(lake, sql, "table").splitlines()[-1]
    assert len(asked(lake, sql, "csv").splitlines()) == 1501
    assert len(json.loads(asked(lake, sql, "json"))) == 1500
    assert list(tmp_path.iterdir()) == []


def test_whole_numbers_that_javascript_would_round_are_text(lake: Lake) -> None:
    """Beyond 2^53 whole numbers are text in JSON, however deep they are; all others are numbers."""
    sql = """
    SELECT 9007199254740992 AS most, 9007199254740993 AS more, -9007199254740993 AS less, 42 AS few,
        170141183460469231731687303715884105727::HUGEINT AS huge, 18446744073709551615::UBIGINT AS unsigned,
        [1, 9007199254740993] AS list, {'x': [9007199254740993]} AS struct, MAP([9007199254740993], [1]) AS map
    """
    [row] = json.loads(asked(lake, sql, "json"))
    assert row == {
        "most": 2**53, "more": str(2**53 + 1), "less": str(-(2**53) - 1), "few": 42, "huge": str(2**127 - 1),
        "unsigned": str(2**64 - 1), "list": [1, str(2**53 + 1)], "struct": {"x": [str(2**53 + 1)]},
        "map": {str(2**53 + 1): 1},
    }  # fmt: skip


def test_json_is_json_whatever_the_types(lake: Lake) -> None:
    """What JSON has no value for is null or text; nothing ends the command."""
    sql = """
    SELECT 'NaN'::DOUBLE AS a, [1.5, '-Infinity'::DOUBLE] AS b, 1.50::DECIMAL(10, 2) AS c, 'x'::BLOB AS d,
        INTERVAL 3 DAY AS e, TIMESTAMP '290000-01-01' AS f, 'infinity'::DATE AS g, MAP([[1]], ['x']) AS h,
        '101'::BIT AS i, TIME '10:00' AS j, 1 AS k, 2 AS k, 3 AS k_2, true AS l
    """

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    [row] = json.loads(asked(lake, sql, "json"), parse_constant=refuse)
    assert (row["a"], row["b"], row["c"], row["d"], row["e"]) == (None, [1.5, None], "1.50", "eA==", "P3D")
    assert (row["k"], row["k_3"], row["k_2"], row["l"]) == (1, 2, 3, True)


def test_several_statements_give_several_answers(lake: Lake) -> None:
    """Each statement's answer is printed in order, an empty line between them; as JSON one on a line."""
    sql = (
        "SELECT 1 AS a; -- none; here\n; SET threads = 1; CREATE TEMP TABLE t AS SELECT 7 AS b; SELECT ';' AS c FROM t;"
    )
    assert asked(lake, sql, "csv") == "a\n1\n\nc\n;\n"
    assert asked(lake, sql, "table") == "a\n1\n\nc\n;\n"
    assert [json.loads(line) for line in asked(lake, sql, "json").splitlines()] == [[{"a": 1}], [{"c": ";"}]]


@pytest.mark.parametrize("second", ["SELECT missing", "SELEC 2"])
def test_an_error_takes_no_answer_away(lake: Lake, second: str) -> None:
    """What was answered before a wrong statement is printed; the command ends with 2."""
    where = ("--destination", lake.destination, "--path", lake.location)
    end = playlake("query", *where, "--format", "csv", f"SELECT 1 AS a; {second}; SELECT 3")
    assert (end.code, end.out) == (2, "a\n1\n")
    assert "The query failed" in end.err


def test_a_column_of_another_table_is_named(lake: Lake) -> None:
    """Who asks a view for a column that tables have is told which tables; of other columns there are DuckDB's words."""
    with pytest.raises(ConfigurationError, match=r"There is a column explicit in tracks, .*: join the table"):
        query(lake, "SELECT title FROM items WHERE explicit")
    with pytest.raises(ConfigurationError) as refused:
        query(lake, "SELECT nowhere FROM items")
    assert "There is a column" not in str(refused.value)


def test_who_removed_something(lake: Lake) -> None:
    """Who asks for it is told that Spotify does not say it."""
    with pytest.raises(ConfigurationError, match="Spotify does not say who removed an item; added_by is"):
        query(lake, "SELECT removed_by FROM item_changes")


def test_another_database_is_named(tmp_path: Path) -> None:
    """Where the default file is missing, the few databases beside it are named, and many are not."""
    for number in range(4):
        (tmp_path / f"{number}.duckdb").touch()
    missing = Lake("duckdb", str(tmp_path / "playlake.duckdb"))
    with pytest.raises(DestinationError, match=r"name it with --path\.$"):
        query(missing, "SELECT 1")
    for number in range(2):
        (tmp_path / f"{number}.duckdb").unlink()
    with pytest.raises(DestinationError, match=r"; there is .*2\.duckdb and .*3\.duckdb\.$"):
        query(missing, "SELECT 1")


def test_a_table_that_is_not_there(lake: Lake) -> None:
    """Who guesses the name of a table is told what lists them."""
    with pytest.raises(ConfigurationError, match=r"The command \.tables lists the views and tables\."):
        query(lake, "FROM songs")


@pytest.mark.parametrize(
    ("sql", "notes"),
    [
        ("SELECT 1 AS a WHERE 'x' NOT IN (SELECT NULL)", 1),
        ("SELECT count(*) AS a FROM items WHERE title not in (select NULL)", 1),
        ("SELECT count(*) + 2 AS a FROM items WHERE title NOT IN (SELECT NULL)", 0),
        ("SELECT 1 AS a WHERE 'x' NOT IN (SELECT u FROM (SELECT NULL AS u) WHERE u IS NOT NULL) AND false", 0),
        ("SELECT 1 AS a WHERE 'x' NOT IN ('x')", 0),
    ],
)
def test_an_answer_without_rows_because_of_a_null(lake: Lake, sql: str, notes: int) -> None:
    """If NOT IN with a query finds nothing, a note on stderr says what a null does there."""
    end = playlake("query", "--destination", lake.destination, "--path", lake.location, "--format", "csv", sql)
    assert end.code == 0
    assert end.err.count("add WHERE item_uri IS NOT NULL") == notes


def test_lengths_of_time(lake: Lake) -> None:
    """They are written without noughts at their end, and who tries to add them is told how."""
    sql = "SELECT INTERVAL 345900 MILLISECONDS AS a, INTERVAL 3 HOURS AS b"
    assert asked(lake, sql, "csv") == "a,b\n0:05:45.9,3:00:00\n"
    assert asked(lake, sql, "table").splitlines()[1].split() == ["0:05:45.9", "3:00:00"]
    end = playlake(
        "query", "--destination", lake.destination, "--path", lake.location, "SELECT sum(duration) FROM items"
    )
    assert (end.code, "sum(epoch(duration))" in end.err) == (2, True)


def test_no_statement_at_all(lake: Lake) -> None:
    """Comments and semicolons alone are told to be none."""
    end = playlake("query", "--destination", lake.destination, "--path", lake.location, " ; -- nothing\n /* ; */")
    assert (end.code, "There is no statement" in end.err) == (2, True)


def test_a_spreadsheet_computes_nothing(lake: Lake) -> None:
    """CSV has values as they are; on request text that begins like a formula gets a quote before it, and no number."""
    sql = "SELECT unnest(['=1+1', '+1', '-1', '@x', chr(9) || '=1', '＝1', 'a=b', '']) AS \"=name\", -1 AS number"
    where = ("--destination", lake.destination, "--path", lake.location, "--format", "csv")
    plain = list(csv.reader(io.StringIO(playlake("query", *where, sql).out)))
    guarded = list(csv.reader(io.StringIO(playlake("query", *where, "--guard-formulas", sql).out)))
    assert plain[1:3] == [["=1+1", "-1"], ["+1", "-1"]]
    assert [name for name, _ in guarded] == [f"'{name}" for name, _ in plain[:7]] + ["a=b", ""]
    assert {number for _, number in guarded[1:]} == {"-1"}


def test_limit(lake: Lake) -> None:
    """No answer has more rows than were asked for, in any format; a table says how many are left out."""
    where = ("query", "--destination", lake.destination, "--path", lake.location, "--limit", "2")
    sql = "SELECT range AS n FROM range(5); SELECT 7 AS m"
    assert playlake(*where, "--format", "csv", sql).out == "n\n0\n1\n\nm\n7\n"
    assert playlake(*where, "--format", "json", sql).out.splitlines() == ['[{"n":0},{"n":1}]', '[{"m":7}]']
    assert playlake(*where, sql).out.splitlines()[:4] == [
        "n",
        "0",
        "1",
        "… and 3 more rows: use --limit, --format csv or json, or LIMIT.",
    ]


def typed(text: bytes) -> TextIOWrapper:
    """What is typed or piped into a command."""
    return TextIOWrapper(io.BytesIO(text), encoding="utf-8")


@pytest.mark.parametrize("arguments", [[], ["-"], ["--file", "-"], ["--file", "asked.sql"]])
def test_statements_from_elsewhere(
    arguments: list[str], lake: Lake, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Statements come from a file or from standard input, with the mark that some editors put first."""
    text = "\ufeffSELECT 'Ünïcödé' AS a;\n-- done\nSELECT 2 AS b;\n".encode()
    (own_folder / "asked.sql").write_bytes(text)
    monkeypatch.setattr("sys.stdin", typed(text))
    where = ("--destination", lake.destination, "--path", lake.location, "--format", "csv")
    end = playlake("query", *where, *arguments)
    assert (end.code, end.out, end.err) == (0, "a\nÜnïcödé\n\nb\n2\n", "")


@pytest.mark.parametrize(
    ("arguments", "text", "words"),
    [
        ([], b"", "no statement"),
        (["-"], b"SELECT '\xff'", "standard input is not valid UTF-8"),
        (["--file", "missing.sql"], b"", "missing.sql"),
        (["--file", "asked.sql", "SELECT 1"], b"", "given twice"),
        (["--duckdb", "SELECT 1"], b"", "leave out the statement"),
    ],
)
def test_statements_that_are_not_there(
    arguments: list[str], text: bytes, words: str, lake: Lake, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No SQL, no text, no file, or two of them end with 2 and say so."""
    (own_folder / "asked.sql").write_bytes(b"SELECT 1")
    monkeypatch.setattr("sys.stdin", typed(text))
    end = playlake("query", "--destination", lake.destination, "--path", lake.location, *arguments)
    assert (end.code, end.out, words in end.err) == (2, "", True)


def test_types_of_columns(lake: Lake) -> None:
    """An answer knows the types of its columns, and how many rows there are besides those that it keeps."""
    [result] = answers(lake, "SELECT range AS n, 'x' AS t, now() AS w, [1] AS l FROM range(12345)", 2)
    assert (result.types, len(result.rows), result.more) == (
        ["bigint", "varchar", "timestamptz", "integer[]"],
        2,
        12343,
    )


def test_items_as_of_a_time(lake: Lake) -> None:
    """The items of any time can be asked for: before the first sync there were none."""
    sql = "SELECT count(*) AS items FROM items_at('{}')"
    now = query(lake, "SELECT count(*) FROM items").rows
    assert query(lake, sql.format("2999-01-01")).rows == now
    assert now > [(0,)]
    assert asked(lake, sql.format("2008-10-07"), "csv") == "items\n0\n"
