"""The queries of the page, one per file."""

from importlib import resources


def query_text(name: str) -> str:
    """The SQL of a query, such as `overview` or `archive/stays`."""
    return resources.files(__name__).joinpath(f"{name}.sql").read_text(encoding="utf-8")
