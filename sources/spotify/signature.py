"""Gives functions a signature with every setting of the source as a keyword argument."""

import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import dlt

from sources.spotify.config import SETTINGS, check_setting_names

P = ParamSpec("P")
R = TypeVar("R")


class SettingsSignature(inspect.Signature):
    """The settings as parameters. Unknown names are refused before dlt or Python would.

    Attributes:
        function: the name of the function that has them.
    """

    function = "The source"

    def bind_partial(self, *args: Any, **kwargs: Any) -> inspect.BoundArguments:
        """The arguments by the parameters' names.

        Raises:
            ConfigurationError: an argument is not a setting.
        """
        check_setting_names(self.function, kwargs)
        return super().bind_partial(*args, **kwargs)


def takes_settings(function: Callable[P, R]) -> Callable[P, R]:
    """Gives a function of `(playlists, **settings)` each setting as a parameter of its own, and a list of them.

    dlt, editors and `help` see it as if every setting had been written into its signature.
    """
    kind = inspect.Parameter
    parameters = [
        kind(
            setting.name,
            kind.POSITIONAL_OR_KEYWORD if setting.name == "playlists" else kind.KEYWORD_ONLY,
            # It is never null: what is not given is configured, or empty.
            default=dlt.secrets.value if setting.name == "credentials" else setting.default,
            annotation=setting.type,
        )
        for setting in SETTINGS.values()
    ]
    signature = SettingsSignature(parameters, return_annotation=inspect.signature(function).return_annotation)
    signature.function = function.__name__
    vars(function)["__signature__"] = signature
    arguments = "".join(f"\n        {setting.name}: {setting.description}." for setting in SETTINGS.values())
    function.__doc__ = f"{(function.__doc__ or '').rstrip()}\n\n    Args:{arguments}\n    "
    return function
