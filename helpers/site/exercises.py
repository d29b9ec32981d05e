"""Hints and solutions: folded, each under a line that opens it; a browser needs no script for that.

In the pages they are what JupyterLab folds too: an admonition of the class ``hint`` below its exercise, and behind it
all that stands between ``{solution-start}`` and ``{solution-end}``, cells included (sphinx-exercise).
"""

import html

from docutils import nodes
from sphinx_exercise.nodes import is_solution_node

from helpers.site.languages import NUMBERED, language_of, without_prefix

SOLUTION = {"en": "Solution of {}", "ko": "{} 풀이"}


def folded(kind, words, content, name=""):
    """Return nodes that make a fold, with these words on it."""
    place = f' id="{html.escape(name)}"' if name else ""
    start = f'<details class="book-fold book-{kind}"{place}><summary>{html.escape(words)}</summary>'
    return [nodes.raw("", start, format="html"), *content, nodes.raw("", "</details>", format="html")]


def numbers_of(env, docname):
    """Return how the exercises of a page are called: ``{id: "Exercise 1.3"}``."""
    found = env.toc_fignumbers.get(docname, {}).get("exercise", {})
    words = NUMBERED[language_of(docname)]["exercise"]
    return {without_prefix(name): words % ".".join(map(str, number)) for name, number in found.items()}


def content_of(node):
    """Return what is in a solution: the extension keeps it in a section without a heading."""
    inner = [child for child in node.children if not isinstance(child, nodes.title)]
    return [grandchild for child in inner for grandchild in (child.children if isinstance(child, nodes.section) else [child])]


def fold(app, doctree, docname):
    """Fold the hints and solutions of a page that is about to be written."""
    if app.builder.format != "html":
        return
    code, numbers = language_of(docname), numbers_of(app.env, docname)
    for node in list(doctree.findall(nodes.Admonition)):
        if is_solution_node(node):
            name = without_prefix(node["label"])
            words = SOLUTION[code].format(numbers[name.replace("sol-", "ex-", 1)])
            node.parent.replace(node, folded("solution", words, content_of(node), name))
        elif "hint" in node.get("classes", []):
            node.parent.replace(node, folded("hint", node.children[0].astext(), node.children[1:]))


def setup(app):
    # When exercises have been resolved and ids have lost their language; before the search looks.
    app.connect("doctree-resolved", fold, priority=940)
