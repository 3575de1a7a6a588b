"""Error answers of the accounts service, in the words that clients report from Spotify.

Each but the last is a pair for ``TokenError``. Where a report is known, it is in a comment, as an issue of
https://github.com; the other texts are made up in the same style.
"""

NO_GRANT_TYPE = ("unsupported_grant_type", "grant_type parameter is missing")
GRANT_TYPE = (
    "unsupported_grant_type",
    "grant_type must be client_credentials, authorization_code or refresh_token",
)  # spotify/web-api#1335
CLIENT = ("invalid_client", "Invalid client")  # jwilsson/spotify-web-api-php#204
SECRET = ("invalid_client", "Invalid client secret")
CODE = ("invalid_grant", "Invalid authorization code")  # unknown, or used: spotify/web-api#1393
CODE_EXPIRED = ("invalid_grant", "Authorization code expired")  # spotify/web-api#1456
REDIRECT_URI = ("invalid_grant", "Invalid redirect URI")  # spotify/web-api#513
NO_VERIFIER = ("invalid_request", "code_verifier required")  # spotipy-dev/spotipy#640
VERIFIER = ("invalid_grant", "code_verifier was incorrect")  # spotify/web-api-examples#126
REFRESH_TOKEN = ("invalid_grant", "Invalid refresh token")  # spotify/ios-sdk#257
REVOKED = ("invalid_grant", "Refresh token revoked")  # also one that was used up: ramsayleung/rspotify#396
EXPIRED = ("invalid_grant", "Refresh token expired")  # felix-hilden/tekore#349


def missing(parameter: str) -> tuple[str, str]:
    """A parameter was left out."""
    return "invalid_request", f"{parameter} must be supplied"
