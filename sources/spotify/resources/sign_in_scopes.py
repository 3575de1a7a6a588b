"""Which scopes a sign-in asks for: those that each selected resource declares in its own file, as `scopes`."""

from sources.spotify.auth.scope_purposes import PURPOSES
from sources.spotify.resources.registry import Selection

EMAIL = "user-read-email"


def scopes_of(selection: Selection, *, store_email: bool = False) -> tuple[str, ...]:
    """What a user must consent to for all that is selected, in the order in which it is asked for.

    Args:
        selection: the resources.
        store_email: whether the e-mail address is to be stored, too.
    """
    needed = {scope for resource in selection.resources for scope in resource.scopes}
    if store_email and any(resource.name == "profile" for resource in selection.resources):
        needed.add(EMAIL)
    return (*(scope for scope in PURPOSES if scope in needed), *sorted(needed - PURPOSES.keys()))
