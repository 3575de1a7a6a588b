"""Formats numbers, dates and durations for the report."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from markupsafe import Markup

_SPOTIFY = "https://open.spotify.com/"


def number(value: int | None) -> str:
    """1,234; a dash for null, and a typographic minus sign."""
    return "–" if value is None else f"{value:,}".replace("-", "−")


def counted(value: int, one: str, many: str) -> str:
    """1 item, 2 items."""
    return f"{number(value)} {one if value == 1 else many}"


def signed(value: int, sign: str) -> str:
    """+12 or −3; nothing for zero."""
    return f"{sign}{number(value)}" if value else ""


def day(moment: datetime | None) -> str | Markup:
    """22 Nov 2026, in UTC, as an element that programs can read; a dash for none."""
    if moment is None:
        return "–"
    moment = moment.astimezone(UTC)
    return Markup('<time datetime="{}">{}</time>').format(f"{moment:%Y-%m-%d}", f"{moment.day} {moment:%b %Y}")


def minute(moment: datetime | None) -> str | Markup:
    """22 Nov 2026, 21:42, in UTC; a dash for none."""
    if moment is None:
        return "–"
    moment = moment.astimezone(UTC)
    shown = f"{moment.day} {moment:%b %Y, %H:%M}"
    return Markup('<time datetime="{}">{}</time>').format(f"{moment:%Y-%m-%dT%H:%MZ}", shown)


def ago(age: timedelta) -> str:
    """A length of time in its largest unit, rounded down."""
    seconds = max(int(age.total_seconds()), 0)
    for one, many, length in (("day", "days", 86_400), ("hour", "hours", 3_600), ("minute", "minutes", 60)):
        if seconds >= length:
            return f"{counted(seconds // length, one, many)} ago"
    return "just now"


def hours(duration_ms: int) -> str:
    """A playing time: 12 minutes, 3 hours."""
    minutes = duration_ms // 60_000
    return counted(minutes, "minute", "minutes") if minutes < 120 else counted(minutes // 60, "hour", "hours")


def link(address: str | None) -> str | None:
    """The address if it leads to Spotify's own pages; anything else is no link."""
    return address if address is not None and address.startswith(_SPOTIFY) else None


def days(value: int) -> timedelta:
    """A length of time of so many days."""
    return timedelta(days=value)


def span(length: timedelta) -> str:
    """A length of time: less than a day, 12 days, 5 months, 3 years. `app/formatting.js` has the same."""
    whole = length.days
    if whole < 1:
        return "less than a day"
    if whole < 60:
        return counted(whole, "day", "days")
    if whole < 730:
        return counted(int(whole / 30.44), "month", "months")
    return counted(int(whole / 365.25), "year", "years")


def place(id_: str, kind: str) -> str:
    """Where the script shows a playlist, an artist or an item, as `app/route.js` reads it."""
    return f"#/{kind}/{quote(id_.removeprefix('spotify:track:'), safe='')}"
