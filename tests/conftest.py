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
from hypothesis import HealthCheck, is_hypothesis_test, settings
from hypothesis.configuration import set_hypothesis_home_dir

from tests import notebooks

BUILD = notebooks.ROOT / "_build"
# Chromium in a sandbox of its own, alone with this machine.
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync"]

# Tests of properties: the same few examples in each run, and many new ones in `make test-long`.
settings.register_profile("few", max_examples=25, derandomize=True, database=None, deadline=None,
                          suppress_health_check=list(HealthCheck))
settings.register_profile("many", settings.get_profile("few"), max_examples=1000, derandomize=False, print_blob=True)
set_hypothesis_home_dir(BUILD / "hypothesis")  # what it remembers of the code; not beside the code


def pytest_configure(config):
    settings.load_profile("many" if config.option.markexpr == "long" else "few")


@pytest.hookimpl(tryfirst=True)  # before pytest looks at the marks
def pytest_collection_modifyitems(config, items):
    """A property is tested in both: `make test-long` runs what is marked as long."""
    for item in items:
        if config.option.markexpr == "long" and is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("long")


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
