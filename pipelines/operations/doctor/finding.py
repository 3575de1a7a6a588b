"""What the doctor says."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["well", "note", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: in a word or two.
        level: `well`; `note` for what may be as it should; `problem` for what stops a sync, or part of it.
        message: what is so and, if it is not well, what to do.
        exit_code: of a problem: what a sync would end with.
    """

    subject: str
    level: Level
    message: str
    exit_code: int = 0
