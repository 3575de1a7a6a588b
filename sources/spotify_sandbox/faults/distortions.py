"""Faults that modify the API's answer: parts are missing, or links lead elsewhere."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import msgspec

from sources.spotify_sandbox.faults.kind import Condition
from sources.spotify_sandbox.http.exchange import Exchange

Json = dict[str, Any]


def truncated_json(condition: Condition, exchange: Exchange) -> bool:
    """Truncates the body, with 200 and a matching Content-Length."""
    body = _body(exchange)
    if len(body) < 2:
        return False
    replace_body(exchange, body[: max(1, min(len(body) - 1, int(len(body) * condition.option("keep"))))])
    return True


def null_entries(condition: Condition, exchange: Exchange) -> bool:
    """Makes the contents of some entries null, and elements of other lists as a whole."""
    answer = read_answer(exchange)
    changed = False
    for page in pages(answer):
        rows = page["items"]
        for row in condition.random.sample(range(len(rows)), min(len(rows), condition.option("count"))):
            names = [name for name in ("track", "item") if isinstance(rows[row], dict) and name in rows[row]]
            for name in names:
                rows[row][name] = None
            if not names:
                rows[row] = None
            changed = True
    return changed and replace_answer(exchange, answer)


def short_page(condition: Condition, exchange: Exchange) -> bool:
    """Leaves the last entries of a page to the next one (recorded: 18 for 20), or drops them with ``lost``."""
    answer = read_answer(exchange)
    changed = False
    for page in pages(answer):
        less, rows = condition.option("rows"), page["items"]
        lost = condition.option("lost")
        # With cursors, the next page cannot begin with them.
        if not page.get("next") or len(rows) <= less or not (lost or "offset" in page):
            continue
        del rows[len(rows) - less :]
        if not lost:
            page["limit"] = len(rows)
            page["next"] = re.sub(r"offset=\d+", f"offset={page['offset'] + len(rows)}", page["next"])
        changed = True
    return changed and replace_answer(exchange, answer)


def shrunken_list(condition: Condition, exchange: Exchange) -> bool:
    """Ends a list early, as if that were all of it: ``total`` agrees and there is no ``next``."""
    answer = read_answer(exchange)
    changed = False
    for page in pages(answer):
        rows = page["items"]
        if rows:
            del rows[int(len(rows) * condition.option("keep")) :]
            page["next"] = None
            if "total" in page:
                page["total"] = page.get("offset", 0) + len(rows)
            if isinstance(page.get("cursors"), dict):
                page["cursors"]["after"] = None
            changed = True
    return changed and replace_answer(exchange, answer)


def foreign_next(condition: Condition, exchange: Exchange) -> bool:
    """Lets ``next`` lead to another host, which must not get a token."""
    answer = read_answer(exchange)
    changed = False
    for page in pages(answer):
        if page.get("next"):
            link = urlsplit(page["next"])
            page["next"] = condition.option("host") + link._replace(scheme="", netloc="").geturl()
            changed = True
    return changed and replace_answer(exchange, answer)


def new_field(condition: Condition, exchange: Exchange) -> bool:
    """Gives every object of a type, as ``track`` or ``user``, a field that no documentation names."""
    answer = read_answer(exchange)
    changed = False
    for element in _objects(answer):
        if element.get("type") == condition.option("type"):
            element[condition.option("name")] = "new"
            changed = True
    return changed and replace_answer(exchange, answer)


def pages(answer: Any) -> Iterator[Json]:
    """The pages of a list in an answer: the answer itself, or members of it."""
    if isinstance(answer, dict):
        for value in (answer, *answer.values()):
            if isinstance(value, dict) and isinstance(value.get("items"), list) and "limit" in value:
                yield value


def read_answer(exchange: Exchange) -> Any:
    """The JSON of an answer, decoded; null if it is not one of 200 with JSON."""
    body = _body(exchange)
    return msgspec.json.decode(body) if body else None


def replace_answer(exchange: Exchange, answer: Any) -> bool:
    """Replace the JSON of an answer."""
    replace_body(exchange, msgspec.json.encode(answer))
    return True


def replace_body(exchange: Exchange, body: bytes) -> None:
    """Replace the body of an answer, with a matching Content-Length."""
    if exchange.response is not None:
        exchange.response.body = body
        exchange.response.headers["content-length"] = str(len(body))


def _objects(value: Any) -> Iterator[Json]:
    """All objects of an answer, those inside others first."""
    if isinstance(value, dict | list):
        for part in list(value.values()) if isinstance(value, dict) else value:
            yield from _objects(part)
    if isinstance(value, dict):
        yield value


def _body(exchange: Exchange) -> bytes:
    response = exchange.response
    if response is None or response.status_code != 200 or "json" not in response.headers.get("content-type", ""):
        return b""
    return bytes(response.body)
