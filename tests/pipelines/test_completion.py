"""The shell completes commands and options."""

import subprocess
from pathlib import Path

import pytest

from tests.pipelines.driving import ended, playlake, started


def test_the_script_is_one(tmp_path: Path) -> None:
    """Bash accepts what it is to read, and it asks this command for what fits."""
    script = playlake("completion", "bash").out
    (tmp_path / "script").write_text(script)
    done = subprocess.run(
        ["bash", "-c", "source ./script && complete -p playlake"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "_playlake_completion" in done.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [("playlake sy", "sync"), ("playlake sync --re", "--report"), ("playlake sandbox --we", "--weather")],
)
def test_what_fits(tmp_path: Path, words: str, expected: str) -> None:
    """A command or option is completed from its first letters."""
    asking = {"_PLAYLAKE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    end = ended(started(folder=tmp_path, environment=asking))
    assert (end.code, expected in end.out, end.err) == (0, True, "")


@pytest.mark.parametrize(("typed", "meant"), [("snyc", "sync"), ("stats", "status"), ("logn", "login")])
def test_did_you_mean(typed: str, meant: str) -> None:
    """A typing error is answered with the command that was meant."""
    end = playlake(typed)
    assert (end.code, f"Did you mean '{meant}'" in end.err or f"'{meant}'" in end.err) == (2, True)
