"""How long the book takes to build, to rebuild and to test, on a copy of it in a folder of its own.

- *Nothing changed* is ``make book`` again.
- *A paragraph edited* and *a cell edited*: ``make live`` runs and Chromium shows the page; the time from the save until
  the page in the browser says the new, in ``TURNS`` turns, and which notebooks were executed.
- *Cold* is ``make book`` where nothing was built before, with everything installed.  Beside it the same notebooks are
  executed one after another by nbclient, as a user would by himself, in a process that has imported it already.
- *The notebooks' part of the tests* is pytest with nbval over the chapters, as ``make test`` runs it.
- *8 and 64 pages* are copies of the notebooks, each with labels of its own.  Their code is the same, so none is executed,
  and what is measured is reading, writing and all else.  Memory is the most that a process of the build has taken.

Beside it, in the same turns, stock Jupyter Book builds the same notebooks (``benchmarks/stock.py``).  It has no ``make
live``: there an edit is seen when ``jupyter-book build`` has ended, and the reader has loaded the page again by hand.
"""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from benchmarks import ROOT, aligned, middle, stock
from benchmarks.browser import DESKTOP, browser
from helpers.site.build import COLOR, JUPYTER_BOOK
from tests import notebooks
from tests.ports import free_port

NEEDED = ("Makefile", "_config.yml", "_toc.yml", "index.md", "requirements.txt", "requirements-dev.txt", "pyproject.toml",
          "conftest.py", "README.md", "chapters", "helpers", "tests")
TURNS = 3
FEW, MANY = 8, 64
PAUSE = 5000  # milliseconds between two edits, as who writes makes them: then nothing of the last one is left to do
LABEL = re.compile(r"\b(en|ko)-(sec|eq|fig|ex|sol)-([a-z0-9-]+)")
EDITED = "en/linear-regression"
# One after another, timed without what importing takes.
SERIAL = """
import sys, time
import jupytext
from nbclient import NotebookClient

started = time.perf_counter()
for path in sys.argv[1:]:
    notebook = jupytext.read(path)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": path.rpartition("/")[0]}}).execute()
print(time.perf_counter() - started)
"""
AIMS = {  # what is measured, what it is divided by if anything, and what is to be reached
    "nothing changed": ("s", 1.0),
    "a paragraph edited, seen in the browser": ("s", 4.0),
    "cold build / executing alone": ("", 1.0),
    "the notebooks' tests / executing alone": ("", 1.0),
    f"a page of {MANY} / a page of {FEW}": ("", 1.15),
    f"memory, {MANY} pages": ("MB", 600),
}


