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
    help="Resources to sign in for, as for a sync: you are asked for their scopes.",
)
@click.option("--write", is_flag=True, help="Ask for consent to change playlists and library, too: restore and push.")
@click.option("--no-browser", is_flag=True, help="For servers: open the page elsewhere and paste the address here.")
@click.option("--keyring", "in_keyring", is_flag=True, help="Keep the token in the system's keyring, not in a file.")
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
    """Sign in to Spotify in a browser, and keep the tokens on this machine.

    The app needs the redirect URI http://127.0.0.1:8888/callback on its dashboard; its secret is not needed.

    \b
    playlake login --client-id 0123456789abcdef0123456789abcdef
    playlake login --profile work    # then: playlake sync --profile work
    playlake login --no-browser      # on a machine without one
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
    """Forget a sign-in. The tables stay as they are.

    \b
    playlake logout
    playlake logout --profile work
    """
    name = profile or DEFAULT
    if not sign_out(profile):
        there = ", ".join(Profiles(profile_folder()).names()) or "none"
        msg = f"There is no profile {name!r} to forget; there are: {there}."
        raise ConfigurationError(msg)
    say(f"Forgot profile {name!r}. To withdraw the consent, too: https://www.spotify.com/account/apps, Remove access.")


def _open(url: str) -> None:
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        say("No browser could be started. Open this in one on this machine; if it has none, use --no-browser:")
    else:
        # Some browsers end only when they are closed, and the answer must be served meanwhile.
        Thread(target=browser.open, args=(url,), daemon=True).start()
        say("Agree in the browser that opens. If none does, open this yourself:")
    say(f"\n{url}\n\nWaiting for up to {PATIENCE / 60:.0f} minutes; Ctrl-C ends it.")


def _ask(url: str) -> str:
    say(f"Open this in any browser and agree:\n\n{url}\n")
    say(
        "The browser then fails to show a page of 127.0.0.1. That is as it should be: copy the address of that page, "
        "all of it, and paste it here."
    )
    return str(click.prompt("The address"))


def _say(name: str, profile: Profile) -> None:
    place = "the system's keyring" if profile.in_keyring else Profiles(profile_folder()).file(name).path
    say(f"Signed in as {profile.display_name or profile.user_id}; the token is in {place}.")
    say(f"It ends on {profile.ends_at:%Y-%m-%d}, six months from now. Next: playlake sync", nl=False)
    say("" if name == DEFAULT else f" --profile {name}")
