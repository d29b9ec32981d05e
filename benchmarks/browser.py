"""The browser that all measures use, and the built site as it is served to it."""

import contextlib
import functools
import http.server
import shutil
import sys
import threading

from benchmarks import ROOT
from helpers.site.build import build

DESKTOP = {"width": 1280, "height": 900}
# Alone with this machine: no name but that of the machine itself is found, so nothing off-site is reached.
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


@contextlib.contextmanager
def browser():
    """Start the Chromium that is on the machine already."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("there is no Chromium on this machine (Debian: apt-get install chromium fonts-noto-cjk)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield running
        running.close()


def slowed(page, rate):
    """Let the page's processor be so many times slower, as the developer tools do it."""
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextlib.contextmanager
def site():
    """Bring the built site up to date and serve it on this machine; gives its folder and address."""
    build(ROOT)
    folder = ROOT / "_build/html"
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield folder, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
