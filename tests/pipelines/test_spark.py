"""Spark SQL over the same files answers what DuckDB does, row by row: a JVM of its own, which make spark starts."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pipelines.destinations.lake import Lake
from schemas import FUNCTIONS, TABLES, VIEWS
from tests.pipelines.driving import CHECKOUT, playlake
from tests.pipelines.engine_lakes import compacted, month, stored_twice, with_orphans
from tests.schemas import test_pruning

sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed: make spark")

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("default")]

SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    # What Spark remembers of hundreds of queries, whose plans are long, fills the memory that it has by default.
    "spark.driver.memory": "3g",
    "spark.sql.ui.retainedExecutions": "1",
    "spark.ui.retainedJobs": "1",
    "spark.ui.retainedStages": "1",
    # Few rows: to plan in parts, to compile each plan, and to compile that well, takes longer than to answer. The cache
    # of compiled code is small by default where nothing is compiled well, and Java interprets once it is full.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseParallelGC -XX:ReservedCodeCacheSize=240m",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
NAMES = ("month", "orphans", "compacted", "twice")
TIMES = {"month": ("2026-11-08", "2026-11-20"), "twice": ("2026-01-01 03:00:00", "2026-01-01 09:00:00")}


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session of Spark in this process's own JVM."""
    builder = sql.SparkSession.builder.master("local[4]")
    for name, value in (SETTINGS | {"spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("spark"))}).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def lakes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Lake]:
    """The lakes of NAMES."""
    folder = tmp_path_factory.mktemp("lakes")
    synced = month(folder / "month")
    return {
        "month": synced,
        "orphans": with_orphans(synced, folder / "orphans"),
        "compacted": compacted(synced, folder / "compacted"),
        "twice": stored_twice(folder / "twice"),
    }


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """The statement that made each view and function which the session has."""
    return {}


def show(spark: Any, lake: Lake, made: dict[str, str]) -> None:
    """Makes a lake's tables and views in a session.

    A view that the session has from the same statement is not made again: Spark keeps a temporary view as text, and
    resolves the names in it whenever it is queried. To resolve those of the large views takes most of the time.
    """
    for statement in lake.view_statements("spark"):
        found = re.search(r"TEMPORARY (?:VIEW|FUNCTION) (\w+)", statement)
        if found and made.get(found[1]) == statement:
            continue
        spark.sql(statement.strip().removesuffix(";"))
        if found:
            made[found[1]] = statement


def answers(spark: Any, names: list[str]) -> Iterator[tuple[str, pa.Table]]:
    """What Spark answers, two queries at a time; what it has read of a table is kept for the views that need it too."""
    spark.catalog.clearCache()
    for table in TABLES:
        spark.catalog.cacheTable(table.name)
    with ThreadPoolExecutor(2) as threads:
        yield from zip(
            names, threads.map(lambda name: spark.sql(f"SELECT * FROM {name}").toArrow(), names), strict=True
        )
    spark.catalog.clearCache()


def differences(theirs: pa.Table, here: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """How the answers of both differ, in rows or in columns and their types; null if they are the same."""
    here.register("theirs", theirs)
    columns = [
        [row[:2] for row in here.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()] for table in ("theirs", name)
    ]
    if columns[0] != columns[1]:
        return f"columns {columns[0]}, not {columns[1]}"
    more, fewer = (
        here.execute(f"SELECT * FROM {one} EXCEPT ALL SELECT * FROM {other} LIMIT 3").fetchall()
        for one, other in (("theirs", name), (name, "theirs"))
    )
    return f"more: {more}, fewer: {fewer}" if more or fewer else None


@pytest.mark.parametrize("name", NAMES)
def test_spark_answers_as_duckdb_does(spark: Any, made: dict[str, str], lakes: dict[str, Lake], name: str) -> None:
    """Every view and function has the same rows, columns and types in both; of a compacted lake every table, too."""
    show(spark, lakes[name], made)
    since, until = TIMES.get(name, TIMES["month"])
    called = [
        f"{function}('{until}')" if function == "items_at" else f"{function}('{since}', '{until}')"
        for function in FUNCTIONS
    ]
    tables = [table.name for table in TABLES] if name == "compacted" else []
    with lakes[name].open() as here:
        here.execute("SET TimeZone = 'UTC'")
        found = {one: differences(theirs, here, one) for one, theirs in answers(spark, [*tables, *VIEWS, *called])}
    assert {one: difference for one, difference in found.items() if difference} == {}


def test_every_view_has_rows_to_compare(lakes: dict[str, Lake]) -> None:
    """No view is equal only because it is empty in every lake."""
    with lakes["month"].open() as synced, lakes["twice"].open() as twice:
        empty = [
            name
            for name in VIEWS
            if not any(connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchall() for connection in (synced, twice))
        ]
    assert empty == []


def test_a_question_of_one_playlist_reads_few_groups_of_rows(spark: Any, made: dict[str, str], tmp_path: Path) -> None:
    """Its condition reaches each scan of states and of additions, so that nearly all groups of rows are passed over."""
    lake = test_pruning.merged_lake(tmp_path / "lake")
    show(spark, lake, made)
    with lake.open() as connection:
        rows = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
            for table in ("playlist_snapshots", "playlist_additions")
        }
    most = 3 * test_pruning.ROWS_PER_GROUP
    assert most < min(rows.values()) / 2
    for view in test_pruning.VIEWS:
        found = rows_read(spark, f"SELECT * FROM {view} WHERE playlist_id = '{test_pruning.ONE}'")
        assert {view: {table: 0 < found[table] <= most for table in rows}} == {view: dict.fromkeys(rows, True)}


def rows_read(spark: Any, query: str) -> dict[str, int]:
    """How many rows Spark's scans took out of the files of each table, at most: groups passed over do not count."""
    frame = spark.sql(query)
    frame.collect()
    leaves = frame._jdf.queryExecution().executedPlan().collectLeaves()
    found: dict[str, int] = {}
    for scan in (leaves.apply(index) for index in range(leaves.size())):
        if scan.nodeName().startswith("Scan parquet"):
            path = scan.relation().location().rootPaths().apply(0).toString()
            table = path.partition("/spotify/")[2].partition("/")[0]
            found[table] = max(found.get(table, 0), scan.metrics().apply("numOutputRows").value())
    return found


@pytest.mark.usefixtures("spark")
def test_the_page_about_spark_is_right(made: dict[str, str], lakes: dict[str, Lake]) -> None:
    """What docs/spark.md says to run in a shell and in Python runs as it stands, and gives the rows that it shows."""
    page = (CHECKOUT / "docs" / "spark.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^playlake (.*) > lake\.sql$", page, re.MULTILINE)
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (answer,) = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    folder = Path(lakes["month"].location).parent
    # The program makes all views again, in the same session.
    made.clear()
    with chdir(folder):
        ended = playlake(*command.split())
        assert (ended.code, ended.err) == (0, "")
        (folder / "lake.sql").write_text(ended.out, encoding="utf-8")
        names: dict[str, Any] = {}
        exec(program, names)  # noqa: S102 (what the page says)
    assert [tuple(row) for row in names["changes"].collect()] == [
        tuple(int(cell) if cell.isdigit() else cell for cell in re.split(r" {2,}", line.strip()))
        for line in answer.splitlines()[1:]
    ]
