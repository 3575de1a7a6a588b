"""What axe-core, a checker of accessibility, finds wrong on the page that a browser shows."""

from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"

_RUN = """
const done = arguments[0];
axe.run(document, {resultTypes: ["violations"]}).then(
  found => done(found.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.html}`))),
  error => done([String(error)]),
);
"""


def violations(driver: Any) -> list[str]:
    """Each place where the page breaks one of axe's rules, best practices included."""
    driver.execute_script(SCRIPT.read_text(encoding="utf-8"))
    found: list[str] = driver.execute_async_script(_RUN)
    return found
