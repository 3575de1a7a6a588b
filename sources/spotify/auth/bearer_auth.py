"""The `Authorization` header of a request: an access token, or none.

What happens when the API refuses the token (401) is decided in `unauthorized.py`.
"""

import requests

from sources.redaction import redact


class BearerAuth(requests.auth.AuthBase):
    """Puts the access token on a request; as `auth`, so that no netrc file takes its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def redact_in(self, text: str) -> str:
        """A text with the token redacted."""
        return redact(text, [self._token])

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request with the token on it."""
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class NoAuth(requests.auth.AuthBase):
    """Puts nothing on a request; without any `auth` a netrc file's password would go along."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request as it is."""
        return request
