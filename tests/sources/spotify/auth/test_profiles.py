"""Sign-ins kept on this machine."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import null

from sources.errors import ConfigurationError, SignInError
from sources.spotify.auth.account import tokens_for
from sources.spotify.auth.consent import end_of_consent, nearly_over
from sources.spotify.auth.keyring_store import SERVICE, check_keychain
from sources.spotify.auth.profiles import DEFAULT, Profile, Profiles, ProfileTokens, profile_folder
from sources.spotify.auth.tokens import Tokens
from sources.spotify.config import SpotifyCredentials
from tests.sources.spotify.stand_in import ACCOUNTS, Clock, Reply, StandIn, credentials, in_turn, reply, transport

AGREED = datetime(2026, 3, 1, 12, tzinfo=UTC)


def profile(client_id: str = "app", *, in_keyring: bool = False) -> Profile:
    """A fresh sign-in."""
    return Profile(client_id, ACCOUNTS, AGREED, in_keyring=in_keyring)


def token(refresh_token: str | None = None) -> Reply:
    """An answer of the token endpoint."""
    return reply({"access_token": "ACCESS", "expires_in": 3600, "refresh_token": refresh_token})


REVOKED = reply({"error": "invalid_grant", "error_description": "Refresh token revoked"}, 400)


def spent(server: StandIn) -> list[str]:
    """The refresh tokens that were sent."""
    return [parse_qs(str(request.body))["refresh_token"][0] for request in server.requests]


def tokens(server: StandIn, profiles: Profiles, name: str = DEFAULT, clock: Clock | None = None) -> Tokens:
    """Tokens of a profile, as a new process has them."""
    clock = clock or Clock()
    app = credentials(profiles.get(name).client_id, None)
    return Tokens(app, ACCOUNTS, transport(server, clock), clock.now, ProfileTokens(profiles, name))


def test_successors_are_kept(tmp_path: Path) -> None:
    """Each run sends the token that came last, and the profile keeps everything else."""
    profiles = Profiles(tmp_path)
    profiles.save(DEFAULT, profile(), "FIRST")
    server = in_turn(token("SECOND"), token(), token("THIRD"))
    for _ in range(3):
        tokens(server, profiles).bearer()
    assert spent(server) == ["FIRST", "SECOND", "SECOND"]
    kept = profiles.get(DEFAULT)
    assert (kept.refresh_token, kept.client_id, kept.authorised_at) == ("THIRD", "app", AGREED)


def test_a_refused_token_is_kept(tmp_path: Path) -> None:
    """A refusal is reported with its fix, the token is tried again by the next run, and success clears the record."""
    profiles, clock = Profiles(tmp_path), Clock()
    profiles.save("work", profile(), "FIRST")
    server = in_turn(REVOKED, REVOKED, token("SECOND"))
    with pytest.raises(SignInError, match=r"the refresh token \(Refresh token revoked\): sign in again, run play"):
        tokens(server, profiles, "work", clock).bearer()
    first = profiles.get("work").refused_at
    clock.time += timedelta(days=1)
    with pytest.raises(SignInError, match=f"since {first:%Y-%m-%d %H:%M} UTC .*, run playlake login --profile work"):
        tokens(server, profiles, "work", clock).bearer()
    assert profiles.get("work").refused_at == first
    tokens(server, profiles, "work", clock).bearer()
    assert spent(server) == ["FIRST"] * 3
    assert (profiles.get("work").refused_at, profiles.get("work").refresh_token) == (None, "SECOND")


@pytest.mark.parametrize(
    ("agreed", "end"),
    [
        (date(2026, 3, 1), date(2026, 9, 1)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 30), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 6, 30)),
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(9999, 7, 2), date(9999, 12, 31)),
    ],
)
def test_six_months(agreed: date, end: date) -> None:
    """A consent ends on the same day six months later, or the last one of a short month."""
    midnight = datetime.min.time()
    assert end_of_consent(datetime.combine(agreed, midnight)) == datetime.combine(end, midnight)


def test_the_end_is_announced(tmp_path: Path) -> None:
    """From two weeks before its end a consent is mentioned, with what to do; before that it is not."""
    profiles = Profiles(tmp_path)
    profiles.save(DEFAULT, profile(), "FIRST")
    asking = tokens(in_turn(token()), profiles)
    assert nearly_over(asking, datetime(2026, 8, 18, 11, tzinfo=UTC)) is None
    for day in (datetime(2026, 8, 18, 13, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC)):
        assert nearly_over(asking, day) == (
            "The sign-in expires on 2026-09-01, six months after consent: run playlake login before that."
        )
    app = Tokens(credentials(), ACCOUNTS, transport(in_turn(token())), Clock().now)
    assert nearly_over(app, datetime(2099, 1, 1, tzinfo=UTC)) is None


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Profiles:
    """The profiles of a user with a home of their own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return Profiles(profile_folder())


