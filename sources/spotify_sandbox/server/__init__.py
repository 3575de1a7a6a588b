"""The sandbox behind a socket."""
