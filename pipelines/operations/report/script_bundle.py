"""The page's script: the modules in `app/` in one text, each in a scope of its own, as the page is a single file.

Only two forms of import and export are known, which keeps this short: `import { a, b } from "./c.js";` on one line, and
`export` before a function, a class or a const.
"""

import re
from collections.abc import Iterator
from importlib import resources

PACKAGE = __name__.rpartition(".")[0]
ENTRY = "main"

_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)


def script() -> str:
    """The modules that `main.js` needs, each after those that it imports."""
    texts: dict[str, str] = {}
    _collect(ENTRY, texts, ())
    return '"use strict";\n' + "\n".join(_scope(name, text) for name, text in texts.items())


def _collect(name: str, texts: dict[str, str], within: tuple[str, ...]) -> None:
    """Adds a module after those that it needs.

    Raises:
        ValueError: two modules need each other.
    """
    if name in within:
        msg = f"{name}.js needs itself: {' > '.join((*within, name))}."
        raise ValueError(msg)
    if name in texts:
        return
    text = resources.files(PACKAGE).joinpath("app", f"{name}.js").read_text(encoding="utf-8")
    for needed in _needed(text):
        _collect(needed, texts, (*within, name))
    texts[name] = text


def _needed(text: str) -> Iterator[str]:
    return (found[2] for found in _IMPORT.finditer(text))


def _scope(name: str, text: str) -> str:
    """A module as a function that is called at once and returns its exports."""
    exported = ", ".join(found[1] for found in _EXPORT.finditer(text))
    body = _IMPORT.sub(r"const { \1 } = module_\2;", _EXPORT.sub("", text)).strip()
    return f"const module_{name} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();"
