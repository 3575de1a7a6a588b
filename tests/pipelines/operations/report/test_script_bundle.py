"""The page's script, put together from modules."""

import subprocess
from importlib import resources
from pathlib import Path
from unittest.mock import patch

import pytest

from pipelines.operations.report import script_bundle as bundle

BROWSER = Path(__file__).parents[3] / "browser"
BIOME = BROWSER / "node_modules" / ".bin" / "biome"


def test_every_module_is_in_it_once() -> None:
    """Each stands behind those that it needs, without import or export, and none is left over."""
    script = bundle.script()
    folder = resources.files(bundle.PACKAGE).joinpath("app")
    names = {file.name.removesuffix(".js") for file in folder.iterdir()}
    order = [line.split("_", 1)[1].split(" ")[0] for line in script.splitlines() if line.startswith("const module_")]
    assert set(order) == names
    assert len(order) == len(names)
    assert order[-1] == "main"
    for line in script.splitlines():
        assert not line.startswith(("import ", "export "))
        if " = module_" in line:
            needed = line.split(" = module_")[1].rstrip(";")
            assert f"const module_{needed} = " in script.partition(line)[0]
    # Whatever ends a script's element early, or makes markup of a text.
    for sign in (
        "</script",
        "<!--",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
    ):
        assert sign not in script


def test_circles_are_refused() -> None:
    """Modules that need each other are named."""
    texts = {"main": 'import { a } from "./b.js";\n', "b": 'import { c } from "./main.js";\n'}

    class Folder:
        def joinpath(self, _folder: str, name: str) -> "File":
            return File(texts[name.removesuffix(".js")])

    class File:
        def __init__(self, text: str) -> None:
            self.text = text

        def read_text(self, encoding: str) -> str:
            assert encoding == "utf-8"
            return self.text

    with (
        patch("importlib.resources.files", lambda _package: Folder()),
        pytest.raises(ValueError, match=r"main > b > main"),
    ):
        bundle.script()


@pytest.mark.browser
@pytest.mark.skipif(not BIOME.exists(), reason="Biome is not installed: make browser")
def test_the_modules_are_clean() -> None:
    """A linter finds nothing in them: no name that is not declared, none that is not used, no needless complexity."""
    folder = Path(bundle.__file__).parent / "app"
    command = [str(BIOME), "lint", "--error-on-warnings", f"--config-path={BROWSER}", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
