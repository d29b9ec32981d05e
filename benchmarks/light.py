"""How light a chapter page is, and how soon it can be used: ours beside one by stock Jupyter Book, on a slow connection.

Both are served by the same server on this machine, in gzip, and loaded in turn, each time by a browser that knows nothing
of them yet.  The browser lets the connection be 1.6 Mbit/s with 150 ms of latency, and the processor four times slower,
as its developer tools do it.  Measured are, as medians of some loads:

- the bytes of all that comes over the connection (headers too) until the page is complete and asks for nothing more;
- the first contentful paint;
- when all widgets are alive, also those far below the window: ours when the host has put the last of them into the place
  of its still picture, those of the stock page when the last view has been rendered;
- how much what was seen already has moved, as the sum of all layout shifts, without scrolling.
"""

import time

from benchmarks import aligned, middle, stock
from benchmarks.browser import DESKTOP, browser, site, slowed
from benchmarks.server import served

LOADS = 5
SLOWER = 4
CONNECTION = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
PAGES = ("linear-regression", "multilayer-perceptron")
PATIENCE = 120_000  # milliseconds
QUIET = 3  # seconds without traffic, after which a page is complete
# What is to be reached, and how many times less than the stock page.  (A KB is a thousand bytes.)
GOALS = {
    "bytes": {"name": "bytes of a first visit, KB", "unit": 1000, "digits": 0, "most": 300, "share": 1 / 4},
    "paint": {"name": "first paint, s", "unit": 1000, "digits": 2, "most": 2.0, "share": 1 / 3},
    "alive": {"name": "all widgets alive, s", "unit": 1000, "digits": 2, "most": 4.0, "share": 1 / 3},
    "shift": {"name": "layout shift", "unit": 1, "digits": 3, "most": 0.02},
}
# How many widgets are on a page, and how many of them live.
WIDGETS = {
    "ours": """() => [document.querySelectorAll(".book-widget-place").length,
        document.querySelectorAll(".book-widget-place > .book-widget-alive:not(.book-widget-unseen)").length]""",
    "stock": """() => [document.querySelectorAll('script[type="application/vnd.jupyter.widget-view+json"]').length,
        document.querySelectorAll(".widget-subarea .book-widget").length]""",
}
# Runs before anything of the page does.
WATCH = """
window.bookWatch = { shift: 0, alive: null };
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) window.bookWatch.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
const look = setInterval(() => {
    if (document.readyState === "loading") return;
    const [all, alive] = (%s)();
    if (!all || alive < all) return;
    clearInterval(look);
    window.bookWatch.alive = performance.now();
}, 50);
"""


def measure():
    """Measure the pages of both chapters in both languages, and both sides in turn."""
    found = {"loads": LOADS, "slower": SLOWER, "connection": CONNECTION, "pages": {}}
    with browser() as chromium, site() as (folder, _), served(folder) as ours, served(stock.site()) as theirs:
        found["chromium"] = chromium.version
        for page in (f"chapters/{language}/{name}" for language in ("en", "ko") for name in PAGES):
            print(f"{page} …", flush=True)
            loads = {"ours": [], "stock": []}
            for _ in range(LOADS):
                loads["ours"].append(first_visit(chromium, f"{ours}/{page}.html", "ours"))
                loads["stock"].append(first_visit(chromium, f"{theirs}/{page}.html", "stock"))
            found["pages"][page] = loads
    return found


def first_visit(chromium, url, side):
    """Load a page as if for the first time, and return what was measured."""
    context = chromium.new_context(viewport=DESKTOP)
    page = context.new_page()
    page.add_init_script(WATCH % WIDGETS[side])
    traffic = Traffic(context.new_cdp_session(page))
    slowed(page, SLOWER)
    page.goto(url, wait_until="load", timeout=PATIENCE)
    page.wait_for_function("() => window.bookWatch.alive !== null", timeout=PATIENCE)
    while not traffic.is_over():
        page.wait_for_timeout(100)
        page.evaluate("() => new Promise(requestAnimationFrame)")  # when it has done what it is at
    seen = page.evaluate("""() => ({ ...window.bookWatch, paint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
        widgets: (%s)()[1] })""" % WIDGETS[side])
    context.close()
    if traffic.refused:
        raise RuntimeError(f"{url} asks for what is not on this machine: {', '.join(traffic.refused)}")
    return {**seen, "bytes": traffic.bytes, "requests": traffic.requests}


class Traffic:
    """A slow connection, and what comes over it."""

    def __init__(self, session):
        self.bytes, self.requests, self.urls, self.refused, self.last = 0, 0, {}, [], time.monotonic()
        session.on("Network.requestWillBeSent", self.begin)
        session.on("Network.loadingFinished", self.add)
        session.on("Network.loadingFailed", self.note)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", CONNECTION)

    def is_over(self):
        """Tell whether nothing has been asked for and nothing come to its end for some time."""
        return time.monotonic() - self.last > QUIET

    def begin(self, told):
        self.urls[told["requestId"]] = told["request"]["url"]
        self.last = time.monotonic()

    def add(self, told):
        self.last = time.monotonic()
        if self.urls.get(told["requestId"], "").startswith("http"):  # what a page makes itself has come already
            self.bytes += told["encodedDataLength"]
            self.requests += 1

    def note(self, told):
        # (A file that is missing is not refused: the manager of ipywidgets tries several places.)
        if told["errorText"] in ("net::ERR_NAME_NOT_RESOLVED", "net::ERR_BLOCKED_BY_CLIENT"):
            self.refused.append(self.urls[told["requestId"]])


def table(found):
    """Return the medians as a table, with the goals and how far from them we are."""
    rows = [["page, what", "ours", "stock", "ours by stock", "to reach", "reached"]]
    for page, loads in found["pages"].items():
        for what in GOALS:
            ours, theirs = (middle([load[what] for load in loads[side]]) for side in ("ours", "stock"))
            rows.append(row(f"{page.removeprefix('chapters/')}, {GOALS[what]['name']}", GOALS[what], ours, theirs))
    return [f"A first visit, in gzip, at {found['connection']['downloadThroughput'] * 8 / 1e6} Mbit/s and "
            f"{found['connection']['latency']} ms, with the page's processor {found['slower']} times slower; "
            f"medians of {found['loads']} loads", "", *aligned(rows)]


def row(name, goal, ours, theirs):
    """Return the cells of one line of the table."""
    ours, theirs = ours / goal["unit"], theirs / goal["unit"]
    shown = "{:.%df}" % goal["digits"]
    share = ours / theirs if theirs else float("inf")
    wanted, missed = [f"at most {goal['most']}"], []
    if ours > goal["most"]:
        missed.append(f"{shown.format(ours - goal['most'])} too much")
    if "share" in goal:
        wanted.append(f"{goal['share']:.2f} of stock")
        if share > goal["share"]:
            missed.append(f"{share - goal['share']:.2f} of stock too much")
    return [name, shown.format(ours), shown.format(theirs), f"{share:.2f}", ", ".join(wanted), "; ".join(missed) or "yes"]
