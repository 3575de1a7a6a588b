import json

import duckdb
import msgspec
import pytest

from schemas.catalogue.markets import json_text
from sources.spotify.models.answers import Album, Show
from sources.spotify.models.decode import decode


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"available_markets": ["AD", "DE"]}', '["AD", "DE"]'),
        ('{"available_markets": []}', "[]"),
        ('{"available_markets": null}', None),
        ("{}", None),
        ('{"available_markets": ["\\u00c5", "Å"]}', '["\\u00c5", "Å"]'),
    ],
)
def test_lists_are_kept_as_they_were_sent(body: str, expected: str | None) -> None:
    """An empty list is not the same as none, and neither is a list that was not sent."""
    assert json_text("available_markets")(decode(body.encode(), Album)) == expected


def test_each_column_reads_its_own_attribute() -> None:
    """Languages and markets of one show do not get mixed up."""
    show = Show(languages=msgspec.Raw(b'["sv"]'), available_markets=msgspec.Raw(b'["SE"]'))
    assert [json_text(name)(show) for name in ("languages", "available_markets")] == ['["sv"]', '["SE"]']


def test_duckdb_opens_the_text_as_a_list() -> None:
    """The cast that the documentation gives works on what is stored."""
    markets = ["AD", "DE", "Å"]
    text = json_text("available_markets")(Album(available_markets=msgspec.Raw(json.dumps(markets).encode())))
    with duckdb.connect() as connection:
        row = connection.execute("SELECT (?::VARCHAR)::JSON::VARCHAR[]", [text]).fetchone()
    assert row == (markets,)
