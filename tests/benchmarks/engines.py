"""How long DuckDB and Spark take over one Parquet lake, for whole views and for narrow questions.

    python -m tests.benchmarks.engines [--items 1000000] [--engine duckdb]… [--memory 12GB] [--folder DIR]
        [--seconds 1800] [--question TEXT]… [--out FILE] [--smoke]

The lake is that of `growth`, made in the folder if it is not there: a user for each copy of twenty playlists. A
question is asked in a process of its own, which has `--memory` and all processors, and gives up after `--seconds`. All
columns of all rows of the answer are computed and thrown away: DuckDB gives them as record batches, Spark writes them
to its data source `noop`. Counted are the seconds from the question to the last row, and the most memory that the
process and its children had. Spark answers in `.venv-spark/bin/python -m tests.benchmarks.engines`, which `make spark`
installs.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import duckdb
import msgspec
from rich.console import Console
from rich.table import Table

from pipelines.destinations.lake import Lake
from tests.benchmarks.engine_questions import QUESTIONS, examples_of, sql_of
from tests.benchmarks.growth import SEED_ITEMS, SMOKE_ITEMS, grown, lake_of
from tests.benchmarks.machine import Machine, this_machine
from tests.cluster.processes import tree

ENGINES = ("duckdb", "spark")


class Answer(msgspec.Struct):
    """What an engine took for a question.

    Attributes:
        engine: `duckdb` or `spark`.
        question: as in `QUESTIONS`.
        rows: of the answer; null where there was none.
        seconds: from the question to the last row.
        cpu_seconds: CPU time of the process and its children from then to then.
        megabytes: memory at most, in 10^6 bytes.
        failure: why there was no answer, in a line.
    """

    engine: str
    question: str
    rows: int | None = None
    seconds: float = 0
    cpu_seconds: float = 0
    megabytes: float = 0
    failure: str = ""


class Outcome(msgspec.Struct):
    """A run of the benchmark, as it is written with `--out`."""

    machine: Machine
    additions: int
    answers: list[Answer]


@click.command()
@click.option("--items", default=1_000_000, show_default=True, help="Additions of the lake.")
@click.option("--engine", "engines", multiple=True, type=click.Choice(ENGINES), default=("duckdb",), show_default=True)
@click.option("--question", "questions", multiple=True, help="Only those whose names have this in them.")
@click.option("--seconds", default=1_800, show_default=True, help="After which a question is given up.")
@click.option("--memory", default="12GB", show_default=True, help="What an engine may use.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where the lake is, or is made.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures here, as JSON.")
@click.option("--smoke", is_flag=True, help="A tiny lake: does it work at all?")
@click.option("--ask", nargs=2, hidden=True, help="Ask one engine one question, in this process.")
def main(
    items: int,
    engines: Sequence[str],
    questions: Sequence[str],
    seconds: int,
    memory: str,
    folder: Path | None,
    out: Path | None,
    smoke: bool,
    ask: tuple[str, str] | None,
) -> None:
    """Time whole views and narrow questions."""
    if ask is not None:
        click.echo(msgspec.json.encode(asked_here(Lake("parquet", str(folder)), *ask, memory)))
        return
    with TemporaryDirectory(prefix="playlake-engines-") as place:
        seed = SMOKE_ITEMS if smoke else SEED_ITEMS
        lake = made(4 * SMOKE_ITEMS if smoke else items, seed, folder or Path(place))
        named = [name for name in QUESTIONS if not questions or any(each in name for each in questions)]
        answers = []
        for answer in _answers(lake, engines, named, seconds, memory):
            click.echo(f"{answer.engine}: {answer.question}: {answer.failure or f'{answer.seconds:.2f} s'}", err=True)
            answers.append(answer)
        outcome = Outcome(this_machine(), _additions(lake), answers)
    _print(outcome)
    if out is not None:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(outcome), indent=2) + b"\n")


def made(items: int, seed: int, folder: Path) -> Lake:
    """The Parquet lake of so many additions in a folder, made of copies of `seed` if it is not there."""
    lake = lake_of("parquet", items, folder, seed)
    if not lake.exists():
        grown((items,), 0, folder, seed_items=seed, uncounted=0, kinds=("parquet",))
    return lake


def _additions(lake: Lake) -> int:
    with lake.open() as connection:
        return int(connection.execute("SELECT count(*) FROM playlist_additions").fetchall()[0][0])


def _answers(
    lake: Lake, engines: Sequence[str], questions: Sequence[str], seconds: float, memory: str
) -> Iterator[Answer]:
    given = examples_of(lake)
    for question in questions:
        for engine in engines:
            sql = sql_of(QUESTIONS[question], engine, given)
            options = ["--folder", lake.location, "--memory", memory, "--ask", engine, sql]
            try:
                end = subprocess.run(
                    [sys.executable, "-m", "tests.benchmarks.engines", *options],
                    capture_output=True,
                    text=True,
                    timeout=seconds,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                yield Answer(engine, question, failure=f"no answer in {seconds:.0f} s")
                continue
            if end.returncode:
                yield Answer(engine, question, failure=end.stderr.strip().rpartition("\n")[2][:200])
                continue
            answer = msgspec.json.decode(end.stdout.splitlines()[-1], type=Answer)
            answer.question = question
            yield answer


def asked_here(lake: Lake, engine: str, sql: str, memory: str) -> Answer:
    """Asks in this process."""
    try:
        rows, seconds, cpu_seconds = (_duckdb if engine == "duckdb" else _spark)(lake, sql, memory)
    except duckdb.Error as error:
        return Answer(engine, sql, failure=str(error).partition("\n")[0])
    return Answer(engine, sql, rows, seconds, cpu_seconds, _peak() / 1e6)


def _duckdb(lake: Lake, sql: str, memory: str) -> tuple[int, float, float]:
    with TemporaryDirectory() as place, lake.open() as connection:
        connection.execute(f"SET memory_limit = '{memory}'; SET temp_directory = '{place}'; SET TimeZone = 'UTC'")
        begun, used = time.perf_counter(), _cpu_seconds()
        rows = 0
        for statement in connection.extract_statements(sql):
            rows += sum(batch.num_rows for batch in connection.execute(statement).to_arrow_reader(100_000))
        return rows, time.perf_counter() - begun, _cpu_seconds() - used


def _spark(lake: Lake, sql: str, memory: str) -> tuple[int, float, float]:
    from pyspark.sql import Observation, SparkSession, functions

    with TemporaryDirectory() as place:
        settings = {
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.memory": memory.lower().removesuffix("b"),
            "spark.local.dir": place,
            "spark.sql.session.timeZone": "UTC",
            "spark.sql.warehouse.dir": place,
            "spark.ui.enabled": "false",
        }
        builder = SparkSession.builder.master("local[*]")
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        for statement in lake.view_statements("spark"):
            session.sql(statement.strip().removesuffix(";"))
        observation = Observation("rows")
        begun, used = time.perf_counter(), _cpu_seconds()
        session.sql(sql).observe(observation, functions.count(functions.lit(1)).alias("rows")).write.format(
            "noop"
        ).mode("overwrite").save()
        seconds, cpu_seconds = time.perf_counter() - begun, _cpu_seconds() - used
        return int(observation.get["rows"]), seconds, cpu_seconds


def _cpu_seconds() -> float:
    """What this process and its children have used (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html)."""
    ticks = 0
    for number in tree(os.getpid()):
        with suppress(FileNotFoundError):
            # After the name, which may have spaces: the fields from the third on, of which the 14th and 15th are times.
            fields = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _peak() -> int:
    """The most bytes this process and its children had (https://man7.org/linux/man-pages/man5/proc_pid_status.5.html)."""
    peak = 0
    for number in tree(os.getpid()):
        with suppress(FileNotFoundError):
            lines = Path(f"/proc/{number}/status").read_text(encoding="utf-8").splitlines()
            peak += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    return peak


def _print(outcome: Outcome) -> None:
    table = Table(f"{outcome.additions:,} additions", "engine", box=None)
    for heading in ("rows", "seconds", "CPU s", "MB"):
        table.add_column(heading, justify="right")
    for answer in outcome.answers:
        took = (answer.failure, "", "", "")
        if answer.rows is not None:
            seconds = (f"{answer.seconds:.2f}", f"{answer.cpu_seconds:.2f}")
            took = (f"{answer.rows:,}", *seconds, f"{answer.megabytes:,.0f}")
        table.add_row(answer.question, answer.engine, *took)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
