"""Users: as owners, as those who added an entry, and as the signed-in user (``GET /me``)."""

from urllib.parse import quote

from sources.spotify_sandbox.render.json import image, quoted
from sources.spotify_sandbox.render.view import pictures
from sources.spotify_sandbox.world.users import User

_WEB = "https://open.spotify.com"


def _links(user_id: str, base: str) -> tuple[str, str, str]:
    # Recorded: "marcel#spotify" is percent-encoded in links and uri, but not in id.
    path = quote(user_id, safe="")
    return (
        f'"external_urls":{{"spotify":"{_WEB}/user/{path}"}}',
        f'"href":"{base}/users/{path}"',
        f'"type":"user","uri":"spotify:user:{path}"',
    )


def added_by(user: User, base: str) -> str:
    """Who added an entry: a user without a name."""
    urls, href, tail = _links(user.id, base)
    return f'{{{urls},{href},"id":{quoted(user.id)},{tail}}}'


def owner(user: User, base: str) -> str:
    """Who owns a playlist."""
    urls, href, tail = _links(user.id, base)
    return f'{{"display_name":{quoted(user.display_name)},{urls},{href},"id":{quoted(user.id)},{tail}}}'


def profile(user: User, base: str, *, trimmed: bool, email: bool, private: bool) -> str:
    """The signed-in user. Development apps lost five keys in February 2026; ``email`` and others need scopes."""
    urls, href, tail = _links(user.id, base)
    images = (
        ""
        if user.image is None
        else ",".join(
            image(f"{pictures(base)}/{prefix}{user.image}", size)
            for size, prefix in ((300, "ab6775700000ee85"), (64, "ab67757000003b82"))
        )
    )
    account = f'"account_id":"{user.account_id}",'
    if trimmed:
        return (
            f'{{{account}"display_name":{quoted(user.display_name)},{urls},{href},"id":{quoted(user.id)},'
            f'"images":[{images}],{tail}}}'
        )
    country = f'"country":"{user.country}",' if private else ""
    product = f'"product":"{user.product}",' if private else ""
    explicit = '"explicit_content":{"filter_enabled":false,"filter_locked":false},' if private else ""
    address = f'"email":{quoted(user.id + "@example.invalid")},' if email else ""
    return (
        f'{{{account}{country}"display_name":{quoted(user.display_name)},{address}{explicit}{urls},'
        f'"followers":{{"href":null,"total":{user.followers}}},{href},"id":{quoted(user.id)},"images":[{images}],'
        f"{product}{tail}}}"
    )