def chosen(held: SpotifyCredentials, name: str | None = None) -> str:
    """The refresh token that a sync sends, or that it asks as an app."""
    server = in_turn(token())
    tokens_for(held, name, ACCOUNTS, transport(server), Clock().now).bearer()
    (request,) = server.requests
    return parse_qs(str(request.body)).get("refresh_token", ["as an app"])[0]


def test_which_account_is_read(home: Profiles) -> None:
    """The profile asked for goes first, then the configuration's user, then the usual profile of the same app."""
    assert chosen(credentials()) == "as an app"
    home.save("work", profile("another"), "WORK")
    home.save(DEFAULT, profile(), "USUAL")
    assert chosen(credentials(refresh_token="CONFIGURED")) == "CONFIGURED"
    assert chosen(credentials(refresh_token="CONFIGURED"), "work") == "WORK"
    assert chosen(credentials()) == "USUAL"
    assert chosen(credentials(None, None)) == "USUAL"
    assert chosen(credentials("a third app")) == "as an app"
    with pytest.raises(SignInError, match=r"no profile 'wrok': run playlake login --profile wrok; did you mean work"):
        chosen(credentials(), "wrok")


def test_a_token_goes_to_its_own_service_only(home: Profiles) -> None:
    """A profile's token is not sent to another accounts service than the one that gave it."""
    elsewhere = profile()
    elsewhere.accounts_url = "https://accounts.spotify.com"
    home.save(DEFAULT, elsewhere, "FIRST")
    with pytest.raises(SignInError, match=r"signed in at https://accounts.spotify.com, and its token is sent nowhere"):
        chosen(credentials(None, None))


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "x" * 65, "a b", "NUL\0"])
def test_names_stay_in_their_folder(tmp_path: Path, name: str) -> None:
    """A name that could lead elsewhere is refused."""
    with pytest.raises(ConfigurationError, match="not a valid name for a profile"):
        Profiles(tmp_path).find(name)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"client_id":1}', b"[" * 100_000])
def test_a_damaged_profile_is_reported_and_kept(tmp_path: Path, content: bytes) -> None:
    """Half a file, or none of ours, is named with what to do, and stays as it is."""
    (tmp_path / "default.json").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"default.json is damaged: delete it, then run playlake login"):
        Profiles(tmp_path).get(DEFAULT)
    assert (tmp_path / "default.json").read_bytes() == content


class Ring(KeyringBackend):
    """A keyring in memory, which may be locked."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep one."""
        if self.is_locked:
            raise RuntimeError
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        """Give one."""
        if self.is_locked:
            raise RuntimeError
        return self.kept.get((service, username))


@pytest.fixture
def ring() -> Iterator[Ring]:
    """The keyring of this system, for one test."""
    before, made = keyring.get_keyring(), Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_the_keyring_keeps_the_token(tmp_path: Path, ring: Ring) -> None:
    """A token in the keyring is in no file, and its successor follows it there."""
    profiles = Profiles(tmp_path)
    check_keychain()
    profiles.save(DEFAULT, profile(in_keyring=True), "FIRST")
    server = in_turn(token("SECOND"), token())
    for _ in range(2):
        tokens(server, profiles).bearer()
    assert spent(server) == ["FIRST", "SECOND"]
    assert ring.kept == {(SERVICE, DEFAULT): "SECOND"}
    assert not any(word in file.read_bytes() for file in tmp_path.iterdir() for word in (b"FIRST", b"SECOND"))


def test_a_successor_that_the_keyring_does_not_take_is_kept_in_the_file(tmp_path: Path, ring: Ring) -> None:
    """A keyring that locks itself between asking and answering loses nothing."""
    profiles = Profiles(tmp_path)
    profiles.save(DEFAULT, profile(in_keyring=True), "FIRST")
    answers = in_turn(token("SECOND"), token())

    def lock_then_answer(request: object) -> Reply | Exception:
        ring.is_locked = True
        return answers.handler(request)  # type: ignore[arg-type]

    server = StandIn(lock_then_answer)
    for _ in range(2):
        tokens(server, profiles).bearer()
    assert spent(server) == ["FIRST", "SECOND"]


def test_a_locked_keyring_is_named(tmp_path: Path, ring: Ring) -> None:
    """Where the keyring does not give the token, nothing is sent and the message says so."""
    profiles = Profiles(tmp_path)
    profiles.save(DEFAULT, profile(in_keyring=True), "FIRST")
    ring.is_locked = True
    server = in_turn(token())
    with pytest.raises(SignInError, match="no longer in the system's keyring: run playlake login"):
        tokens(server, profiles).bearer()
    assert server.requests == []


def test_a_system_without_a_keyring(ring: Ring) -> None:
    """Asking for a keyring where there is none is refused at once."""
    keyring.set_keyring(null.Keyring())  # type: ignore[no-untyped-call]
    with pytest.raises(ConfigurationError, match="no unlocked keyring: leave out --keyring"):
        check_keychain()
    assert ring.kept == {}
