"""Build the book aside, and put the new site in place only when it is whole (``make book``).

    python -m helpers.site.build [folder]

Warnings are errors, also on the second run of a failed build.  Whatever goes wrong, the last good
site stays in ``_build/html``.  When nothing has changed since it was built, nothing is done.
"""

import argparse
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

from helpers.site import execution

SOURCES = ("_config.yml", "_toc.yml", "index.md", "requirements.txt", "chapters", "helpers")
# A shell starts what runs in its background deaf to SIGINT, and Jupyter Book has to hear it from us.  jsonschema would
# compile a grammar of addresses, which takes a second and checks nothing here.
JUPYTER_BOOK = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.modules["rfc3987_syntax"] = None
from jupyter_book.cli.main import main
main()
"""
PATIENCE = 20  # seconds
QUICKLY = " quickly"  # in the stamp of a site in which pages were left as they were
COLOR = re.compile(r"\x1b\[[0-9;]*m")


class Folders:
    """Where things are, below the book's folder."""

    def __init__(self, book):
        self.book = Path(book).resolve()
        self.build = self.book / "_build"
        self.site = self.build / "html"
        self.next, self.last = self.build / "html.next", self.build / "html.last"
        self.aside = self.build / "aside"
        self.built = self.aside / "_build/html"
        self.doctrees = self.aside / "_build/.doctrees"
        self.written = self.aside / "_build/written.pickle"  # of helpers/site/quickly.py
        self.unfinished = self.aside / "unfinished"
        self.stamp = self.build / "site.sha256"


def fingerprint(book):
    """Return a fingerprint of all that the site is made from."""
    found = hashlib.sha256(f"{execution.digest()} {execution.digest_of_tools()}".encode())
    for name in SOURCES:
        for path in execution.sources_in(book / name):
            found.update(f"{path.relative_to(book).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    found.update(os.environ.get("GITHUB_REPOSITORY", "").encode())
    return found.hexdigest()


def start(arguments):
    """Start Jupyter Book in a process of its own."""
    # In a group of its own, so that Ctrl+C does not come to it twice.  (Windows has no groups, and sends it to both.)
    return subprocess.Popen([sys.executable, "-c", JUPYTER_BOOK, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, encoding="utf-8", errors="replace", process_group=None if os.name == "nt" else 0,
                            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"})


def build(book, start=start, quickly=False):
    """Bring ``_build/html`` up to date.

    Parameters
    ----------
    book : pathlib.Path
        The folder with ``_config.yml``.
    start : callable, optional
        Starts Jupyter Book with a list of arguments, as :func:`start` does.
    quickly : bool, optional
        Whether pages may stay that have not changed (``helpers/site/quickly.py``).

    Returns
    -------
    bool
        Whether anything had to be built.

    Raises
    ------
    BuildError
        If the build failed; its text says where.
    """
    at = Folders(book)
    _recover(at)
    try:
        wanted = fingerprint(at.book)
    except PackageNotFoundError as error:
        raise BuildError(_is_missing(error.name)) from error
    stamp = at.stamp.read_text() if at.stamp.exists() else ""
    if (at.site / "index.html").exists() and wanted == (stamp.removesuffix(QUICKLY) if quickly else stamp):
        return False
    # Pages that are not read again do not warn again, so after a failure all are read again.
    # (What was executed is kept.)
    if at.unfinished.exists():
        shutil.rmtree(at.doctrees, ignore_errors=True)
    at.aside.mkdir(parents=True, exist_ok=True)
    at.unfinished.touch()
    # Every page is written anew, which takes no time beside reading it: a page that left the table of
    # contents is not published, and one that is still there knows the style sheet of today.
    if not quickly:
        shutil.rmtree(at.built, ignore_errors=True)
        at.written.unlink(missing_ok=True)
    _run_jupyter_book(at, start)
    # (.buildinfo is for Sphinx alone, and differs with the folder.)
    shutil.copytree(at.built, at.next, ignore=shutil.ignore_patterns(".buildinfo"))
    at.stamp.unlink(missing_ok=True)  # it speaks of the site that goes now
    if at.site.exists():
        at.site.rename(at.last)
    at.next.rename(at.site)
    shutil.rmtree(at.last, ignore_errors=True)
    at.unfinished.unlink()
    at.stamp.write_text(wanted + QUICKLY if quickly else wanted)
    return True


def _recover(at):
    """Undo what a run that was cut off while it put the site in place has left behind."""
    shutil.rmtree(at.next, ignore_errors=True)
    if at.last.exists() and not at.site.exists():
        at.last.rename(at.site)
    shutil.rmtree(at.last, ignore_errors=True)


class BuildError(RuntimeError):
    """The book could not be built."""


def _run_jupyter_book(at, start):
    lines = []
    with start(["build", str(at.book), "--path-output", str(at.aside), "-W", "--keep-going"]) as process:
        try:
            for line in process.stdout:
                print(line, end="", flush=True)
                lines.append(COLOR.sub("", line.rstrip()))
        except KeyboardInterrupt:
            if os.name != "nt":
                process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=PATIENCE)  # until it has ended its kernels
            except subprocess.TimeoutExpired:  # then it has, and waits for ever for a message of one of them
                process.kill()
            raise
    if process.returncode:
        raise BuildError(_what_went_wrong(lines, at.book))


def _what_went_wrong(lines, book):
    """Say in a few lines what a long log says: which page, which cell, which warnings."""
    text = "\n".join(lines)
    told = re.search(r"^helpers\.site\.kernels\.ExecutionError: (.+)$", text, flags=re.MULTILINE)
    if told:
        return told[1]
    page = re.search(r"ExecutionError: (.+?\.(?:md|ipynb))\b", text)  # a path may have spaces
    if page:
        cell = re.search(r"Cell In\[(\d+)\], line (\d+)", text)
        errors = re.findall(r"^(\w*(?:Error|Exception|Interrupt|Timeout)\w*:.*)$", text, flags=re.MULTILINE)
        place = f", code cell {cell[1]}, line {cell[2]}" if cell else ""
        reason = next((e.rstrip(":") for e in errors if not e.startswith("ExecutionError")), "see above")
        return f"{Path(page[1]).relative_to(book)}{place}: {reason}"
    told = [line for line in lines if ": WARNING:" in line or ": ERROR:" in line or ": CRITICAL:" in line]
    missing = re.search(r"No module named '([\w.]+)'", text)
    return "\n".join(told) or (_is_missing(missing[1]) if missing else "see above")


def _is_missing(package):
    return f"{package} is missing: {sys.executable} -m pip install -r requirements.txt"


def interrupted_by(*names):
    """Let other signals end this process as Ctrl+C does, so that nothing it has started is left behind."""
    for number in [getattr(signal, name) for name in names if hasattr(signal, name)]:
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("book", nargs="?", default=".", type=Path, help="the folder with _config.yml")
    at = Folders(parser.parse_args().book)
    interrupted_by("SIGTERM", "SIGHUP")
    try:
        built = build(at.book)
    except (BuildError, KeyboardInterrupt) as error:
        reason = str(error) or "interrupted"
        kept = f"The last good site is still in {at.site}." if at.site.exists() else "There is no site yet."
        sys.exit(f"\nThe book could not be built.\n{reason}\n{kept}")
    print(f"\n{'The book is built.' if built else 'Nothing has changed since the book was built.'}")
    print(f"  The site:     {at.site / 'index.html'}")
    print("  To serve it:  make serve")


if __name__ == "__main__":
    main()
