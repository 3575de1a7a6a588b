"""Faults of data: answers that are JSON, and not what they should be."""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from sources.spotify.http.transport import Answer
from tests.faults.fault import DESCRIBED, HISTORY, HTTP_PHASES, Fault
from tests.faults.injection import Injection
from tests.faults.web import once


def bytes_changed(change: Callable[[bytes], bytes]) -> Callable[[Injection], None]:
    """The first answer in the phase has other bytes."""
    return lambda injection: injection.answers(lambda answer: Answer(answer.status, change(answer.body)))


def _written(value: Any) -> bytes:
    """JSON as the sandbox writes it: what is kept as it was sent must not differ by a blank."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def contents_changed(change: Callable[[dict[str, Any], int], object]) -> Callable[[Injection], None]:
    """Every answer about a playlist is changed in place.

    Args:
        change: given the answer, and which of that playlist it is, from 0 on.
    """
    seen: Counter[str] = Counter()

    def changed(answer: Answer) -> Answer:
        value = json.loads(answer.body)
        if "tracks" not in value:
            return answer
        change(value, seen[value["id"]])
        seen[value["id"]] += 1
        return Answer(answer.status, _written(value))

    return lambda injection: injection.answers(changed, times=1000)


def rows_changed(change: Callable[[list[Any]], Any]) -> Callable[[Injection], None]:
    """The rows of the first page in the phase that has any are changed in place."""
    return page_changed(lambda page: change(page["items"]))


def page_changed(change: Callable[[dict[str, Any]], Any]) -> Callable[[Injection], None]:
    """The first page in the phase that has rows is changed in place."""

    def changed(answer: Answer) -> Answer:
        value = json.loads(answer.body)
        page = value.get("tracks", value)
        if not page.get("items"):
            return answer
        change(page)
        return Answer(answer.status, _written(value))

    return lambda injection: injection.answers(changed)


def number_for(name: str) -> Callable[[list[Any]], None]:
    """The last row has a number where there should be something else."""

    def change(rows: list[Any]) -> None:
        rows[-1][name] = 5

    return change


def without_rows(playlist: dict[str, Any], _number: int) -> None:
    """No rows, and the total as it is."""
    playlist["tracks"]["items"] = []


def withheld(playlist: dict[str, Any], _number: int) -> None:
    """A playlist as an app sees it that may not see its contents."""
    del playlist["tracks"]


def blank_then_withheld(playlist: dict[str, Any], number: int) -> None:
    """First all rows without their items, then withheld contents."""
    if playlist["tracks"]["next"] is not None:
        return
    if number:
        del playlist["tracks"]
        return
    for row in playlist["tracks"]["items"]:
        # Another date, too: what was empty before would still be there.
        row |= {"track": None, "added_at": "2001-02-03T04:05:06Z"}


def another_total(playlist: dict[str, Any], number: int) -> None:
    """The total never agrees with the rows, nor with the last one."""
    playlist["tracks"]["total"] += number + 1


def unknown_item(rows: list[Any]) -> None:
    """The last row holds an item of an undocumented kind."""
    rows[-1]["track"] = {"type": "hologram", "id": "1", "uri": "spotify:hologram:1", "name": "Hologram"}


def total_too_high(page: dict[str, Any]) -> None:
    """The total is larger than the number of rows."""
    page["total"] += 1


def total_with_a_fraction(page: dict[str, Any]) -> None:
    """The total is no whole number."""
    page["total"] += 0.5


def with_points(body: bytes) -> bytes:
    """Whole numbers with a decimal point, as in languages without integers."""
    return re.sub(rb'(":\s?\d+)(?=[,}])', rb"\1.0", body)


DEEP = b"[" * 100_000 + b"]" * 100_000

LONGEST = "/v1/playlists/0zL5ZQTArZZjlZVIM02QnI**"
"""The longest playlist of the cases' world. On the other that is edited, an entry becomes empty that was added in the
same second as one that was empty before; which of both is which nobody can tell then, nor who added it."""

FAULTS = (
    Fault("data", "row of null too many", HTTP_PHASES, inside=rows_changed(lambda rows: rows.append(None))),
    Fault("data", "row twice", HTTP_PHASES, inside=rows_changed(lambda rows: rows.append(rows[-1]))),
    Fault(
        "data",
        "contents of null",
        ("reading",),
        weather=once("null_entries", path=LONGEST, count=3),
        unseen=True,
        next_options={"reading": ("--full",)},
        leaves={"reading": HISTORY},
        why="Spotify has such entries, so they are believed until the next audit",
    ),
    Fault(
        "data",
        "item of an unknown type",
        ("reading",),
        inside=rows_changed(unknown_item),
        unseen=True,
        next_options={"reading": ("--full",)},
        leaves={"reading": (*HISTORY, "unknown_items", "item_details")},
        why="what is unknown is believed until the next audit",
    ),
    Fault("data", "wrong type of what identifies a row", ("listing",), ends=4, inside=rows_changed(number_for("id"))),
    Fault("data", "wrong type of added_at", ("reading",), ends=4, inside=rows_changed(number_for("added_at"))),
    Fault(
        "data", "wrong type of a detail in the list", ("listing",), unseen=True, inside=rows_changed(number_for("name"))
    ),
    Fault(
        "data",
        "wrong type of a detail of a playlist",
        ("reading",),
        says="left out",
        inside=bytes_changed(lambda body: body.replace(b'"external_urls":{', b'"external_urls":1,"before":{', 1)),
        leaves={"reading": ("playlist_reads",)},
        why="what was left out is told in the row of the read",
    ),
    Fault(
        "data", "name twice in an object", HTTP_PHASES, inside=bytes_changed(lambda body: b'{"href":"x",' + body[1:])
    ),
    Fault(
        "data",
        "100,000 lists in each other",
        HTTP_PHASES,
        inside=bytes_changed(lambda body: b'{"deep":' + DEEP + b"," + body[1:]),
    ),
    Fault(
        "data",
        "bytes that are no UTF-8",
        HTTP_PHASES,
        inside=bytes_changed(lambda body: body.replace(b'"name":"', b'"name":"\xff\xc0', 1)),
    ),
    Fault(
        "data",
        "half a character in a name",
        HTTP_PHASES,
        says="invalid characters were replaced",
        unseen=True,
        next_options={"reading": ("--full",)},
        leaves={"reading": (*HISTORY, *DESCRIBED)},
        why="what was replaced is told in the row of the read, and read again by the next audit",
        inside=bytes_changed(lambda body: body.replace(b'"name":"', b'"name":"\\ud83d', 1)),
    ),
    Fault("data", "byte order mark", HTTP_PHASES, inside=bytes_changed(lambda body: b"\xef\xbb\xbf" + body)),
    Fault("data", "whole numbers with a point", HTTP_PHASES, inside=bytes_changed(with_points)),
    Fault(
        "data",
        "null for an answer",
        HTTP_PHASES,
        ends={"listing": 1, "reading": 4},
        inside=bytes_changed(lambda _: b"null"),
    ),
    Fault(
        "data",
        "total too high",
        HTTP_PHASES,
        inside=page_changed(total_too_high),
    ),
    Fault(
        "data",
        "total that is never the same",
        ("reading",),
        ends=4,
        says="not seen whole",
        inside=contents_changed(another_total),
    ),
    Fault(
        "data",
        "contents without their rows",
        ("reading",),
        ends=4,
        says="is not stored yet",
        inside=contents_changed(without_rows),
    ),
    Fault(
        "data",
        "contents withheld for a moment",
        ("reading",),
        ends=4,
        says="not its contents",
        inside=contents_changed(withheld),
    ),
    Fault(
        "data",
        "contents blank, then withheld",
        ("reading",),
        ends=4,
        says="once and not again",
        inside=contents_changed(blank_then_withheld),
    ),
    Fault(
        "data",
        "total with a fraction",
        HTTP_PHASES,
        ends={"listing": 1, "reading": 4},
        says="unknown shape",
        inside=page_changed(total_with_a_fraction),
    ),
)
