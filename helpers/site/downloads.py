"""What can be taken along: each page's executed notebook, and the whole site as one file.

Sphinx has no outputs in the notebooks that it offers; the cache of executed notebooks has.
"""

import re
import zipfile
from pathlib import Path

import nbformat
from jupyter_cache import get_cache

from helpers.site.quickly import is_asked

ARCHIVE = "from-lines-to-layers.zip"
FOLDER = "from-lines-to-layers"
WORDS = {"en": "Download the whole book (zip)", "ko": "책 전체 내려받기(zip)"}
# Inside of the archive there is no archive.
LINK = re.compile(r'\s*<a class="book-archive"[^>]*>[^<]*</a>')
ANY_DAY = (1980, 1, 1, 0, 0, 0)  # the same site gives the same file


def executed_notebooks(app):
    """Put the outputs into the notebooks that the pages offer, and call their cells by numbers: their ids are random."""
    if app.config.nb_execution_mode != "cache":
        return
    cache = get_cache(app.config.nb_execution_cache_path)
    for name in sorted(app.book_notebooks):
        path = Path(app.outdir) / "_sources" / name
        _, executed = cache.merge_match_into_notebook(nbformat.read(path, as_version=4))
        for number, cell in enumerate(executed.cells, start=1):
            cell.id = f"cell-{number}"
        nbformat.write(executed, path)


def archive(app):
    """Write all files of the site into one, which works when it is unpacked into a folder."""
    site = Path(app.outdir)
    (site / ARCHIVE).unlink(missing_ok=True)
    files = sorted(path for path in site.rglob("*") if path.is_file() and path.name != ".buildinfo")
    with zipfile.ZipFile(site / ARCHIVE, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in files:
            content = path.read_bytes()
            if path.suffix == ".html":
                content = LINK.sub("", content.decode("utf-8")).encode("utf-8")
            packed.writestr(zipfile.ZipInfo(f"{FOLDER}/{path.relative_to(site).as_posix()}", ANY_DAY), content,
                            compress_type=zipfile.ZIP_DEFLATED)


def finish(app, error):
    if not error and app.builder.format == "html":
        executed_notebooks(app)
        if not (is_asked() and (Path(app.outdir) / ARCHIVE).exists()):
            archive(app)


def page_archive(app, pagename, templatename, context, doctree):
    """Give the template ``page-links.html`` the address of the archive."""
    context["book_archive"] = {"href": context["pathto"](ARCHIVE, 1), "text": WORDS[context["language"]]}


def begin(app):
    app.book_notebooks = set()  # that this build has written


def collect(app, pagename, templatename, context, doctree):
    if "ipynb_source" in context:
        app.book_notebooks.add(context["ipynb_source"])


def setup(app):
    app.connect("builder-inited", begin)
    app.connect("html-page-context", page_archive)
    app.connect("html-page-context", collect, priority=900)  # when the theme has made them
    app.connect("build-finished", finish, priority=900)  # when all other files are there
