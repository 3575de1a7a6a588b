"""The socket."""

import pytest
import requests

from sources.spotify_sandbox import Fault, Sandbox, Weather, generate


def test_cut_connections(capfd: pytest.CaptureFixture[str]) -> None:
    """A client sees its connection break, before an answer or in the middle of one, and the next one holds."""
    weather = Weather([Fault("cut", path="/v1/me", nth=[1]), Fault("cut", path="/v1/me", nth=[2], where="body")])
    with Sandbox(generate(1, 1, 0), weather=weather) as api, requests.Session() as session:
        token = session.post(f"{api.accounts_url}/sandbox/token", timeout=10).json()["access_token"]
        session.headers["Authorization"] = f"Bearer {token}"
        with pytest.raises(requests.ConnectionError, match="without response"):
            session.get(f"{api.api_url}/me", timeout=10)
        with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
            session.get(f"{api.api_url}/me", timeout=10)
        assert session.get(f"{api.api_url}/me", timeout=10).status_code == 200
        assert api.weather.unmet == {}
        assert [record.status for record in api.requests] == [0, 200, 200]
    assert capfd.readouterr() == ("", "")


def test_compression_on_the_way() -> None:
    """A client that takes gzip reads the same answer, with fewer bytes on the way."""
    world = generate(1, 1, 100)
    with Sandbox(world) as api, requests.Session() as session:
        api.prepare()
        token = session.post(f"{api.accounts_url}/sandbox/token", timeout=10).json()["access_token"]
        url, signed = f"{api.api_url}/playlists/{world.listing[0]}", {"Authorization": f"Bearer {token}"}
        plain, packed = (
            session.get(url, headers=signed | {"Accept-Encoding": coding}, timeout=10)
            for coding in ("identity", "gzip")
        )
        assert plain.content == packed.content
        assert [record.size < len(plain.content) / 5 for record in api.requests] == [False, True]
