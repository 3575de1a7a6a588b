"""Reads and validates an accounts file completely before any request is sent."""

import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.accounts.account import Account, SecretReference
from pipelines.accounts.keys import ADDRESSES, CREDENTIALS, LAKE, NAME, SECRETS, SETTING_KEYS, check_key, value_of
from pipelines.accounts.shards import shards_of
from pipelines.accounts.tables import tables_of
from pipelines.destinations.lake import Lake
from sources.errors import ConfigurationError


class AccountsFileError(ConfigurationError):
    """An accounts file cannot be used.

    Attributes:
        faults: the errors, one line each, with file, account and key.
    """

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__(" ".join(self.faults))


def read_accounts(file: Path) -> list[Account]:
    """The accounts of a file, in its order, those with `shards` as one for each shard.

    Secrets are not looked up yet: who misses one does not keep the others from their turn.

    Raises:
        AccountsFileError: the file cannot be read, or something in it is wrong.
    """
    try:
        tables = tables_of(file)
    except ConfigurationError as error:
        raise AccountsFileError([str(error)]) from None
    reader = _Reader(file, is_text=tables.is_text)
    defaults = reader.checked("[defaults]", tables.defaults)
    if "name" in tables.defaults or "playlists" in tables.defaults:
        reader.fault("[defaults]", "name" if "name" in tables.defaults else "playlists", "an account has its own.")
    accounts = [
        account
        for number, entry in enumerate(tables.entries, 1)
        for account in reader.accounts(number, entry, defaults)
    ]
    reader.check_names(accounts)
    if not tables.entries:
        reader.faults.append(f"{file}: there are no accounts in it: write [[account]] and its keys.")
    if reader.faults:
        raise AccountsFileError(reader.faults)
    return accounts


@dataclass(slots=True)
class _Reader:
    """Converts tables into accounts, and collects errors.

    Attributes:
        file: the accounts file.
        is_text: whether all values are texts.
        faults: the errors, one line each.
        lakes: lakes that have been validated.
        is_told_open: whether it was reported, once, that other users can read secrets in the file.
    """

    file: Path
    is_text: bool
    faults: list[str] = field(default_factory=list)
    lakes: set[tuple[Any, ...]] = field(default_factory=set)
    is_told_open: bool = False

    def fault(self, where: str, key: str, message: str) -> None:
        """Adds an error; a message of a setting begins with its name already."""
        said = message if message.startswith(f"{key} = ") else f"{key}: {message}"
        self.faults.append(f"{self.file}: {where}: {said}")

    def checked(self, where: str, table: Mapping[str, Any]) -> dict[str, Any]:
        """The valid values of a table."""
        values = {}
        for key, value in table.items():
            try:
                check_key(key)
                values[key] = value_of(key, value, is_text=self.is_text)
            except ConfigurationError as error:
                self.fault(where, key, str(error))
        literal = next((key for key in SECRETS if isinstance(values.get(key), str)), None)
        if literal is not None and not self.is_told_open and (mode := _open_to_others(self.file)):
            self.is_told_open = True
            self.fault(where, literal, f"others may read the file that holds it ({mode:04o}): chmod 600 it.")
        if "profile" in table and table.keys() & set(CREDENTIALS):
            self.fault(where, "profile", "it selects the account, and so do credentials: leave one of them out.")
        return values

    def accounts(self, number: int, entry: dict[str, Any], defaults: Mapping[str, Any]) -> list[Account]:
        """An entry with the defaults, as one account for each of its shards; none if it is wrong."""
        name = entry.get("name")
        where = f"account {name}" if isinstance(name, str) and name else f"account number {number}"
        before = len(self.faults)
        values = self.checked(where, entry)
        if "name" not in entry:
            self.fault(where, "name", "it is missing: give each account a unique name.")
        elif "name" in values and not re.fullmatch(NAME, values["name"]):
            self.fault(where, "name", "use letters, digits, '.', '_' and '-', 64 at most.")
        merged = {**_without_other_sign_in(defaults, entry), **values}
        self._check_together(where, entry, merged)
        if len(self.faults) > before:
            return []
        return _shards(merged)

    def _check_together(self, where: str, entry: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """What one key asks of others; a key with a wrong value is not missing, too."""
        said = entry.keys() | values.keys()
        if "profile" not in said and not said & set(CREDENTIALS):
            self.fault(where, "profile", "it is missing: name a profile, or client_id and refresh_token.")
        elif "profile" not in said:
            missing = "client_id" if "client_id" not in said else "refresh_token" if not said & set(SECRETS) else None
            if missing is not None:
                self.fault(where, missing, "it is missing: give a profile, or client_id and refresh_token.")
        own = all(isinstance(values[key], str) for key in SECRETS if key in values) and "profile" not in values
        for key in ADDRESSES:
            if key in values and not own:
                option = f"--{key.replace('_', '-')}"
                self.fault(where, key, f"only secrets that are in this file may be sent there: use {option}.")
        if "shards" in said and "playlists" not in said:
            self.fault(where, "shards", "it splits a list of playlists: list them with playlists, or leave it out.")
        self._check_lake(where, values)

    def _check_lake(self, where: str, values: Mapping[str, Any]) -> None:
        place = {key: values[key] for key in LAKE if key in values}
        if (known := tuple(place.items())) in self.lakes:
            return
        try:
            Lake(**place).backend.check_name()
            self.lakes.add(known)
        except ConfigurationError as error:
            self.fault(where, next((key for key in reversed(LAKE) if key in place), "destination"), str(error))

    def check_names(self, accounts: Iterable[Account]) -> None:
        """Refuses duplicate names."""
        seen: set[str] = set()
        for account in accounts:
            if account.name in seen:
                self.fault(f"account {account.name}", "name", "it is used twice: give each account a unique name.")
            seen.add(account.name)


def _shards(values: dict[str, Any]) -> list[Account]:
    """The accounts that valid keys mean: one, or one for each shard."""
    name = values.pop("name")
    shards, playlists = values.pop("shards", 1), values.pop("playlists", ())
    credentials = {key: _named(values.pop(key), name) for key in CREDENTIALS if key in values}
    settings = {key: values.pop(key) for key in SETTING_KEYS if key in values}
    common = {"entry": name, "credentials": credentials, "settings": settings, **values}
    if shards == 1:
        return [Account(name=name, playlists=playlists, **common)]
    return [
        Account(name=f"{name}-{number}", playlists=shard, **common)
        for number, shard in shards_of(playlists, shards).items()
    ]


def _without_other_sign_in(defaults: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """Defaults without the profile or the credentials that an entry has the other of."""
    dropped = set(CREDENTIALS) if "profile" in entry else {"profile"} if entry.keys() & set(CREDENTIALS) else set()
    return {key: value for key, value in defaults.items() if key not in dropped}


def _named(value: str | SecretReference, name: str) -> str | SecretReference:
    """A reference with the account's name in its file, for defaults: `tokens/{name}`."""
    if isinstance(value, SecretReference) and value.file is not None:
        return SecretReference(file=value.file.replace("{name}", name))
    return value


def _open_to_others(file: Path) -> int:
    """The permissions of a file that others than its owner may read; else 0."""
    if os.name != "posix":
        return 0
    mode = stat.S_IMODE(file.stat().st_mode)
    return mode if mode & 0o077 else 0
