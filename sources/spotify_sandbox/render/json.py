"""Writes JSON by string concatenation: strings are quoted here."""

import msgspec


def quoted(text: str | None) -> str:
    """A string in JSON, or null."""
    return "null" if text is None else msgspec.json.encode(text).decode()


def boolean(value: bool | None) -> str:
    """A boolean in JSON, or null."""
    return "null" if value is None else "true" if value else "false"


def image(url: str, size: int | None) -> str:
    """An image of a playlist, a show or a user: height, url, width."""
    length = "null" if size is None else str(size)
    return f'{{"height":{length},"url":{quoted(url)},"width":{length}}}'
