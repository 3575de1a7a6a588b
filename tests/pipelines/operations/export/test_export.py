"""Playlists as files, read back by other programs: they hold what the views show, in every format, now and then."""

import csv
import io
import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from pipelines.destinations.lake import Lake
from pipelines.operations.export import export
from pipelines.operations.export.file_names import file_names
from sources.errors import ConfigurationError
from tests.pipelines.driving import Ended, playlake
from tests.pipelines.operations.export.comparing import ENDINGS, FORMATS, ONLY_URIS, for_spreadsheets, in_views, same
from tests.pipelines.operations.export.lakes import BEFORE, PLAYLISTS, TITLES, Made, make
from tests.pipelines.operations.export.readers import EXPORTIFY, read
from tests.pipelines.postgres_server import postgres, program
from tests.pipelines.tables import select

pytestmark = pytest.mark.sampled(3)

EXTRA = ("xlsxwriter", "openpyxl")
POSTGRES = [
    pytest.mark.postgres,
    pytest.mark.skipif(program("initdb") is None, reason="there is no Postgres here: apt-get install postgresql"),
]


@pytest.fixture(scope="module", params=["duckdb", "parquet", pytest.param("postgres", marks=POSTGRES)])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """The lake, wherever its tables are."""
    with ExitStack() as stack:
        if request.param == "postgres":
            url = stack.enter_context(postgres())
            stack.enter_context(patch.dict(os.environ, DESTINATION__POSTGRES__CREDENTIALS=url))
            yield make(Lake("postgres", dataset="exported"))
        else:
            yield make(Lake(request.param, str(tmp_path_factory.mktemp("lake") / "lake")))


def command(made: Made, *arguments: str) -> Ended:
    """How `playlake export` ends for this lake."""
    lake = made.lake
    where = ["--destination", lake.destination, "--dataset", lake.dataset]
    return playlake("export", *where, *(["--path", lake.path] if lake.path else []), *arguments)


def needs(name: str) -> None:
    """Skips where the packages for spreadsheets are not installed."""
    for package in EXTRA if name == "xlsx" else ():
        pytest.importorskip(package)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("then", [False, True], ids=["now", "then"])
def test_a_file_each_holds_what_the_views_show(made: Made, name: str, then: bool, tmp_path: Path) -> None:
    """Each playlist of the library is a file with its items in order; empty ones too, and no other."""
    needs(name)
    as_of = made.first if then else None
    done = export(made.lake, tmp_path / "out", format=name, as_of=as_of)
    rows = in_views(made.lake, as_of)
    names = dict(select(made.lake, "SELECT playlist_id, name FROM playlists WHERE in_library OR left_at IS NOT NULL"))
    if then:
        names = {one: BEFORE if name == PLAYLISTS[0] else name for one, name in names.items()}
    else:
        del names[left(made)]
    assert set(rows) <= set(names)
    files = file_names(names, ENDINGS[name])
    assert {file.name for file in (tmp_path / "out").iterdir()} == {*files.values(), ".playlake-export.json"}
    for playlist_id, file in files.items():
        same(tmp_path / "out" / file, name, rows.get(playlist_id, []))
    without = sum(row["uri"] is None for some in rows.values() for row in some)
    assert without > 0
    assert sum(done.without_uri.values()) == (without if name in ONLY_URIS else 0)
    assert done.items == sum(map(len, rows.values())) - sum(done.without_uri.values())


@pytest.mark.parametrize("name", FORMATS)
def test_one_file_holds_them_all(made: Made, name: str, tmp_path: Path) -> None:
    """One file has the items of all playlists, one after the other, and says of each where it is from, if it can."""
    needs(name)
    done = export(made.lake, tmp_path / f"all{ENDINGS[name]}")
    rows = [row for some in in_views(made.lake).values() for row in some]
    assert done.files == [tmp_path / f"all{ENDINGS[name]}"]
    same(done.files[0], name, rows, joined=True)


