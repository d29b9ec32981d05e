"""For ``make live``: a page is written again only when it, or anything that it shows of the rest of the book, has changed.

``make book`` writes all pages anew.
"""

import functools
import hashlib
import os
import pickle
from pathlib import Path

from bs4 import BeautifulSoup
from jinja2 import FileSystemBytecodeCache
from jupyter_cache import get_cache
from nbformat.v4 import new_notebook
from sphinx_external_toc.collectors import TocTreeCollectorWithStyles

from helpers.site.build import SOURCES
from helpers.site.execution import sources_in
from helpers.site.kernels import is_kept

ASKED = "BOOK_QUICKLY"  # a variable of the environment
KEPT = "written.pickle"
TEMPLATES = "templates"  # as they were compiled


def is_asked():
    return bool(os.environ.get(ASKED))


def until_asked():
    """Return when pages are to be read.  (``helpers.site.live`` replaces it in a build that begins before it is needed.)"""


def wait(app):
    if is_asked():
        warm_up(app)
    until_asked()


def warm_up(app):
    """Do before a page is asked for what only the first page needs."""
    templates = Path(app.outdir).parent / TEMPLATES
    templates.mkdir(exist_ok=True)
    app.builder.templates.environment.bytecode_cache = FileSystemBytecodeCache(str(templates))
    BeautifulSoup("<p></p>", "html.parser").select("nav > a.x[href]:not(p b)")  # how selectors are read
    if app.config.nb_execution_mode == "cache":
        is_kept(get_cache(app.config.nb_execution_cache_path), new_notebook())  # how the cache is asked
    app.builder.highlighter.highlight_block("1", "ipython3")  # the rules of its lexer


def shared(app, env):
    """Return a fingerprint of all that pages show of each other and of the book, beside what they say themselves."""
    found = hashlib.sha256()
    pages = {Path(env.doc2path(docname)) for docname in env.all_docs}
    for name in SOURCES:
        for path in sources_in(Path(app.srcdir) / name):
            if path not in pages:
                found.update(f"{path}\0".encode() + path.read_bytes() + b"\0")
    labels = [sorted(map(repr, env.domaindata[domain][part].items()))
              for domain, part in (("std", "labels"), ("std", "anonlabels"), ("math", "objects"))]
    citations = sorted(f"{one.citation_id} {one.key} {one.bibliography_key}" for one in env.domaindata["cite"]["citations"])
    exercises = sorted(f"{label} {exercise.get('title')}" for label, exercise in getattr(env, "sphinx_exercise_registry", {}).items())
    known = [sorted((docname, title.astext()) for docname, title in env.titles.items()), env.toctree_includes,
             sorted(env.toc_secnumbers.items()), sorted(env.toc_fignumbers.items()), labels, citations, exercises]
    found.update(repr(known).encode())
    return found.hexdigest()


def numbers_of_sections(env):
    return {docname: {anchor: number and tuple(number) for anchor, number in numbers.items()}
            for docname, numbers in env.toc_secnumbers.items()}


def compared_at_last(assign):
    """Return the method that counts sections, comparing them with those of the last build when they are what they will be.

    Sphinx compares before sphinx-external-toc lets each part begin with 1, and takes all numbers for new ones.
    """
    @functools.wraps(assign)
    def assign_section_numbers(self, env):
        before = numbers_of_sections(env)
        assign(self, env)
        return [docname for docname, numbers in numbers_of_sections(env).items() if numbers != before.get(docname)]

    return assign_section_numbers


TocTreeCollectorWithStyles.assign_section_numbers = compared_at_last(TocTreeCollectorWithStyles.assign_section_numbers)


def choose(app, env):
    """Return the pages that have to be written although they were not read again."""
    app.book_shared = ""
    if not is_asked():
        return []
    kept, app.book_shared = Path(app.outdir).parent / KEPT, shared(app, env)
    if kept.exists():
        written = pickle.loads(kept.read_bytes())
        kept.unlink()  # until this build has ended well
        if written["shared"] == app.book_shared:
            for name in ("book_bodies", "book_sections", "book_joined"):
                setattr(app, name, written[name])
            return []
    for page in Path(app.outdir).rglob("*.html"):  # one that has left the book is not written again
        page.unlink()
    return env.found_docs


def keep(app, error):
    if not error and app.book_shared:
        kept = {"shared": app.book_shared, **{name: getattr(app, name) for name in ("book_bodies", "book_sections", "book_joined")}}
        (Path(app.outdir).parent / KEPT).write_bytes(pickle.dumps(kept))


def setup(app):
    app.connect("builder-inited", wait, priority=990)  # all but the pages is known
    app.connect("env-get-updated", choose, priority=950)  # when figures have their numbers
    app.connect("build-finished", keep, priority=950)
