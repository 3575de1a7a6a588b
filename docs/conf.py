"""How `make site` builds the site: https://www.sphinx-doc.org/en/master/usage/configuration.html."""

from importlib import metadata

project = "playlake"
release = metadata.version("playlake")
extensions = ["myst_parser", "sphinx_click"]
html_theme = "furo"
html_title = f"playlake {release}"
html_show_copyright = False
myst_heading_anchors = 3
# What Pygments does not know is shown as it is.
suppress_warnings = ["misc.highlighting_failure"]
exclude_patterns = ["site", "node_modules"]
# Diagrams are drawn by the reader's browser, with a script of the site's own: nothing is loaded from elsewhere.
html_static_path = ["static", "node_modules/mermaid/dist/mermaid.min.js"]
html_js_files = ["diagrams.js"]
nitpicky = True
