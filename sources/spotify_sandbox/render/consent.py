"""The page of consent, as HTML without scripts that loads nothing from other hosts."""

from base64 import b64encode
from hashlib import sha256
from html import escape
from string import Template
from urllib.parse import urlsplit

from sources.spotify_sandbox.accounts.authorization import AuthorizationRequest
from sources.spotify_sandbox.accounts.scopes import SCOPES, Kind
from sources.spotify_sandbox.world.users import User

_HEADINGS: dict[Kind, str] = {
    "account": "View your Spotify account data",
    "activity": "View your activity on Spotify",
    "actions": "Take actions in Spotify on your behalf",
}
# What every app may see, whatever scopes it requests.
_ALWAYS = "Your name, your username, your profile picture and your public playlists"

_STYLE = """
:root { color-scheme: light dark; --back: #fff; --text: #121212; --soft: #5a5a5a; --line: #d9d9d9; --green: #1ed760; }
@media (prefers-color-scheme: dark) {
  :root { --back: #121212; --text: #fff; --soft: #b3b3b3; --line: #3d3d3d; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
header { padding: 1rem; border-bottom: 1px solid var(--line); text-align: center; font-weight: 700; }
header small { display: block; color: var(--soft); font-weight: 400; }
main { max-width: 30rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 2rem; line-height: 1.2; }
h2 { margin: 1.5rem 0 .25rem; font-size: 1rem; }
ul { margin: 0; padding-left: 1.25rem; color: var(--soft); }
.who { margin-top: 2rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.soft { color: var(--soft); font-size: .875rem; }
button { display: block; width: 100%; min-height: 3rem; margin-top: 1rem; padding: .5rem 2rem;
  border: 2px solid transparent; border-radius: 2rem; background: none; color: inherit; font: inherit;
  font-weight: 700; cursor: pointer; }
button.agree { background: var(--green); color: #000; }
button:hover { border-color: currentColor; }
button:focus-visible { outline: 3px solid currentColor; outline-offset: 3px; }
"""

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$app: allow access? - Spotify sandbox</title>
<style>$style</style>
</head>
<body>
<header>Spotify sandbox <small>an imitation on this machine: nothing here reaches Spotify</small></header>
<main>
<h1>$app</h1>
<p>You agree that <strong>$app</strong> will be able to:</p>
$permissions
<p class="who">Logged in as <strong>$user</strong>.</p>
<form method="post" action="/authorize">
<input type="hidden" name="ticket" value="$ticket">
<button class="agree" name="decision" value="agree">Agree</button>
<button name="decision" value="cancel">Cancel</button>
</form>
<p class="soft">Either way you go back to $destination.
The access ends six months from now, or when you remove the app.</p>
</main>
</body>
</html>
""")

HEADERS = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Headers that forbid frames and caches, and keep the page's URL from the app."""


def page(request: AuthorizationRequest, user: User, ticket: str) -> str:
    """The page of consent, with the ticket that its form must send."""
    return _PAGE.substitute(
        app=escape(request.client.name),
        style=_STYLE,
        permissions="\n".join(_permissions(request.scope)),
        user=escape(user.display_name or user.id),
        ticket=escape(ticket),
        destination=escape(urlsplit(request.redirect_uri).netloc),
    )


def _permissions(scope: tuple[str, ...]) -> list[str]:
    """A heading and a list for each kind of requested access."""
    asked: dict[Kind, list[str]] = {"account": [_ALWAYS], "activity": [], "actions": []}
    for name, (kind, text) in SCOPES.items():
        if name in scope:
            asked[kind].append(text)
    return [
        f"<h2>{_HEADINGS[kind]}</h2>\n<ul>\n{''.join(f'<li>{escape(text)}</li>' for text in texts)}\n</ul>"
        for kind, texts in asked.items()
        if texts
    ]
