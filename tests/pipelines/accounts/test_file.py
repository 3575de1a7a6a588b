"""An accounts file is checked whole, before anything is asked."""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipelines.accounts.account import Account, SecretReference
from pipelines.accounts.choice import chosen
from pipelines.accounts.file import AccountsFileError, read_accounts
from pipelines.accounts.shards import shards_of
from sources.errors import ConfigurationError, SignInError
from sources.exit_codes import CONFIGURATION

PLAYLISTS = ["3cEYpjA9oz9GiPac4AsH4n", "https://open.spotify.com/playlist/5ieJqeLJjjI8iJWaxeBLuK"]

GOOD = f"""
[defaults]
destination = "parquet"
path = "lake"
client_id = "{"a" * 32}"
client_secret = {{ env = "APP_SECRET" }}
refresh_token = {{ file = "tokens/{{name}}" }}
schedule = "hourly"

[[account]]
name = "anna"

[[account]]
name = "ben"
profile = "benjamin"
resources = ["playlists", "saved_items"]
schedule = "daily"
market = "DE"

[[account]]
name = "research"
playlists = {PLAYLISTS}
shards = 40
path = "research"
dataset = "papers"
catalogue_requests = 20
"""

CSV = f"""name,client_id,refresh_token.file,profile,schedule,catalogue_requests,playlists,covers
anna,{"a" * 32},tokens/{{name}},,hourly,20,"{" ".join(PLAYLISTS)}",true
ben,,,benjamin,,,,
"""


def file_of(folder: Path, text: str, name: str = "accounts.toml") -> Path:
    """A file that only its owner may read."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return file


def test_defaults_hold_where_an_account_says_nothing_else(tmp_path: Path) -> None:
    """A profile replaces the credentials of the defaults, and playlists are split so that each is in one shard."""
    accounts = read_accounts(file_of(tmp_path, GOOD))
    secret = SecretReference(env="APP_SECRET")
    assert accounts[:2] == [
        Account(
            "anna",
            "anna",
            "hourly",
            "parquet",
            "lake",
            credentials={
                "client_id": "a" * 32,
                "client_secret": secret,
                "refresh_token": SecretReference(file="tokens/anna"),
            },
        ),
        Account(
            "ben",
            "ben",
            "daily",
            "parquet",
            "lake",
            profile="benjamin",
            settings={"resources": ["playlists", "saved_items"], "market": "DE"},
        ),
    ]
    shards = accounts[2:]
    assert [shard.entry for shard in shards] == ["research"] * 2
    assert sorted(playlist for shard in shards for playlist in shard.playlists) == sorted(
        playlist[-22:] for playlist in PLAYLISTS
    )
    assert {(shard.path, shard.dataset, shard.settings["catalogue_requests"]) for shard in shards} == {
        ("research", "papers", 20)
    }


def test_a_table_says_the_same(tmp_path: Path) -> None:
    """A CSV file, as spreadsheets and databases write it, has a column a key; empty cells say nothing."""
    anna, ben = read_accounts(file_of(tmp_path, "\ufeff" + CSV, "accounts.csv"))
    assert (anna.name, anna.schedule, anna.playlists) == ("anna", "hourly", tuple(text[-22:] for text in PLAYLISTS))
    assert anna.settings == {"catalogue_requests": 20, "covers": True}
    assert anna.credentials["refresh_token"] == SecretReference(file="tokens/anna")
    assert (ben.profile, ben.schedule, ben.playlists, ben.credentials) == ("benjamin", None, (), {})


MANY = """
[[account]]
name = 'a'
profile = 'a'
resorces = 'plays'
market = 'Germany'
catalogue_requests = 'many'
resources = 'song'
playlists = ['nothing']
covers = 1
parallel_reads = 0
destination = 'duckdbb'
[[account]]
profile = 'b'
[[account]]
name = 'a b'
profile = '../b'
[[account]]
name = 'c'
profile = 'c'
shards = 3
playlists = []
dataset = 'pg_x'
path = ''
[[account]]
name = 'd'
profile = 'd'
shards = 0
playlists = '3cEYpjA9oz9GiPac4AsH4n'
[[account]]
name = 'f'
profile = 'f'
shards = 2
[[account]]
name = 'e'
client_id = 'e'
refresh_token = { vault = 'e' }
"""

REDIRECTED = """
[[account]]
name = 'a'
profile = 'a'
api_url = 'https://evil.example'
[[account]]
name = 'b'
client_id = 'b'
refresh_token.env = 'HOME'
accounts_url = 'https://evil.example'
"""

WRONG = {
    "no TOML": ("name = ", {"is not valid TOML"}),
    "another table": ("[acount]", {"acount is not allowed in an accounts file"}),
    "one bracket": ("[account]\nname = 'a'", {"account must be tables"}),
    "nobody": ("", {"there are no accounts in it"}),
    "no sign-in": ("[[account]]\nname = 'a'", {"account a: profile: it is missing"}),
    "no client_id": ("[[account]]\nname='a'\nrefresh_token.env='X'", {"account a: client_id: it is missing"}),
    "no secret": ("[[account]]\nname='a'\nclient_id='b'", {"account a: refresh_token: it is missing"}),
    "all at once": (
        MANY,
        {
            "account a: resorces: there is no such key: did you mean resources?",
            "account a: market = 'Germany'",
            "account a: catalogue_requests: Expected `int`",
            "account a: resources = 'song'",
            "account a: playlists: ",
            "account a: covers: Expected `bool`",
            "account a: parallel_reads = 0",
            "account a: destination: There is no destination 'duckdbb': did you mean duckdb?",
            "account number 2: name: it is missing",
            "account a b: name: use letters",
            "account a b: profile = '../b'",
            "account c: playlists: it is empty",
            "account c: dataset = 'pg_x'",
            "account c: path: it is empty",
            "account d: shards: Expected `int` >= 1",
            "account f: shards: it splits a list of playlists",
            'account e: refresh_token: write { env = "VARIABLE" }',
        },
    ),
    "twice": (
        "[[account]]\nname='d'\nprofile='d'\n[[account]]\nname='d'\nprofile='d'",
        {"account d: name: it is used twice"},
    ),
    "addresses of others": (
        REDIRECTED,
        {"account a: api_url: only secrets that are in this file", "account b: accounts_url: only secrets"},
    ),
    "defaults": (
        "[defaults]\nname='x'\nprofile='y'\nclient_id='z'\n[[account]]\nname='a'",
        {"[defaults]: name: an account has its own", "[defaults]: profile: it selects the account"},
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_every_fault_is_a_line_with_file_account_and_key(name: str, tmp_path: Path) -> None:
    """All faults are reported at once, and none is told that is not there."""
    text, said = WRONG[name]
    file = file_of(tmp_path, text)
    with pytest.raises(AccountsFileError) as raised:
        read_accounts(file)
    faults = raised.value.faults
    assert raised.value.exit_code == CONFIGURATION
    assert all(fault.startswith(str(file)) and "\n" not in fault for fault in faults)
    assert {part for part in said if not any(part in fault for fault in faults)} == set()
    assert len(faults) == len(said), faults


WRONG_TABLES = {
    "names,profile\na,b\n": "there is no column name",
    "name,profile,profile\na,b,c\n": "two columns profile",
    "name,profile\na,b,c\n": "line 2, has more cells",
    'name,profile\n"a,b\n': "is not valid CSV",
    "name,profile,covers\na,b,maybe\n": "account a: covers: Expected `bool`",
}


@pytest.mark.parametrize("text", WRONG_TABLES)
def test_faults_of_a_table(text: str, tmp_path: Path) -> None:
    """A table that is none is reported in a line."""
    with pytest.raises(AccountsFileError) as raised:
        read_accounts(file_of(tmp_path, text, "accounts.csv"))
    (fault,) = raised.value.faults
    assert WRONG_TABLES[text] in fault


def test_a_secret_in_the_file_asks_for_a_private_file(tmp_path: Path) -> None:
    """A secret that is written into a file that others may read is refused, once, and is in no message."""
    file = file_of(tmp_path, "[[account]]\nname='a'\nclient_id='b'\nrefresh_token='hidden'")
    assert "hidden" not in repr(read_accounts(file))
    file.chmod(0o640)
    with pytest.raises(AccountsFileError) as raised:
        read_accounts(file)
    (fault,) = raised.value.faults
    assert "account a: refresh_token: others may read the file" in fault
    assert "hidden" not in fault


def test_secrets_are_looked_up_where_they_are_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of dlt's configuration steps in for what an account does not have."""
    for key in ("CLIENT_SECRET", "REFRESH_TOKEN", "AUTHORISED_AT"):
        monkeypatch.setenv(f"SOURCES__SPOTIFY__CREDENTIALS__{key}", "somebody else's")
    (tmp_path / "token").write_text("from-file\n", encoding="utf-8")
    token = {"file": str(tmp_path / "token")}
    account = _account({"client_id": "app", "refresh_token": SecretReference(**token)})
    given: Any = account.source_settings()
    assert given["profile"] == ""
    assert dict(given["credentials"]) == {
        "client_id": "app",
        "client_secret": None,
        "refresh_token": "from-file",
        "authorised_at": None,
    }
    monkeypatch.delenv("NOT_THERE", raising=False)
    for reference in (SecretReference(env="NOT_THERE"), SecretReference(file=str(tmp_path / "none"))):
        with pytest.raises(ConfigurationError, match="refresh_token: the"):
            _account({"client_id": "app", "refresh_token": reference}).source_settings()
    with pytest.raises(SignInError, match="There is no profile 'nobody'"):
        Account("a", "a", profile="nobody").source_settings()


