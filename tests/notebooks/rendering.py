"""The notebooks as they come out, in `docs/notebooks`: Markdown, and a picture for each plot.

python -m tests.notebooks.rendering            writes them; needs the environment that make notebooks makes
python -m tests.notebooks.rendering FILE       draws a demonstration that is there already

Twice the same on one machine; on others, names may be drawn with other fonts.
"""

import hashlib
import os
import re
import shutil
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

CHECKOUT = Path(__file__).parents[2]
SOURCES = CHECKOUT / "notebooks"
RENDERED = CHECKOUT / "docs" / "notebooks"
NOTEBOOKS = sorted(SOURCES.glob("*.ipynb"))
COLOURS = 200
MARK = re.compile(r"^<!-- rendered by make notebooks from ([0-9a-f]{16}) -->$", re.MULTILINE)


def source_mark(notebook: Path) -> str:
    """Stands for what a rendering is made from: the notebook, and how its plots are drawn."""
    parts = (notebook.read_bytes(), (SOURCES / "charts.py").read_bytes())
    return hashlib.sha256(b"\0".join(part.replace(b"\r\n", b"\n") for part in parts)).hexdigest()[:16]


def executed(notebook: Path, database: Path, **environment: str) -> Any:
    """The notebook with its outputs, run by a kernel of its own.

    Args:
        notebook: the file, which is left as it is.
        database: the DuckDB file or the folder that `PLAYLAKE_DATABASE` names.
        **environment: more variables for the kernel.

    Raises:
        CellExecutionError: a cell failed.
    """
    import nbformat
    from nbclient import NotebookClient

    document = nbformat.read(notebook, as_version=4)
    client = NotebookClient(document, timeout=120, resources={"metadata": {"path": str(SOURCES)}})
    # It listens on 127.0.0.1, and would warn each time that this is not encrypted.
    client.extra_arguments = ["--IPKernelApp.log_level=ERROR"]
    # The kernel starts with the variables of this process.
    with patch.dict(os.environ, environment | {"PLAYLAKE_DATABASE": str(database), "IPYTHONDIR": str(database.parent)}):
        client.execute()
    return document


def outputs(document: Any, kind: str) -> list[Any]:
    """All outputs of one kind, in order."""
    return [out for cell in document.cells for out in cell.get("outputs", ()) if out.output_type == kind]


def warnings(document: Any) -> list[str]:
    """What the cells wrote where warnings go."""
    return [out.text for out in outputs(document, "stream") if out.name == "stderr"]


def render(notebook: Path, database: Path) -> None:
    """Writes one notebook's Markdown and pictures again, unless a cell warns."""
    from nbconvert import MarkdownExporter

    document = executed(notebook, database)
    assert warnings(document) == []
    resources = {"output_files_dir": notebook.stem, "unique_key": notebook.stem}
    text, made = MarkdownExporter().from_notebook_node(document, resources=resources)
    pictures = RENDERED / notebook.stem
    shutil.rmtree(pictures, ignore_errors=True)
    pictures.mkdir(parents=True)
    for name, content in made["outputs"].items():
        _save(content, RENDERED / name)
    mark = f"<!-- rendered by make notebooks from {source_mark(notebook)} -->"
    (RENDERED / f"{notebook.stem}.md").write_text(f"{_tidy(text)}\n\n{mark}\n", encoding="utf-8")


def _save(picture: bytes, path: Path) -> None:
    """Writes a plot with as many colours as it needs, which takes a third of the space."""
    from PIL import Image

    with Image.open(BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS).save(path, optimize=True)


def _tidy(text: str) -> str:
    """Without blanks at ends of lines and blank lines in a row, and with each plot called by its heading."""
    lines, heading = [], ""
    for line in text.strip().splitlines():
        heading = line.lstrip("# ") if line.startswith("#") else heading
        lines.append(line.rstrip().replace("![png]", f"![{heading}]"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def main(arguments: list[str]) -> None:
    """Renders the notebooks of these names, or all, with the demonstration's lake; a file saves making it."""
    from tests.demo_lake import fill

    names = [argument for argument in arguments if not argument.endswith(".duckdb")]
    with TemporaryDirectory() as folder, patch.dict(os.environ, DLT_DATA_DIR=f"{folder}/dlt"):
        database = Path(f"{folder}/demo.duckdb")
        if len(names) < len(arguments):
            shutil.copy(arguments[-1], database)
        else:
            fill(database)
        for notebook in NOTEBOOKS:
            if not names or notebook.stem in names:
                render(notebook, database)


if __name__ == "__main__":
    main(sys.argv[1:])
