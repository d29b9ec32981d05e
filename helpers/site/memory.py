"""Memory that is looked through less often: half of a build's time went into searching for what is not used any more.

Pages as trees are many small objects, each of which knows its parent; Python looks through all that there is whenever
some hundreds have come.  Here it looks when hundreds of thousands have come, and no more at what stays to the end.
"""

import functools
import gc

from sphinx.domains.std import StandardDomain

# (A tree has up to 100,000 objects.)
NEW, OFTEN, SELDOM = 200_000, 5, 5
TREES = 4  # of pages, kept for those who only look up a number in them: a page's own, and the glossary's


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


def keep(app, *_):
    """Look no more at what there is now: modules and settings first, and later what is known of all pages."""
    gc.set_threshold(NEW, OFTEN, SELDOM)
    gc.collect()
    gc.freeze()


def setup(app):
    app.add_domain(Standard, override=True)
    app.connect("builder-inited", keep)
    app.connect("write-started", keep)