def test_csv_is_exportifys(made: Made, tmp_path: Path) -> None:
    """The columns have Exportify's names and values: URIs of artists, albums and users, dates as Spotify sends them."""
    export(made.lake, tmp_path, one_file=True, exact=True)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "playlists.csv").read_text("utf-8"), newline="")))
    assert list(rows[0])[: len(EXPORTIFY)] == EXPORTIFY
    wanted = select(
        made.lake,
        """
        SELECT items.place::VARCHAR, 'spotify:playlist:' || items.playlist_id, 'spotify:user:' || i.added_by_id,
            t.disc_number::VARCHAR, t.track_number::VARCHAR, t.explicit::VARCHAR, b.uri, b.release_date,
            (SELECT string_agg('spotify:artist:' || artist_id, ', ' ORDER BY position) FROM track_artists
             WHERE track_uri = t.track_uri),
            (SELECT string_agg(artist_name, ', ' ORDER BY position) FROM album_artists WHERE album_id = b.album_id),
            (SELECT url FROM album_images AS images WHERE images.album_id = b.album_id AND images.position = 0)
        FROM items
        JOIN playlist_items AS i ON i.playlist_id = items.playlist_id AND i.position + 1 = items.place
        LEFT JOIN tracks AS t ON t.track_uri = items.item_uri LEFT JOIN albums AS b USING (album_id)
        WHERE items.item_type IS DISTINCT FROM 'episode'
        ORDER BY items.playlist, items.playlist_id, items.place
        """,
    )
    names = (
        "Place", "Playlist URI", "Added By", "Disc Number", "Track Number", "Explicit", "Album URI",
        "Album Release Date", "Artist URI(s)", "Album Artist Name(s)", "Album Image URL",
    )  # fmt: skip
    episodes = select(made.lake, "SELECT DISTINCT uri FROM episodes")
    found = [tuple(row[name] for name in names) for row in rows if (row["Track URI"],) not in episodes]
    assert episodes
    assert found == [tuple("" if value is None else value for value in row) for row in wanted]


def test_spreadsheets_compute_nothing(made: Made, tmp_path: Path) -> None:
    """In CSV text like a formula has a mark before it, unless it is to be exact; all titles are there."""
    signs = ("=", "+", "-", "@", "\t", "\r")
    for exact in (False, True):
        export(made.lake, tmp_path / "all.csv", exact=exact, bom=not exact)
        data = (tmp_path / "all.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf") != exact
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        cells = {cell for row in rows for cell in row}
        risky = {cell for cell in cells if cell.startswith(signs)}
        titles = {title for (title,) in select(made.lake, "SELECT DISTINCT title FROM items") if title in TITLES}
        assert len(titles) > len(TITLES) // 2
        assert {title if exact else for_spreadsheets(title) for title in titles} <= cells
        assert bool(risky) == exact


def left(made: Made) -> str:
    """The playlist that has left the library."""
    ((playlist_id,),) = select(made.lake, "SELECT playlist_id FROM playlists WHERE left_at IS NOT NULL")
    return str(playlist_id)