class Copy:
    """A copy of the book, and beside it one for stock Jupyter Book."""

    def __init__(self, folder):
        self.folder, self.stock = Path(folder) / "ours", Path(folder) / "stock"
        self.folder.mkdir()
        for name in NEEDED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, self.folder / name, **({"ignore": shutil.ignore_patterns("__pycache__")} if copy is shutil.copytree else {}))
        # Its own helpers come first.  (What make sets for all that it runs.)
        self.env = {**os.environ, "PYTHONPATH": str(self.folder), "OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"}

    def run(self, *command, folder=None):
        """Run a command here, or in another folder; return its seconds, what it said, and the most memory that it took, in MB."""
        started = time.perf_counter()
        with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
            process = subprocess.Popen(command, cwd=folder or self.folder, env=self.env, stdout=told, stderr=subprocess.STDOUT)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            told.seek(0)
            text = told.read()
        if process.returncode:
            raise RuntimeError(f"{' '.join(command[:4])} failed:\n{text[-3000:]}")
        # (Linux counts in KB, macOS in bytes.)
        return time.perf_counter() - started, text, used.ru_maxrss / 2 ** (20 if sys.platform == "darwin" else 10)

    def make(self, goal, *variables):
        """Run make with what is installed already."""
        return self.run("make", "--silent", goal, f"BIN={Path(sys.executable).parent}", *variables,
                        "-o", ".venv/installed", "-o", ".venv/installed-dev")

    def copy_stock(self, executed=None):
        """Begin a stock book anew, with the pages as they are now."""
        shutil.rmtree(self.stock, ignore_errors=True)
        stock.copy_sources(self.folder, self.stock, executed)

    def make_stock(self):
        return self.run(sys.executable, "-c", JUPYTER_BOOK, "build", ".", folder=self.stock)

    def pages(self):
        return [self.folder / page.relative_to(ROOT) for code in notebooks.LANGUAGES for page in notebooks.pages(code)]

    def executing_alone(self):
        """Return the seconds that the notebooks take one after another."""
        return float(self.run(sys.executable, "-c", SERIAL, *map(str, self.pages()))[1].split()[-1])

    def multiply(self, count):
        """Put copies of the notebooks into the book, until it has so many."""
        contents = yaml.safe_load((self.folder / "_toc.yml").read_text(encoding="utf-8"))
        originals = self.pages()
        for number in range(2, count // len(originals) + 1):
            for page in originals:
                text = LABEL.sub(rf"\g<0>-copy{number}", page.read_text(encoding="utf-8"))
                copy = page.with_stem(f"{page.stem}-{number}")
                copy.write_text(text, encoding="utf-8")
                part = next(part for part in contents["parts"] if part.get("numbered")
                            and part["chapters"][0]["file"].split("/")[1] == page.parent.name)
                name = copy.relative_to(self.folder).with_suffix("").as_posix()
                if {"file": name} not in part["chapters"]:
                    part["chapters"].append({"file": name})
        (self.folder / "_toc.yml").write_text(yaml.safe_dump(contents, allow_unicode=True), encoding="utf-8")

    @contextlib.contextmanager
    def live(self):
        """Run ``make live``; gives its address and the path of what it says."""
        port, log = free_port(), self.folder / "live.log"
        with log.open("w") as told, subprocess.Popen([sys.executable, "-m", "helpers.site.live", "--port", str(port)], cwd=self.folder,
                                                     env=self.env, stdout=told, stderr=told) as process:
            try:
                _wait_until(lambda: process.poll() is not None or _answers(port))
                if process.poll() is not None:
                    raise RuntimeError(f"make live ended:\n{log.read_text()}")
                yield f"http://127.0.0.1:{port}", log
            finally:
                process.terminate()


def executed(text):
    """Return the notebooks that a build says it executed."""
    return sorted(re.findall(r"^chapters/(\S+): Executing notebook", COLOR.sub("", text), re.MULTILINE))


def measure():
    """Measure all of it; takes some minutes."""
    with tempfile.TemporaryDirectory() as folder:
        book = Copy(folder)
        found = measure_whole(book)
        print("after an edit …", flush=True)
        found["edits"] = measure_edits(book)
        found["sizes"] = {"ours": [], "stock": []}
        known = (book.stock / "executed").rename(Path(folder) / "executed")
        for count in (FEW, MANY):
            print(f"{count} pages …", flush=True)
            book.multiply(count)
            shutil.rmtree(book.folder / "_build/html")
            shutil.rmtree(book.folder / "_build/aside/_build/.doctrees")
            book.copy_stock(known)
            for side, make in (("ours", lambda: book.make("book")), ("stock", book.make_stock)):
                seconds, text, megabytes = make()
                found["sizes"][side].append({"pages": count, "seconds": seconds, "megabytes": megabytes, "executed": executed(text)})
    return found


def measure_whole(book):
    """Measure what is executed, built and tested as a whole, in turns."""
    found = {"alone": [], "cold": [], "tests": [], "nothing": [], "stock": {"cold": [], "nothing": []}}
    for turn in range(TURNS):
        print(f"cold, turn {turn + 1} of {TURNS} …", flush=True)
        found["alone"].append(book.executing_alone())
        shutil.rmtree(book.folder / "_build", ignore_errors=True)
        found["cold"].append(book.make("book")[0])
        found["tests"].append(book.run(sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "chapters")[0])
        found["nothing"].append(book.make("book")[0])
        book.copy_stock()
        for what in found["stock"].values():  # cold, and then with nothing changed
            what.append(book.make_stock()[0])
    return found


def measure_edits(book):
    """Measure how long an edit takes to be seen, in the browser on the page that ``make live`` serves."""
    page = book.folder / f"chapters/{EDITED}.md"
    written = page.read_text(encoding="utf-8")
    found = {"paragraph": [], "cell": []}
    with browser() as chromium, book.live() as (address, log):
        shown = chromium.new_page(viewport=DESKTOP)
        shown.goto(f"{address}/chapters/{EDITED}.html")
        for turn in range(TURNS):
            for what in found:
                mark, before = f"edited-{what}-{turn}", len(log.read_text(encoding="utf-8"))
                new = f"\n\nThis is {mark}.\n" if what == "paragraph" else f"\n\n```{{code-cell}} ipython3\nmark = '{mark}'\n```\n"
                shown.wait_for_timeout(PAUSE)
                started = time.perf_counter()
                page.write_text(written + new, encoding="utf-8")
                shown.wait_for_function("mark => document.body?.textContent.includes(mark)", arg=mark, timeout=300_000)
                found[what].append({"seconds": time.perf_counter() - started,
                                    "executed": executed(log.read_text(encoding="utf-8")[before:])})
        shown.close()
    page.write_text(written, encoding="utf-8")
    found["stock"] = []
    for turn in range(TURNS):
        (book.stock / f"chapters/{EDITED}.md").write_text(f"{written}\n\nThis is edited-{turn}.\n", encoding="utf-8")
        found["stock"].append(book.make_stock()[0])
    return found


def _answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _wait_until(done, seconds=300):
    for _ in range(seconds * 10):
        if done():
            return
        time.sleep(0.1)
    raise RuntimeError(f"nothing came of it within {seconds} seconds")


# ---- what is told ----

def figures(found):
    """Return what is to be compared with the aims, in their order: what our book takes, and what the stock one takes."""
    def beside(times):
        return middle([seconds / alone for seconds, alone in zip(times, found["alone"])])

    def growth(side):
        few, many = found["sizes"][side]
        return (many["seconds"] / many["pages"]) / (few["seconds"] / few["pages"])

    edits, stock_, sizes = found["edits"], found["stock"], found["sizes"]
    return dict(zip(AIMS, [
        (middle(found["nothing"]), middle(stock_["nothing"])),
        (middle([turn["seconds"] for turn in edits["paragraph"]]), middle(edits["stock"])),
        (beside(found["cold"]), beside(stock_["cold"])),
        (beside(found["tests"]), None),
        (growth("ours"), growth("stock")),
        (sizes["ours"][-1]["megabytes"], sizes["stock"][-1]["megabytes"])]))


def table(found):
    """Return the figures as a table, and which notebooks an edit executed."""
    rows = [["measure", "ours", "stock", "ours by stock", "aim", ""]]
    for name, (ours, theirs) in figures(found).items():
        unit, aim = AIMS[name]
        told = [f"{figure:.0f} {unit}" if unit == "MB" else f"{figure:.2f} {unit}".strip() for figure in (ours, theirs) if figure is not None]
        compared = [told[1], f"{ours / theirs:.2f}"] if theirs else ["", ""]
        rows.append([name, told[0], *compared, f"≤ {aim} {unit}".strip(), "met" if ours <= aim else f"missed by {ours / aim - 1:.0%}"])
    for what, aim in (("paragraph", []), ("cell", [EDITED])):
        done = [turn["executed"] for turn in found["edits"][what]]
        rows.append([f"a {what} edited, executed", ", ".join(sorted({name for names in done for name in names})) or "nothing", "", "",
                     ", ".join(aim) or "nothing", "met" if all(names == aim for names in done) else "missed"])
    seconds = {what: middle(found[what]) for what in ("alone", "cold", "tests")}
    sizes = ", ".join(f"{size['pages']} in {size['seconds']:.1f} s (stock {theirs['seconds']:.1f} s)"
                      for size, theirs in zip(found["sizes"]["ours"], found["sizes"]["stock"]))
    again = sorted({name for size in found["sizes"]["ours"] for name in size["executed"]})
    return ["Building the book", "", *aligned(rows), "",
            f"medians, in seconds: executing alone {seconds['alone']:.1f}, cold build {seconds['cold']:.1f}, "
            f"the notebooks' tests {seconds['tests']:.1f}, "
            f"a cell edited and seen {middle([turn['seconds'] for turn in found['edits']['cell']]):.1f}",
            f"pages, {', '.join(again) or 'nothing'} executed: {sizes}"]
