"""Every page with code is a test file too: nbval runs it cell by cell and compares what it says.

This file stands beside both ``chapters`` and ``tests``, because pytest looks for the rules of
collecting a folder only in that folder and above it.
"""

import os
import random

import nbformat
import pytest
from nbval.plugin import IPyNbFile

from tests import notebooks

os.environ["TQDM_DISABLE"] = "1"  # no progress bars in what the cells print
os.environ.setdefault("SEED_OF_THIS_RUN", str(random.SystemRandom().randrange(2**32)))  # of the random tests


class Page(IPyNbFile):
    """A page as nbval's notebook.  A plot's drawing is not compared, that there is a plot is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.skip_compare += ("image/svg+xml",)


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".md" and file_path.parent.parent == notebooks.CHAPTERS and notebooks.is_notebook(file_path):
        target = notebooks.ROOT / "_build/nbval" / file_path.parent.name / f"{file_path.stem}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        # Each of the processes that share the tests writes it, and may read it while another one does.
        written = target.with_suffix(f".{os.getpid()}")
        nbformat.write(notebooks.assemble(file_path), written)
        written.replace(target)
        return Page.from_parent(parent, path=target)


# Files that build books, start JupyterLab or open many pages. They come first, after the notebooks: of the processes
# that share the tests, none is to begin with minutes of work when the others have nothing left.
SLOW = ("test_build", "test_widgets_on_site", "test_share_on_site", "test_accessible", "test_keyboard", "test_zoomed",
        "test_lab", "test_widgets_in_lab", "test_widget_host", "test_browser")


def pytest_collection_modifyitems(items):
    def place(item):
        if item.path.suffix == ".ipynb":
            return -1
        return SLOW.index(item.path.stem) if item.path.stem in SLOW else len(SLOW)

    items.sort(key=place)  # (what is alike stays in its order)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI, a test that is skipped has failed: the machine there has all that a test may need."""
    outcome = yield
    report = outcome.get_result()
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and in CI nothing is skipped: {report.longrepr}"
