"""``python -m playlake``: the command, also where its script is not on the path."""

from pipelines.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
