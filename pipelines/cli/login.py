"""`playlake login` and `playlake logout`."""

import webbrowser
from threading import Thread

import click

from pipelines.cli.options import address_options, given_addresses, profile_option
from pipelines.cli.output import say
from pipelines.operations.login import PATIENCE, PORT, new_sign_in, sign_out
from sources.errors import ConfigurationError
from sources.spotify.auth.profiles import DEFAULT, Profile, Profiles, profile_folder


@click.command("login", short_help="Sign in to Spotify in a browser.")
@profile_option
@address_options
@click.option("--client-id", help="Client id of the app.  [default: the configured one, or that of the last sign-in]")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="Port of the app's redirect URI."
)
@click.option(
    "--resources",
    "wanted",
    metavar="NAMES",
    default="account",
    show_default=True,
    help="Resources that syncs will read; their scopes are requested.",
)
@click.option(
    "--write", is_flag=True, help="Also request permission to change playlists and library, for restore and push."
)
@click.option(
    "--no-browser",
    is_flag=True,
    help="For servers: open the page on another machine and paste the resulting address here.",
)
@click.option(
    "--keyring", "in_keyring", is_flag=True, help="Store the token in the system's keyring instead of a file."
)
def login_command(
    profile: str | None,
    api_url: str | None,
    accounts_url: str | None,
    client_id: str | None,
    port: int,
    wanted: str,
    write: bool,
    no_browser: bool,
    in_keyring: bool,
) -> None:
    """Sign in to Spotify in a browser, and store the token on this machine.

    The app's dashboard must list the redirect URI http://127.0.0.1:8888/callback. The app's secret is not needed.

    \b
    playlake login --client-id 0123456789abcdef0123456789abcdef
    playlake login --profile work    # then: playlake sync --profile work
    playlake login --no-browser      # on a machine without a browser
    playlake login --resources account,player
    playlake login --write           # for playlake restore and playlake push
    """
    if no_browser and port == 0:
        msg = "--no-browser needs the port of the redirect URI that is registered for the app."
        raise ConfigurationError(msg)
    addresses = given_addresses(api_url, accounts_url)
    names = [name.strip() for name in wanted.split(",") if name.strip()]
    sign_in = new_sign_in(profile, client_id, in_keyring=in_keyring, wanted=names, write=write, **addresses)
    done = sign_in.by_hand(port, _ask) if no_browser else sign_in.in_browser(port, _open)
    _say(sign_in.profile, done)


@click.command("logout")
@profile_option
def logout_command(profile: str | None) -> None:
    """Remove a sign-in from this machine. The tables are not changed.

    \b
    playlake logout
    playlake logout --profile work
    """
    name = profile or DEFAULT
    if not sign_out(profile):
        there = ", ".join(Profiles(profile_folder()).names()) or "none"
        msg = f"There is no profile {name!r} to remove; profiles: {there}."
        raise ConfigurationError(msg)
    say(f"Removed profile {name!r}. To withdraw the consent, too: https://www.spotify.com/account/apps, Remove access.")


def _open(url: str) -> None:
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        say("No browser could be started. Open this address on this machine; if it has no browser, use --no-browser:")
    else:
        # Some browsers end only when they are closed, and the answer must be served meanwhile.
        Thread(target=browser.open, args=(url,), daemon=True).start()
        say("Agree in the browser that opens. If none opens, open this address yourself:")
    say(f"\n{url}\n\nWaiting for up to {PATIENCE / 60:.0f} minutes; Ctrl-C cancels.")


def _ask(url: str) -> str:
    say(f"Open this in any browser and agree:\n\n{url}\n")
    say(
        "The browser then shows an error for a page on 127.0.0.1. That is expected: copy the complete address of that "
        "page and paste it here."
    )
    return str(click.prompt("The address"))


def _say(name: str, profile: Profile) -> None:
    place = "the system's keyring" if profile.in_keyring else Profiles(profile_folder()).file(name).path
    say(f"Signed in as {profile.display_name or profile.user_id}; the token is in {place}.")
    say(f"It expires on {profile.ends_at:%Y-%m-%d}, six months from now. Next: playlake sync", nl=False)
    say("" if name == DEFAULT else f" --profile {name}")