def test_playlists_are_named_in_many_ways(made: Made, tmp_path: Path) -> None:
    """An id, URI, link or name, in any case if no playlist has it so, means the playlist; twice is once."""
    ((playlist_id,),) = select(made.lake, "SELECT playlist_id FROM playlists WHERE name = 'CON'")
    link = f"https://open.spotify.com/playlist/{playlist_id}?si=1"
    for number, name in enumerate([playlist_id, f"spotify:playlist:{playlist_id}", link, "CON", " con "]):
        done = export(made.lake, tmp_path / f"{number}", playlists=[name, playlist_id])
        assert [file.name for file in done.files] == ["_CON.csv"]
        same(done.files[0], "csv", in_views(made.lake)[playlist_id])
    assert [export(made.lake, tmp_path / "e", playlists=[name]).playlists for name in ("Road trip", "road TRIP")] == [
        1,
        1,
    ]
    done = export(made.lake, tmp_path / "two.csv", playlists=["Road trip", "CON"])
    assert list(dict.fromkeys(row["playlist"] for row in read(done.files[0]))) == ["Road trip", "CON"]
    # A file for one playlist that was asked for is Exportify's.
    assert {row["playlist"] for row in read(export(made.lake, tmp_path / "one.csv", playlists=["CON"]).files[0])} == {
        None
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ROAD TRIP"], "2 playlists are named 'ROAD TRIP': use the id of one ("),
        (["Nothing"], "There is no playlist 'Nothing' in this lake: playlake status lists the playlists."),
        (["Raod trip"], "There is no playlist 'Raod trip' in this lake: did you mean 'Road trip'?"),
        (["Left, later"], ") had left the library; --as-of 20"),
        (["--as-of", "2008-10-07"], "Nothing to export: no playlist in this lake has contents as of 2008"),
        (["CON", "--as-of", "2008-10-07"], ") has no contents in this lake at that time: "),
        (["--as-of", "last week"], "--as-of last week is not a time: write a date "),
        (["--format", "xlsx", "--bom"], "--exact and --bom are only for CSV, not for xlsx."),
        (["--output", "all.pdf"], "all.pdf has the ending of another format: choose one of .csv, .xlsx, .m3u8, .jspf"),
        (["--format", "csv", "--output", "new/all.XLS"], "all.XLS has the ending of another format"),
        (["--format", "m3u8", "--output", "all.csv"], "all.csv has the ending of csv, and --format is m3u8"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_exported_is_reported_in_a_line(made: Made, arguments: list[str], message: str) -> None:
    """Nothing is written, and the line says what to do."""
    ended = command(made, *arguments)
    assert (ended.code, ended.out, ended.err.count("\n")) == (2, "", 1), ended.err
    assert message in ended.err
    assert list(Path().iterdir()) == []


def test_what_was_on_a_playlist_that_left(made: Made, tmp_path: Path) -> None:
    """The line about a playlist that left names the last time it was there, of which it can be exported."""
    with pytest.raises(ConfigurationError) as refused:
        export(made.lake, tmp_path / "a", playlists=[left(made)])
    time = str(refused.value).partition("--as-of ")[2].split()[0]
    gone = select(
        made.lake,
        f"SELECT min(observed_at) FROM playlist_descriptions WHERE playlist_id = '{left(made)}' AND NOT in_library",
    )
    assert [(datetime.fromisoformat(time) + timedelta(microseconds=1),)] == gone
    done = export(made.lake, tmp_path / "b", playlists=[left(made)], as_of=time)
    same(done.files[0], "csv", in_views(made.lake, datetime.fromisoformat(time))[left(made)])
    assert done.items > 0


def test_times_are_those_of_items_at(made: Made, tmp_path: Path) -> None:
    """A time without a zone is in UTC, and any zone means the same; one to come is now."""
    local = made.first.astimezone(UTC).replace(tzinfo=None).isoformat()
    berlin = (made.first.astimezone(UTC) + timedelta(hours=2)).replace(tzinfo=None).isoformat() + "+02:00"
    data = set()
    naive = datetime.fromisoformat(local)
    same_times: list[datetime | str] = [made.first, local, berlin, naive]
    for number, time in enumerate(same_times):
        data.add(export(made.lake, tmp_path / f"{number}.csv", as_of=time).files[0].read_bytes())
    assert len(data) == 1
    day = date(2126, 1, 1)
    now, later = (export(made.lake, tmp_path / f"{time}.csv", as_of=time).files[0] for time in (None, day))
    assert now.read_bytes() == later.read_bytes()
    assert {now.read_bytes()} != data


def test_the_command(made: Made) -> None:
    """It says where the files are and how many, once more that nothing changed, and which entries do not count."""
    there = len(PLAYLISTS) - 1
    first = command(made)
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith(f"playlake-export: {there} files, {there} playlists, ")
    assert command(made).out.startswith(f"playlake-export: {there} files, {there} unchanged, {there} playlists, ")
    uris = command(made, "--format", "uris", "--one-file")
    assert uris.out.startswith(f"playlake-export.txt: 1 file, {there} playlists, ")
    assert uris.err.startswith("Items without a URI are not in uris: ")
    assert f", {len(Path('playlake-export.txt').read_text().splitlines())} items." in uris.out
    Path("playlake-export", "Emoji 👩\u200d🎤 é.csv").write_text("my own")
    refused = command(made)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("playlake: Emoji 👩\u200d🎤 é.csv in playlake-export would be overwritten, ")
    assert command(made, "--force").code == 0


def test_another_program_opens_the_spreadsheet(made: Made, tmp_path: Path) -> None:
    """What opens is one sheet with a header and a row an item, without formulas and links, and the same each time."""
    needs("xlsx")
    import openpyxl

    done = export(made.lake, tmp_path / "all.xlsx")
    (sheet,) = openpyxl.load_workbook(done.files[0]).worksheets
    assert (sheet.max_row, sheet.freeze_panes) == (done.items + 1, "A2")
    assert [cell.value for cell in sheet[1]][: len(EXPORTIFY)] == EXPORTIFY
    assert all(cell.data_type in "snbd" and cell.hyperlink is None for row in sheet.iter_rows() for cell in row)
    assert export(made.lake, tmp_path / "all.xlsx").written == []


def test_a_spreadsheet_without_its_package(made: Made) -> None:
    """The line names the extra."""
    with patch.dict("sys.modules", xlsxwriter=None):
        ended = command(made, "--format", "xlsx")
    assert (ended.code, ended.err.count("\n"), "extra xlsx" in ended.err) == (2, 1, True)
