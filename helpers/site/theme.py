"""What the theme and Jupyter Book bring along and the book does not use.

Thebe runs cells on a server elsewhere, and is loaded from there.  Buttons that hide, and the cards and tabs of
sphinx-design, stand on no page: here <details> folds, which needs no script.  Sphinx's own scripts serve its search
and its keys, which have given way to those of the book.
"""

import re
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError

from helpers.site.finish import finish_pages_with

# (The page loses Font Awesome in icons.py and Bootstrap in menus.py: they stand in the theme's template.)
LEFT_BEHIND = ("fontawesome", "scripts/bootstrap", "webpack-macros")
UNUSED = ("thebe", "togglebutton", "togglehint", "toggleopenonprint", "sphinx-design", "design-tabs", "doctools", "sphinx_highlight",
          "documentation_options.pagename", "documentation_options.search_as_you_type")  # are said, but nothing listens
# What the theme does before the page is shown: it takes "auto" for a theme, in which nothing has a colour, until its other
# script comes to know better, and all that was shown is styled once more.
FIRST = re.compile(r'<script data-cfasync="false">.*?</script>', re.DOTALL)
THEME = """<script>
(({ dataset }) => {
  try {
    dataset.mode = localStorage.getItem("mode") || "auto";
  } catch { /* a browser may keep nothing */ }
  dataset.theme = /^(dark|light)$/.exec(dataset.mode)?.[0] ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const [arrival] = performance.getEntriesByType("navigation");
  if (!location.hash && arrival?.type === "navigate") dataset.arriving = ""; // (see arriving.js)
})(document.documentElement);
</script>"""
# Whenever something on a page has changed, the theme asks of all code whether it is wider than its place, and takes the focus
# from what is not: the page is laid out again and again.  Here scrolling.js is told of it.
PROGRAM = "scripts/pydata-sphinx-theme.js"
ASKS_OF_CODE = re.compile(r',"complete"===document\.readyState\?(\w+)\(\):window\.addEventListener\("load",\1\)(?=\}\)\(\);)')
# Without scripts.
RESTING = re.compile(r'(<html\b[^>]*\bdata-theme=)"auto"')


def without_thebe_settings(app, doctree, docname):
    """Take out the settings that sphinx-thebe appends to every page."""
    for node in list(doctree.findall(nodes.raw)):
        if "thebe" in node.astext() or "kernelName" in node.astext():
            node.parent.remove(node)


def without_unused_files(app, pagename, templatename, context, doctree):
    """Take out the scripts, the style sheets and the scripts in the page that prepare them."""
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context[kind] if not any(name in _text(file) for name in UNUSED)]


def with_colours(page, context=None):
    """Let a page be shown at once as the reader's system is, light or dark; without scripts it is light."""
    return RESTING.sub(r'\1"light"', FIRST.sub(lambda found: THEME, page))


def without_questions(app, error):
    """Take out of the theme's script what asks for the size of all code."""
    if error or app.builder.format != "html":
        return
    path = Path(app.outdir) / "_static" / PROGRAM
    text, count = ASKS_OF_CODE.subn("", path.read_text(encoding="utf-8"))
    if count != 1:
        raise ExtensionError(f"{PROGRAM} of the theme is not what helpers/site/theme.py knows: it asks for sizes in another way")
    path.write_text(text, encoding="utf-8")


def without_files(app, error):
    """Leave out of the site what no page asks for any more."""
    if not error and app.builder.format == "html":
        static = Path(app.outdir) / "_static"
        for path in sorted(static.rglob("*"), reverse=True):  # a folder after what is in it
            if any(name in path.relative_to(static).as_posix().lower() for name in (*UNUSED, *LEFT_BEHIND)):
                path.rmdir() if path.is_dir() else path.unlink()


def _text(file):
    return f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', {}).get('body', '')}".lower()


def setup(app):
    app.connect("builder-inited", lambda app: finish_pages_with(app, with_colours))
    app.connect("doctree-resolved", without_thebe_settings, priority=900)
    app.connect("html-page-context", without_unused_files, priority=900)
    app.connect("build-finished", without_questions)
    app.connect("build-finished", without_files)
