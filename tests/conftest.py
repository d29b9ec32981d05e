"""What several tests share: the notebooks as tests, the built site, a browser."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading

import nbformat
import pytest
from nbval.plugin import IPyNbFile

from tests import notebooks

os.environ["TQDM_DISABLE"] = "1"
BUILD = notebooks.ROOT / "_build"
# Chromium in a sandbox of its own, alone with this machine.
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync"]


class Page(IPyNbFile):
    """A page as nbval's notebook.  A plot's drawing is not compared, that there is a plot is."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.skip_compare += ("image/svg+xml",)


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".md" and file_path.parent.parent == notebooks.CHAPTERS and notebooks.is_notebook(file_path):
        target = BUILD / "nbval" / file_path.parent.name / f"{file_path.stem}.ipynb"
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebooks.assemble(file_path), target)
        return Page.from_parent(parent, path=target)


@pytest.fixture(scope="session")
def site():
    """The folder of the built site, brought up to date first."""
    done = subprocess.run([sys.executable, "-m", "helpers.site.build", str(notebooks.ROOT)],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return BUILD / "html"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def address(site):
    """The address of the site, served on this machine."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


@pytest.fixture(scope="session")
def browser():
    """A Chromium that is on the machine already; without one the test is skipped, in CI it fails."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium on this machine, and in CI nothing is skipped")
        pytest.skip("there is no Chromium on this machine (Debian: apt-get install chromium fonts-noto-cjk)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI, a test that is skipped has failed: the machine there has all that a test may need."""
    outcome = yield
    report = outcome.get_result()
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and in CI nothing is skipped: {report.longrepr}"