def _account(credentials: Mapping[str, str | SecretReference]) -> Account:
    return Account("a", "a", credentials=credentials)


def test_accounts_are_chosen_by_name_and_class(tmp_path: Path) -> None:
    """An entry's name means all its shards; what means nobody is refused with what was probably meant."""
    accounts = read_accounts(file_of(tmp_path, GOOD))
    names = [account.name for account in accounts]
    assert chosen(accounts, (), None) == accounts
    assert [account.name for account in chosen(accounts, ("research", "anna"), None)] == [names[0], *names[2:]]
    assert [account.name for account in chosen(accounts, (names[2],), "hourly")] == [names[2]]
    assert [account.name for account in chosen(accounts, (), "daily")] == ["ben"]
    for only, schedule, said in (
        (("ana",), None, "mean anna"),
        ((), "dayly", "mean daily"),
        (("anna",), "daily", "not"),
    ):
        with pytest.raises(ConfigurationError, match=said):
            chosen(accounts, only, schedule)


def test_shards_keep_their_playlists() -> None:
    """Each playlist is in exactly one shard, and stays in it whatever else comes and goes."""
    ids = [f"{random.Random(number).getrandbits(128):022d}"[:22] for number in range(500)]
    whole, some = shards_of(ids, 7), shards_of(ids[::3], 7)
    assert sorted(playlist for shard in whole.values() for playlist in shard) == sorted(ids)
    assert all(set(shard) <= set(whole[number]) for number, shard in some.items())
    assert all(shard for shard in some.values())
