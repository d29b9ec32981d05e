"""How fast the widgets answer, beside ``ipywidgets.interact`` with matplotlib drawing the same figure.

Two ways to move a figure by a slider, in the same Chromium, one after the other, the page's processor slowed to a
quarter (the kernel's is not, nor is the server's, and both sides have the machine's loopback for a network):

- ours: a page of the built site.  The widget's first slider is moved to 100 places, each a turn;
- theirs: a notebook in JupyterLab with a real kernel.  ``interact`` calls a function that draws the same figure
  (``benchmarks/figures.py``) as the inline backend does by default, a PNG; its slider is moved by 30 arrow keys.

On both sides *input to frame* is the time from the event until the page has produced the first frame with the new
picture.  *Redraw* is our widget's script in that frame; the aim is a p95 of at most 8 ms, half a frame, which is
told and not asserted.  *Kernel* is the time of their drawing alone.  Widgets that train are measured at a run of
120 steps, after each of which the redraw was measured too.

The same turns are made in five passes, each on a page opened anew.  Beside all redraws stands the *least* that each
took: in every pass it does the same, and what it took more came from another program, or from memory that the browser
cleared just then (so reckons Python's ``timeit``).  How unsteady the machine is, a *sum* shows that is always the same.

What is not held against ``interact``: it need not show a readout, and what can be computed once is kept.
"""

import re
import tempfile
from pathlib import Path

from benchmarks import ROOT, aligned, figures, middle, p95
from benchmarks.browser import DESKTOP, browser, site, slowed
from benchmarks.lab import end_sessions, lab, open_and_run, write_notebook
from tests.test_browser import ARRIVED

SLOWER = 4
WARM_UP, TURNS = 20, figures.STEPS - 20
PASSES = 5
KEYS_WARM_UP, KEYS = 5, 30
AIM = 8  # milliseconds
# What a reader would choose first, where there is no slider at once: three hidden units are seen in space.
CHOSEN = {"folded_plane": {"num_hiddens": "3"}}
# What can be done with a widget, and with which part of it.
ACTS = {"step": '[data-control="step"]', "draw": '[data-panel="paper"]', "slider": "input[type=range]"}
ALIVE = """() => {
    const places = [...document.querySelectorAll(".book-widget-place")];
    return places.length && places.every(place => !place.querySelector(".book-widget-still"));
}"""
TURN_BY_TURN, AFTER_KEY = ((ROOT / f"benchmarks/{name}.js").read_text(encoding="utf-8") for name in ("widgets", "interact"))


def measure():
    """Measure all widgets of the English pages (their twins are the same)."""
    found = {"slower": SLOWER, "aim_ms": AIM, "widgets": [], "sum": []}
    with browser() as chromium:
        found["chromium"] = chromium.version
        with site() as (folder, address):
            for path in sorted((folder / "chapters/en").glob("*.html")):
                if "book-widget-place" in path.read_text(encoding="utf-8"):
                    passes = [measure_page(chromium, f"{address}/chapters/en/{path.name}") for _ in range(PASSES)]
                    found["widgets"] += [together(widgets) for widgets in zip(*(widgets for widgets, _ in passes))]
                    found["sum"] += [turn for _, turns in passes for turn in turns]
        measure_interact(chromium, found["widgets"])
    return found


# ---- ours ----

def measure_page(chromium, url):
    """Measure all widgets of a page; before them, how steady the machine is."""
    page = chromium.new_page(viewport=DESKTOP)
    page.goto(url)
    page.wait_for_function(ALIVE)
    page.wait_for_function(ARRIVED)
    classes = page.evaluate("[...document.querySelectorAll('section.book-widget')].map(widget => widget.className)")
    names = [re.search(r"bw-(\w+)", text)[1] for text in classes]
    slowed(page, SLOWER)
    sums = measured(page, 0, "sum")["turns"]
    found = [measure_widget(page, number, name) for number, name in enumerate(names)]
    page.close()
    return found, sums


def together(widgets):
    """Return the same widget's passes as one: of each thing that can be done with it, the turns pass by pass."""
    first = widgets[0]
    return {"name": first["name"]} | {what: {"moved": first[what]["moved"], "passes": [widget[what]["turns"] for widget in widgets]}
                                      for what in ACTS if what in first}


def measured(page, number, what):
    return page.evaluate(TURN_BY_TURN, {"number": number, "what": what, "warmUp": WARM_UP, "turns": TURNS})


