"""Stores refresh tokens in the system's keyring, if there is one: https://keyring.readthedocs.io/."""

from sources.errors import ConfigurationError

SERVICE = "playlake"


def check_keychain() -> None:
    """Checks that there is a keyring.

    Raises:
        ConfigurationError: the package is not installed, or this system has no keyring.
    """
    try:
        import keyring
        from keyring.backends import fail, null
    except ImportError:
        msg = "The package keyring is not installed: install playlake with its extra keyring, or leave out --keyring."
        raise ConfigurationError(msg) from None
    if isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring):
        msg = "This system has no unlocked keyring: leave out --keyring to use a file of mode 0600."
        raise ConfigurationError(msg)


def remember(name: str, token: str) -> bool:
    """Stores the token of a profile in the keyring; returns whether that worked."""
    try:
        import keyring

        keyring.set_password(SERVICE, name, token)
    except Exception:  # of many kinds, by system; the caller has another place for the token
        return False
    return True


def recall(name: str) -> str | None:
    """The token of a profile, if the keyring returns it."""
    try:
        import keyring

        return keyring.get_password(SERVICE, name)
    except Exception:  # of many kinds, by system; without a token the caller says what to do
        return None


def forget(name: str) -> None:
    """Deletes the token of a profile from the keyring, if it is there."""
    try:
        import keyring

        keyring.delete_password(SERVICE, name)
    except Exception:  # it was not there, or there is no keyring any more
        return
