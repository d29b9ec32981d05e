"""Serve the site on this machine and rebuild it whenever a file is saved (``make live``).

Each build is a process of its own, so that an edit in helpers/ counts at once.  It is a fork of one that has imported
Sphinx and all that is not the book's already, which saves a build half its time.  (Windows has no forks.)
"""

import argparse
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from livereload import server
from livereload.handlers import LiveReloadHandler
from tornado import ioloop

from helpers.site.build import SOURCES, BuildError, Folders, build, interrupted_by, start
from helpers.site.quickly import ASKED

WARM = ("jupyter_book.cli.main", "jupyter_book.sphinx", "sphinx.builders.html", "myst_nb.sphinx_", "sphinx_exercise", "sphinx_book_theme",
        "sphinx_design", "sphinx_togglebutton", "sphinx_thebe", "sphinx_copybutton", "sphinx_comments", "sphinx_external_toc",
        "sphinx_jupyterbook_latex", "sphinxcontrib.bibtex.style.referencing", "bs4", "fontTools.subset", "jupyter_cache", "livereload",
        "nbclient", "PIL.Image", "py_mini_racer", "pypandoc", "tinycss2", "tree_sitter_javascript", "ziamath")


class Forked:
    """Jupyter Book in a fork, with what :func:`helpers.site.build.build` asks of a ``subprocess.Popen``."""

    def __init__(self, arguments):
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(WARM))
        ours, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_jupyter_book, args=(arguments, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.stdout = os.fdopen(os.dup(ours.fileno()), encoding="utf-8", errors="replace")
        ours.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stdout.close()
        self._process.join()

    @property
    def returncode(self):
        return self._process.exitcode

    def send_signal(self, number):
        os.kill(self._process.pid, number)

    def communicate(self, timeout):
        self._process.join(timeout)
        if self._process.is_alive():
            raise subprocess.TimeoutExpired("Jupyter Book", timeout)

    def kill(self):
        self._process.kill()


def _jupyter_book(arguments, told):
    """Run Jupyter Book in this process; ``told`` is the pipe for what it says."""
    os.setpgid(0, 0)  # as in helpers.site.build.start
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (1, 2):
        os.dup2(told.fileno(), number)
    sys.stdout = sys.stderr = open(1, "w", buffering=1, encoding="utf-8", closefd=False)
    from jupyter_book.cli.main import main

    main(arguments)


def with_script_as_file(port):
    """Return livereload's way to put its script into a page, with a file in place of a text that the page's policy forbids."""
    class Injector(server.LiveScriptInjector):
        def __init__(self, request):
            super().__init__(request)
            self.script = b'<script src="/livereload.js?port=%d"></script>' % port

    return Injector


def rebuild(book):
    """Bring the site up to date, or say what hinders it."""
    try:
        forks = "forkserver" in multiprocessing.get_all_start_methods()
        build(book, Forked if forks else start, quickly=True)
        print("The book is built.", flush=True)
    except BuildError as error:
        print(f"\nThe book could not be built.\n{error}", file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("book", nargs="?", default=".", type=Path)
    parser.add_argument("--port", default=8000, type=int)
    arguments = parser.parse_args()
    at = Folders(arguments.book)
    os.environ[ASKED] = "1"

    saved = threading.Event()

    def rebuild_when_saved():
        # Beside the server: a page that waits for its turn would miss that it has to load again.
        while saved.wait():
            saved.clear()
            rebuild(at.book)
            loop.add_callback(LiveReloadHandler.reload_waiters)

    rebuild(at.book)
    interrupted_by("SIGTERM", "SIGHUP")
    server.LiveScriptInjector = with_script_as_file(arguments.port)
    pages, loop = server.Server(), ioloop.IOLoop.current()
    for name in SOURCES:
        pages.watch(str(at.book / name), saved.set, delay="forever")  # it tells the browser itself, when all is built
    threading.Thread(target=rebuild_when_saved, daemon=True).start()
    pages.serve(root=str(at.site), host="127.0.0.1", port=arguments.port)


if __name__ == "__main__":
    main()
