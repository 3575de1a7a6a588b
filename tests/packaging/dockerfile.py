"""A Dockerfile as its instructions, stage by stage."""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction.

    Attributes:
        name: `RUN`, `COPY`, …
        text: what stands behind it, lines joined.
    """

    name: str
    text: str

    @property
    def words(self) -> list[str]:
        """The words of a form in JSON, or of a command line, without options such as `--from=build`."""
        if self.text.startswith("["):
            return [str(word) for word in json.loads(self.text)]
        return [word for word in shlex.split(self.text) if not word.startswith("--")]


def stages(file: Path) -> list[list[Instruction]]:
    """The instructions of each stage, without what stands before the first `FROM`."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    found: list[list[Instruction]] = []
    for line in joined.splitlines():
        name, _, text = line.strip().partition(" ")
        if name == "FROM":
            found.append([])
        if name and found:
            found[-1].append(Instruction(name, text.strip()))
    return found
