"""The scopes an app may ask for, with what each lets it do.

The names are those of Spotify's OpenAPI document; the texts for users follow
https://developer.spotify.com/documentation/web-api/concepts/scopes.
"""

from typing import Literal

Kind = Literal["account", "activity", "actions"]

SCOPES: dict[str, tuple[Kind, str]] = {
    "user-read-private": ("account", "The type of your subscription, your country and your explicit content settings"),
    "user-read-email": ("account", "Your email address"),
    "playlist-read-private": ("activity", "Your private playlists"),
    "playlist-read-collaborative": ("activity", "Playlists you make together with others"),
    "user-library-read": ("activity", "What you have saved in Your Library"),
    "user-follow-read": ("activity", "Who you follow, and who follows you"),
    "user-top-read": ("activity", "The artists and tracks you play most"),
    "user-read-recently-played": ("activity", "What you have played lately"),
    "user-read-playback-position": ("activity", "How far you have come in what you play"),
    "user-read-playback-state": ("activity", "What you are playing, and on which of your devices"),
    "user-read-currently-playing": ("activity", "What you are playing"),
    "app-remote-control": ("actions", "Talk to the Spotify app on your device"),
    "user-modify-playback-state": ("actions", "Control playback on your devices"),
    "streaming": ("actions", "Play content on your other devices"),
    "playlist-modify-public": ("actions", "Create, edit and follow public playlists"),
    "playlist-modify-private": ("actions", "Create, edit and follow private playlists"),
    "user-library-modify": ("actions", "Add and remove what is saved in Your Library"),
    "user-follow-modify": ("actions", "Choose who you follow"),
    "ugc-image-upload": ("actions", "Upload covers for your playlists"),
}
