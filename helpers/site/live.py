"""Serve the site on this machine and rebuild it whenever a file is saved (``make live``).

Each build is a process of its own, so that an edit in helpers/ counts at once.  It is a fork of one that has imported
Sphinx and all that is not the book's already, which saves a build half its time, and it has begun before it is asked for:
it knows all but the pages, and is started again if anything else has changed.  (Windows has no forks.)
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
from livereload.watcher import Watcher
from tornado import ioloop

from helpers.site import quickly
from helpers.site.build import SOURCES, BuildError, Folders, build, interrupted_by, start
from helpers.site.execution import sources_in
from helpers.site.quickly import ASKED

WARM = ("jupyter_book.cli.main", "jupyter_book.sphinx", "sphinx.builders.html", "myst_nb.sphinx_", "sphinx_exercise", "sphinx_book_theme",
        "sphinx_design", "sphinx_togglebutton", "sphinx_thebe", "sphinx_copybutton", "sphinx_comments", "sphinx_external_toc",
        "sphinx_jupyterbook_latex", "sphinxcontrib.bibtex.style.referencing", "bs4", "fontTools.subset", "jupyter_cache", "livereload",
        "nbclient", "PIL.Image", "py_mini_racer", "pypandoc", "tinycss2", "tree_sitter_javascript", "ziamath")


LOOK_EVERY = 200  # milliseconds; livereload itself would take 800


class Attentive(Watcher):
    """Sees soon that a file was saved, and leaves it to us to tell the browser when all is built.

    (To look at all files takes some milliseconds.  livereload would tell the browser at once, and the old page would be
    loaded again, at the cost of the build.)
    """

    def start(self, callback):
        ioloop.PeriodicCallback(self.examine, LOOK_EVERY).start()
        return True


class Forked:
    """Jupyter Book in a fork, with what :func:`helpers.site.build.build` asks of a ``subprocess.Popen``.

    It waits with the pages until :meth:`go`.
    """

    def __init__(self, arguments):
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(WARM))
        ours, theirs = context.Pipe(duplex=False)
        waits, self._asks = context.Pipe(duplex=False)
        self._process = context.Process(target=_jupyter_book, args=(arguments, theirs, waits), daemon=True)
        self._process.start()
        theirs.close()
        waits.close()
        self.stdout = os.fdopen(os.dup(ours.fileno()), encoding="utf-8", errors="replace")
        ours.close()

    def waits(self):
        return self._process.is_alive()

    def go(self):
        """Let it read the pages."""
        self._asks.send_bytes(b"go")
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stdout.close()
        self._asks.close()
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


class Ahead:
    """Starts Jupyter Book for the next build as soon as one has ended well."""

    def __init__(self, book):
        self._book, self._next = book, None

    def start(self, arguments):
        """Return Jupyter Book, which builds the book as it is now."""
        self._arguments = arguments
        if self._next and self._next.waits() and self._known == state(self._book):
            process, self._next = self._next, None
            return process.go()
        self.forget()
        return Forked(arguments).go()

    def prepare(self):
        """Start it again with the same arguments."""
        self._known, self._next = state(self._book), Forked(self._arguments)

    def forget(self):
        if self._next:
            self._next.kill()
            with self._next:  # and wait for its end
                self._next = None


def state(book):
    """Return what tells whether anything but the text of pages has changed."""
    paths = [path for name in SOURCES for path in sources_in(book / name)]
    return {path: None if path.suffix == ".md" else path.stat().st_mtime_ns for path in paths}


def _jupyter_book(arguments, told, waits):
    """Run Jupyter Book in this process; ``told`` is the pipe for what it says, and through ``waits`` it is let go."""
    quickly.until_asked = waits.recv_bytes
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


def rebuild(book, ahead, ended=lambda: None):
    """Bring the site up to date and call ``ended``, or say what hinders it."""
    try:
        built = build(book, ahead.start if ahead else start, quickly=True)
    except BuildError as error:
        print(f"\nThe book could not be built.\n{error}", file=sys.stderr, flush=True)
        return
    print("The book is built.", flush=True)
    ended()
    if built and ahead:
        ahead.prepare()


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
            rebuild(at.book, ahead, lambda: loop.add_callback(LiveReloadHandler.reload_waiters))

    ahead = Ahead(at.book) if "forkserver" in multiprocessing.get_all_start_methods() else None
    rebuild(at.book, ahead)
    interrupted_by("SIGTERM", "SIGHUP")
    server.LiveScriptInjector = with_script_as_file(arguments.port)
    pages, loop = server.Server(watcher=Attentive()), ioloop.IOLoop.current()
    for name in SOURCES:
        pages.watch(str(at.book / name), saved.set)
    threading.Thread(target=rebuild_when_saved, daemon=True).start()
    pages.serve(root=str(at.site), host="127.0.0.1", port=arguments.port)


if __name__ == "__main__":
    main()
