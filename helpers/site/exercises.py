"""Hints and solutions: folded, each under a line that opens it; a browser needs no script for that.

In the pages they are what JupyterLab folds too: an admonition of the class ``hint`` below its exercise, and behind it
all that stands between ``{solution-start}`` and ``{solution-end}``, cells included (sphinx-exercise).

With ``book_solutions: false`` in _config.yml, for a class, a page is read as if its solutions were not there: so they
are executed neither, and nothing that is made from the page knows of them.
"""

import html
import re
from pathlib import Path

from docutils import nodes
from sphinx_exercise.nodes import is_solution_node

from helpers.site.finish import load_script
from helpers.site.languages import NUMBERED, language_of, without_prefix

BLOCK = re.compile(r"^(`{3,})\{solution-start\}.*?^(`{3,})\{solution-end\}\n\2\n+", re.MULTILINE | re.DOTALL)
SOLUTION = {"en": "Solution of {}", "ko": "{} 풀이"}


def without_solutions(text):
    """Return the source of a page without its solutions."""
    return BLOCK.sub("", text)


def leave_out(app, docname, source):
    """Read a page without its solutions, if that is wanted."""
    if not app.config.book_solutions:
        source[0] = without_solutions(source[0])


def leave_out_of_sources(app, error):
    """The same for the sources that the pages offer: Sphinx copies the files as they are."""
    if error or app.builder.format != "html" or app.config.book_solutions:
        return
    for path in (Path(app.outdir) / "_sources").rglob("*.md"):
        path.write_text(without_solutions(path.read_text(encoding="utf-8")), encoding="utf-8")


def folded(kind, words, content, name=""):
    """Return nodes that make a fold, with these words on it."""
    place = f' id="{html.escape(name)}"' if name else ""
    start = f'<details class="book-fold book-{kind}"{place}><summary>{html.escape(words)}</summary>'
    return [nodes.raw("", start, format="html"), *content, nodes.raw("", "</details>", format="html")]


def numbers_of(env, docname):
    """Return how the exercises and solutions of a page are called: ``{"ex-laplace": "Exercise 1.3", …}``."""
    code, called = language_of(docname), {}
    for label, number in env.toc_fignumbers.get(docname, {}).get("exercise", {}).items():
        name = without_prefix(label)
        called[name] = NUMBERED[code]["exercise"] % ".".join(map(str, number))
        called[name.replace("ex-", "sol-", 1)] = SOLUTION[code].format(called[name])
    return called


def content_of(node):
    """Return what is in a solution: the extension keeps it in a section without a heading."""
    inner = [child for child in node.children if not isinstance(child, nodes.title)]
    return [grandchild for child in inner for grandchild in (child.children if isinstance(child, nodes.section) else [child])]


def fold(app, doctree, docname):
    """Fold the hints and solutions of a page that is about to be written."""
    if app.builder.format != "html":
        return
    numbers = numbers_of(app.env, docname)
    for node in list(doctree.findall(nodes.Admonition)):
        if is_solution_node(node):
            name = without_prefix(node["label"])
            node.parent.replace(node, folded("solution", numbers[name], content_of(node), name))
        elif "hint" in node.get("classes", []):
            node.parent.replace(node, folded("hint", node.children[0].astext(), node.children[1:]))


def setup(app):
    load_script(app, "folds.js", lambda _, context: "book-fold" in context.get("body", ""))
    app.add_config_value("book_solutions", True, "env", bool)
    app.connect("source-read", leave_out)
    app.connect("build-finished", leave_out_of_sources)
    # When exercises have been resolved and ids have lost their language; after the search has looked.
    app.connect("doctree-resolved", fold, priority=960)