def measure_widget(page, number, name):
    """Measure a widget: first its steps or its drawing, if it has such, and then its first slider."""
    print(f"{name} on its page …", flush=True)
    widget = page.locator("section.book-widget").nth(number)
    for control, value in CHOSEN.get(name, {}).items():
        widget.locator(f'select[data-control="{control}"]').select_option(value)
    if not widget.locator("input[type=range]:visible").count():
        widget.locator("summary").first.click()  # its sliders are under "More"
    found = {"name": name}
    for what in [what for what, where in ACTS.items() if widget.locator(where).count()]:
        found[what] = measured(page, number, what)
    return found


# ---- theirs ----

def measure_interact(chromium, widgets):
    """Add to each widget what ``interact`` needs for the same figure."""
    with tempfile.TemporaryDirectory() as folder, lab(Path(folder)) as address:
        for widget in widgets:
            if widget["name"] in figures.FIGURES:
                print(f"{widget['name']} by interact …", flush=True)
                widget["interact"] = measure_figure(chromium, address, Path(folder) / "work", widget["name"])


def measure_figure(chromium, address, folder, name):
    """Open a notebook with a figure, and move its slider key by key."""
    log = folder / f"{name}.txt"
    write_notebook(folder / f"{name}.ipynb", f"from benchmarks import figures\nfigures.interact_with({name!r}, {str(log)!r})")
    page = chromium.new_page(viewport=DESKTOP)
    open_and_run(page, address, f"{name}.ipynb")
    page.wait_for_selector(".jp-OutputArea-output img", timeout=120_000)
    slowed(page, SLOWER)
    handle = page.locator(".widget-slider [role=slider]").first
    keys, key = [], "ArrowRight"
    for _ in range(KEYS_WARM_UP + KEYS):
        key = turned_back(handle, key)
        keys.append(after_key(page, handle, key))
    page.close()
    end_sessions(address)
    kernel = [float(line) for line in log.read_text().split()]
    return {"keys": keys[KEYS_WARM_UP:], "kernel": kernel[-KEYS:]}


def turned_back(handle, key):
    """Return the key that moves the slider on, or back where it has come to an end."""
    now, low, high = (float(handle.get_attribute(f"aria-value{what}")) for what in ("now", "min", "max"))
    return "ArrowLeft" if now >= high else "ArrowRight" if now <= low else key


def after_key(page, handle, key):
    """Press a key, and return how long the new picture took."""
    page.wait_for_timeout(150)  # until nothing of the last one is left to do
    handle.focus()
    page.evaluate(AFTER_KEY)
    page.keyboard.press(key)
    return page.evaluate("Promise.race([window.frameAfterKey, new Promise((_, failed) => setTimeout(() => failed("
                         "new Error('no new picture within 30 seconds')), 30000))])")


# ---- what is told ----

def table(found):
    """Return the figures as a table, in milliseconds."""
    rows = [["widget, what is moved", "redraw median", "p95", "the least: median", "p95", "input to frame median", "p95",
             "interact median", "p95", "ratio", "its kernel"]]
    for widget in found["widgets"]:
        rows += [row(widget, what) for what in reversed(ACTS) if what in widget]
    sums = [turn["redraw"] for turn in found["sum"]]
    return [f"Widgets, in milliseconds, with the page's processor {found['slower']} times slower", "", *aligned(rows), "",
            f"a sum that is always the same: median {middle(sums):.1f}, p95 {p95(sums):.1f}", "",
            "ratio: input to frame with interact by that with the widget, medians",
            f"redraw p95 of at most {found['aim_ms']} ms: {verdict(rows, 2, found['aim_ms'])}; "
            f"by the least of {PASSES} passes: {verdict(rows, 4, found['aim_ms'])}"]


def verdict(rows, column, aim):
    """Say of which rows a column is above the aim."""
    slow = [cells[0] for cells in rows[1:] if float(cells[column]) > aim]
    return f"above it: {'; '.join(slow)}" if slow else "met by all"


def row(widget, what):
    """Return the cells of one line of the table."""
    passes = widget[what]["passes"]
    redraw, frame = ([turn[part] for turns in passes for turn in turns] for part in ("redraw", "frame"))
    least = [min(turn["redraw"] for turn in same) for same in zip(*passes)]
    theirs = widget.get("interact") if what == "slider" else None
    compared = ["", "", "", ""] if theirs is None else [
        f"{middle(theirs['keys']):.0f}", f"{p95(theirs['keys']):.0f}", f"{middle(theirs['keys']) / middle(frame):.1f}",
        f"{middle(theirs['kernel']):.0f}"]
    ours = [f"{how(times):.1f}" for times in (redraw, least, frame) for how in (middle, p95)]
    return [f"{widget['name']}, {widget[what]['moved']}", *ours, *compared]
