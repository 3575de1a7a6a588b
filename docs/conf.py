"""How `make site` builds the site: https://www.sphinx-doc.org/en/master/usage/configuration.html."""

from importlib import metadata
from pathlib import Path

from sphinx.application import Sphinx

project = "playlake"
release = metadata.version("playlake")
extensions = ["myst_parser", "sphinx_click"]
html_theme = "furo"
html_title = f"playlake {release}"
html_show_copyright = False
myst_heading_anchors = 3
# Quotes and dashes stay as they are typed: of an option's two hyphens a reader would copy a dash.
smartquotes = False
# What Pygments does not know is shown as it is.
suppress_warnings = ["misc.highlighting_failure"]
exclude_patterns = ["site", "node_modules"]
# Diagrams are drawn by the reader's browser, with a script of the site's own: nothing is loaded from elsewhere.
html_static_path = ["static", "node_modules/mermaid/dist/mermaid.min.js"]
html_js_files = ["diagrams.js"]
html_css_files = ["diagrams.css"]
nitpicky = True
# Pages are also there as they were written, for programs: llms.txt links to them.
html_sourcelink_suffix = ""


def write_llms(app: Sphinx, exception: Exception | None) -> None:
    """Puts `llms.txt` at the root of the site, with links to the pages' sources there (https://llmstxt.org)."""
    if exception is None:
        text = (Path(app.confdir).parent / "llms.txt").read_text(encoding="utf-8")
        (Path(app.outdir) / "llms.txt").write_text(text.replace("](docs/", "](_sources/"), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("build-finished", write_llms)
