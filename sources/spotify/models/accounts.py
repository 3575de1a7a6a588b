"""Answers of the accounts service, as typed objects."""

from typing import Annotated

from msgspec import Meta, Struct


class Token(Struct, gc=False):
    """An answer of the token endpoint."""

    access_token: str
    expires_in: Annotated[float, Meta(ge=0, le=1e308)] = 3600
    refresh_token: str | None = None
    scope: str | None = None

    def __repr__(self) -> str:
        """Without the secrets."""
        return f"Token(expires_in={self.expires_in})"


class TokenRefusal(Struct, gc=False):
    """A refusal of the token endpoint: https://www.rfc-editor.org/rfc/rfc6749#section-5.2."""

    error: str = ""
    error_description: str | None = None
