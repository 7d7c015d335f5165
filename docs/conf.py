"""The site: Sphinx, MyST and Furo; nothing is fetched, neither by the build nor by a page."""

from thesis import __version__

project = "thesis"
author = ""
release = version = __version__
html_show_copyright = False

extensions = ["myst_parser"]
exclude_patterns = ["_build", "files"]  # files: what the examples read
myst_heading_anchors = 4
smartquotes = False  # `--by` is two hyphens
nitpicky = True

html_theme = "furo"
html_title = "thesis"
html_static_path = ["static"]
html_css_files = ["thesis.css"]
html_copy_source = html_show_sourcelink = False
html_show_sphinx = False
html_last_updated_fmt = None  # the same pages, the same bytes
html_permalinks_icon = "#"
