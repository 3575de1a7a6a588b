"""A finding: the result of one check."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["well", "note", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check.

    Attributes:
        subject: in a word or two.
        level: `well`; `note` for what may be as it should; `problem` for what stops a sync, or part of it.
        message: what is so and, if it is not well, what to do.
        exit_code: for a problem, the exit code that a sync would end with.
    """

    subject: str
    level: Level
    message: str
    exit_code: int = 0
