"""The table of all kinds of faults."""

from typing import Annotated, Literal

from msgspec import Meta

from sources.spotify_sandbox.faults import changes, distortions, error_responses, rate_limits, wire
from sources.spotify_sandbox.faults.kind import Kind

_Count = Annotated[int, Meta(ge=0)]
_Length = Annotated[float, Meta(ge=0)]
_Positive = Annotated[float, Meta(gt=0)]
_Share = Annotated[float, Meta(ge=0, le=1)]
_Status = Annotated[int, Meta(ge=400, le=599)]
_Redirect = Annotated[int, Meta(ge=300, le=399)]

_ELSEWHERE = "https://api.example.net"

_ALL = (
    Kind(
        "rate_limit",
        "429 after so many calls of an app in a rolling window of seconds, with Retry-After or without",
        "instead",
        rate_limits.rate_limit,
        {"calls": (_Count, rate_limits.CALLS), "window": (_Positive, rate_limits.WINDOW), "retry_after": (bool, True)},
        judges=True,
    ),
    Kind(
        "too_many_requests",
        "429 once, with Retry-After in seconds or (null) without",
        "instead",
        rate_limits.too_many_requests,
        {"retry_after": (_Count | None, 1)},
    ),
    Kind(
        "quota_exceeded",
        "429 with the reason QUOTA_EXCEEDED and a Retry-After of hours (null: none)",
        "instead",
        rate_limits.quota_exceeded,
        {"retry_after": (_Count | None, 48_925)},
    ),
    Kind(
        "server_error",
        "a status from 500 on with a body of json, html or text",
        "instead",
        error_responses.server_error,
        {"status": (_Status, 502), "body": (Literal["json", "html", "text"], "json")},
    ),
    Kind("latency", "the answer comes seconds later", "wire", wire.latency, {"seconds": (_Length, 1.0)}),
    Kind(
        "cut",
        "the connection breaks before the headers, or in the middle of the body",
        "wire",
        wire.cut,
        {"where": (Literal["headers", "body"], "headers")},
    ),
    Kind(
        "truncated_json",
        "200 with only the first part of the JSON",
        "after",
        distortions.truncated_json,
        {"keep": (_Share, 0.5)},
    ),
    Kind(
        "not_json",
        "200 with html or text",
        "instead",
        error_responses.not_json,
        {"body": (Literal["html", "text"], "html")},
    ),
    Kind("token_missing", "401 Access token missing, for a valid token", "instead", error_responses.token_missing),
    Kind(
        "token_expired",
        "401 The access token expired, from now on for this token",
        "instead",
        error_responses.token_expired,
    ),
    Kind(
        "forbidden",
        "403 in plain text: premium, unregistered, or any other text",
        "instead",
        error_responses.forbidden,
        {"text": (str, "unregistered")},
    ),
    Kind("null_entries", "some entries of a page hold null", "after", distortions.null_entries, {"count": (_Count, 1)}),
    Kind(
        "short_page",
        "a page has fewer rows than its limit and a next; the rows come with the next page, or are lost",
        "after",
        distortions.short_page,
        {"rows": (_Count, 2), "lost": (bool, False)},
    ),
    Kind(
        "shrunken_list",
        "a list ends early for one answer, total and next agree",
        "after",
        distortions.shrunken_list,
        {"keep": (_Share, 0.5)},
    ),
    Kind(
        "snapshot_lag",
        "snapshot ids, and counts in lists of playlists, lag seconds behind a change",
        "after",
        changes.snapshot_lag,
        {"seconds": (_Length, 30)},
        judges=True,
    ),
    Kind(
        "world_change",
        "the world changes between two pages: insert or remove at the top of the playlist, or evolve",
        "world",
        changes.world_change,
        {"edit": (Literal["insert", "remove", "evolve"], "insert"), "changes": (_Count, 1)},
    ),
    Kind(
        "redirect",
        "the call is redirected to another host",
        "instead",
        error_responses.redirect,
        {"host": (str, _ELSEWHERE), "status": (_Redirect, 307)},
    ),
    Kind(
        "foreign_next",
        "next leads to another host",
        "after",
        distortions.foreign_next,
        {"host": (str, _ELSEWHERE)},
    ),
    Kind(
        "new_field",
        "the API of tomorrow: every object of a type has one more field",
        "after",
        distortions.new_field,
        {"type": (str, "track"), "name": (str, "new_field")},
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
