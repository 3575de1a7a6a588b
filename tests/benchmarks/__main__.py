"""Measures everything in docs/benchmarks.md: `make bench`, or `python -m tests.benchmarks`."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec
from platformdirs import user_cache_path

from tests.benchmarks import growth, load, nothing_new, queries, upstream
from tests.benchmarks.report import DOCS, write

PARTS = ("load", "nothing_new", "growth", "queries", "upstream")


@click.command()
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), default=PARTS, help="Only this.")
@click.option(
    "--load-items", multiple=True, type=int, default=load.SIZES, show_default=True, help="Libraries' entries."
)
@click.option("--items", multiple=True, type=int, default=growth.SIZES, show_default=True, help="Additions of lakes.")
@click.option("--repeats", default=3, show_default=True, help="Rounds.")
@click.option(
    "--pages",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where answers and lakes are kept between runs.",
    default=lambda: user_cache_path("playlake") / "benchmarks",
    show_default="the user's cache folder",
)
@click.option("--smoke", is_flag=True, help="Tiny data, once, and nothing is kept: does it work at all?")
def main(
    parts: tuple[str, ...],
    load_items: tuple[int, ...],
    items: tuple[int, ...],
    repeats: int,
    pages: Path,
    smoke: bool,
) -> None:
    """Measure loading, small syncs, growth and queries, and write docs/benchmarks.md with its pictures and raw figures.

    Parts that are not measured stay as they are.
    """
    with TemporaryDirectory(prefix="playlake-benchmarks-") as place:
        docs = Path(place) if smoke else DOCS
        lakes = Path(place) / "lakes" if smoke else pages / "lakes"
        (docs / "benchmarks").mkdir(exist_ok=True)
        for part in parts:
            click.echo(f"{part} …", err=True)
            outcome: msgspec.Struct
            if part == "load":
                outcome = load.loaded(load.SMOKE_SIZES if smoke else load_items, 1 if smoke else repeats, (), pages)
            elif part == "nothing_new":
                outcome = nothing_new.measured(1 if smoke else repeats)
            elif part == "upstream":
                outcome = upstream.measured(1 if smoke else repeats, items=growth.SMOKE_ITEMS if smoke else 10_000)
            elif part == "growth":
                outcome = growth.smoked(lakes) if smoke else growth.grown(items, repeats, lakes)
            else:
                sizes = (growth.SMOKE_ITEMS,) if smoke else sorted(items)[1:] or items
                outcome = queries.asked(sizes, 1 if smoke else repeats, lakes)
            file = docs / "benchmarks" / f"{part}.json"
            file.write_bytes(msgspec.json.format(msgspec.json.encode(outcome), indent=2) + b"\n")
        write(docs / "benchmarks", docs)
        sys.stdout.write((docs / "benchmarks.md").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
