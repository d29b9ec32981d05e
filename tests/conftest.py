"""What several tests share: the built site and a browser."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading

import pytest
from filelock import FileLock

from tests import notebooks

BUILD = notebooks.ROOT / "_build"
# Chromium in a sandbox of its own, alone with this machine.
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def site():
    """The folder of the built site, brought up to date first."""
    BUILD.mkdir(exist_ok=True)
    with FileLock(BUILD / "tests.lock"):  # the processes that share the tests share the site
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
