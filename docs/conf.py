"""How `make site` builds the site: https://www.sphinx-doc.org/en/master/usage/configuration.html."""

from importlib import metadata

project = "playlake"
release = metadata.version("playlake")
extensions = ["myst_parser", "sphinx_click", "sphinxcontrib.mermaid"]
html_theme = "furo"
html_title = f"playlake {release}"
html_show_copyright = False
# Tables and columns are written as GitHub reads them, too.
myst_fence_as_directive = ["mermaid"]
myst_heading_anchors = 3
# What Pygments does not know is shown as it is.
suppress_warnings = ["misc.highlighting_failure"]
exclude_patterns = ["site", "README.md"]
nitpicky = True
