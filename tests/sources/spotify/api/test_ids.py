"""The ways in which people name a playlist."""

import pytest

from sources.errors import ConfigurationError
from sources.spotify.api.ids import playlist_id

ID = "37i9dQZF1DXcBWIGoYBM5M"


@pytest.mark.parametrize(
    "reference",
    [
        ID,
        f"  {ID}\n",
        f"spotify:playlist:{ID}",
        f"spotify:playlist:{ID}?si=0123abc",
        f"spotify:user:marcel%23spotify:playlist:{ID}",
        f"https://open.spotify.com/playlist/{ID}",
        f"https://open.spotify.com/playlist/{ID}/",
        f"https://open.spotify.com/playlist/{ID}?si=0123abc&utm_source=copy-link#top",
        f"http://open.spotify.com/playlist/{ID}",
        f"open.spotify.com/playlist/{ID}",
        f"HTTPS://Open.Spotify.com/playlist/{ID}",
        f"https://open.spotify.com/intl-de/playlist/{ID}?si=x",
        f"https://open.spotify.com/intl-pt-BR/playlist/{ID}",
        f"https://open.spotify.com/embed/playlist/{ID}?theme=0",
        f"https://open.spotify.com/user/spotify/playlist/{ID}",
        f"https://play.spotify.com/user/spotify/playlist/{ID}",
        f"https://api.spotify.com/v1/playlists/{ID}",
        f"https://api.spotify.com/v1/playlists/{ID}/tracks?offset=0&limit=100",
        f"https://api.spotify.com/v1/users/wizzler/playlists/{ID}",
    ],
)
def test_every_usual_form_gives_the_id(reference: str) -> None:
    """Ids, URIs and links, as apps, browsers and the API write them."""
    assert playlist_id(reference) == ID


@pytest.mark.parametrize(
    "reference",
    [
        "",
        " ",
        ID[:-1],
        ID + "x",
        ID[:-1] + "-",
        ID[:-1] + "é",
        f"{ID}/../me",
        f"{ID}\n{ID}",
        f"spotify:album:{ID}",
        f"spotify:track:{ID}",
        f"spotify:playlist:{ID}:x",
        f"spotify:playlist:{ID[:-1]}",
        f"https://open.spotify.com/album/{ID}",
        f"https://open.spotify.com/playlist/{ID[:-1]}",
        f"https://open.spotify.com/playlist/{ID}x",
        "https://open.spotify.com/playlist/",
        "https://open.spotify.com/",
        "https://spotify.link/abcdef",
        f"https://open.spotify.com.evil.example/playlist/{ID}",
        f"https://evil.example/?u=open.spotify.com/playlist/{ID}",
        f"https://openXspotify.com/playlist/{ID}",
        "My favourite songs",
        "../../etc/passwd",
    ],
)
def test_anything_else_is_refused_with_advice(reference: str) -> None:
    """What is no playlist is named in the message, with the forms that are."""
    with pytest.raises(ConfigurationError) as caught:
        playlist_id(reference)
    assert str(caught.value).startswith(f"{reference!r} is not a playlist: give its id of 22 letters and digits")
