"""Memory that is looked through less often: half of a build's time went into searching for what is not used any more.

Pages as trees are many small objects, each of which knows its parent; Python looks through all that there is whenever
some hundreds have come.  Here it looks when hundreds of thousands have come, and no more at what stays to the end.
That is only what was there before the first page: the tree of a page, once it were put aside, would never be found to be
unneeded.
"""

import functools
import gc

from sphinx.domains.std import StandardDomain

# (A tree has up to 50,000 objects, and as many come and go while it is written.)
NEW, OFTEN, SELDOM = 100_000, 2, 2
KEPT = 8  # trees of pages that have been read, until they are written; those of more pages are read again from the disk
TREES = 4  # of pages, kept for those who only look up a number in them: a page's own, and the glossary's


class Few(dict):
    """Keeps what was put in last, and forgets the rest."""

    def __setitem__(self, name, value):
        super().__setitem__(name, value)
        while len(self) > KEPT:
            del self[next(iter(self))]


class OnlyLookedAt:
    """The environment of a build, for those who do not change the trees of pages."""

    def __init__(self, env):
        self._env = env
        self.get_doctree = functools.lru_cache(TREES)(env.get_doctree)

    def __getattr__(self, name):
        return getattr(self._env, name)


class Standard(StandardDomain):
    """References to figures without a new tree for each of them."""

    _looked_at = None

    def resolve_xref(self, env, *reference):
        if self._looked_at is None:
            self._looked_at = OnlyLookedAt(env)
        return super().resolve_xref(self._looked_at, *reference)


def keep(app):
    """Look no more at what there is now: modules and settings."""
    gc.set_threshold(NEW, OFTEN, SELDOM)
    gc.freeze()


def light(node):
    """Return a copy of an exercise or a solution with its title and nothing else, and without the way to its page."""
    found = node.copy()
    found += node.children[0].deepcopy()
    found.resolved_title = node.resolved_title
    for part in found.findall():
        part.document = None
    return found


def forget_page(app, doctree, docname=""):
    """Let go of a page: sphinx-exercise notes its exercises and solutions, each of which knows the whole page."""
    for entry in getattr(app.env, "sphinx_exercise_registry", {}).values():
        if entry["docname"] == (docname or app.env.docname):
            entry["node"] = light(entry["node"])


def look_for_pages(app, *_):
    """Look for what is left of pages each time some have been read or written: Python would wait for many more."""
    app.book_pages = getattr(app, "book_pages", 0) + 1
    if app.book_pages % KEPT == 0:
        gc.collect()


def keep_few_trees(app):
    app.env._write_doc_doctree_cache = Few()  # Sphinx would keep those of all pages


def setup(app):
    app.add_domain(Standard, override=True)
    app.connect("builder-inited", keep)
    app.connect("builder-inited", keep_few_trees)
    app.connect("doctree-read", forget_page, priority=950)
    app.connect("doctree-resolved", forget_page, priority=980)
    for event in ("doctree-read", "doctree-resolved"):
        app.connect(event, look_for_pages, priority=990)
