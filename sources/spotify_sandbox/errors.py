"""What can go wrong.

WorldError      the world cannot be made or edited like that: correct the call, the file or the day
WeatherError    there is no such weather: correct the fault, its options, the file
ApiError        the API's answer is an error: status and message in Spotify's JSON
└── TokenError  the accounts service's answer is an error: OAuth's flat JSON
"""

import msgspec


class WorldError(ValueError):
    """A world cannot be created, loaded or edited as requested."""


class WeatherError(ValueError):
    """A fault profile (weather), or a fault in it, is invalid."""


class ApiError(Exception):
    """An error answer of the Web API: ``{"error":{"status":404,"message":"Resource not found"}}``.

    A ``reason``, such as ``NO_ACTIVE_DEVICE`` of the player, follows the message.
    """

    def __init__(
        self, status: int, message: str, *, authenticate: str | None = None, reason: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.authenticate = authenticate
        self.reason = reason

    def body(self) -> bytes:
        """The JSON that goes out."""
        error: dict[str, int | str] = {"status": self.status, "message": self.message}
        if self.reason is not None:
            error["reason"] = self.reason
        return msgspec.json.encode({"error": error})


class TokenError(ApiError):
    """An error answer of the accounts service: ``{"error":"invalid_client","error_description":"…"}``."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(400, description)
        self.error = error

    def body(self) -> bytes:
        """The JSON that goes out."""
        return msgspec.json.encode({"error": self.error, "error_description": self.message})


def unauthorized(message: str, *, error: str | None = "invalid_token") -> ApiError:
    """A 401 with the ``www-authenticate`` header as recorded 2017-2019."""
    challenge = 'Bearer realm="spotify"'
    if error is not None:
        challenge += f', error="{error}", error_description="{message}"'
    return ApiError(401, message, authenticate=challenge)


def forbidden() -> ApiError:
    """The bare 403 of a removed endpoint, and of contents that a development app may not read."""
    return ApiError(403, "Forbidden")


def bad_request(message: str) -> ApiError:
    """A 400: the request is invalid."""
    return ApiError(400, message)


def not_found() -> ApiError:
    """The 404 of an id that is well formed and unknown, or hidden."""
    return ApiError(404, "Resource not found")
