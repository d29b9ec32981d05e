"""Every formula of the book beside MathJax's, in Chromium and in Firefox.

Makes sheets to look at, in ``_build/bench/formulas``: each row has the TeX of a formula, the MathML of our pages and the
drawing that MathJax makes of the same TeX, both at the size of the text.  Each sheet is there as a page and as pictures.
(Firefox, on Debian: apt-get install firefox-esr.  Without it there are those of Chromium alone.)

What can be told in numbers is told: how wide and how high ours are, by MathJax's, in Chromium.
"""

import re
import shutil
import statistics
import subprocess
import tempfile
from html import escape, unescape

from benchmarks import ROOT, aligned, stock
from benchmarks.browser import browser, site
from benchmarks.server import served

FOLDER = ROOT / "_build/bench/formulas"
FORMULA = re.compile(r'<math display="(\w+)".*?<annotation[^>]*>(.*?)</annotation>.*?</math>', re.DOTALL)
ROWS = 24  # on a sheet
WIDTH, HEIGHT = 900, 1500
SHEET = """<!DOCTYPE html>
<html lang="en" data-theme="light">
<meta charset="utf-8"><title>Formulas</title>
<link rel="stylesheet" href="../../html/_static/{style}">
<style>
body {{ margin: 1rem; font-size: 1.25rem; display: block }}
table {{ width: 100%; table-layout: fixed; border-collapse: collapse }}
td {{ border: 1px solid #ccc; padding: 0.25rem 0.5rem; vertical-align: middle }}
td:first-child {{ width: 18%; font: 0.65rem monospace; overflow-wrap: anywhere }}
td svg {{ overflow: visible }}
</style>
<table><tr><td>TeX<td>ours<td>MathJax</tr>
{rows}</table>
</html>
"""
DRAW = """async formulas => {
    await MathJax.startup.promise;
    return formulas.map(([tex, display]) => MathJax.tex2svg(tex, { display }).querySelector("svg").outerHTML);
}"""
# The sizes of all formulas of a sheet: [width, height] of ours and of MathJax's.  (What is displayed is as wide as its place;
# what is in it is not.)
SIZES = """() => [...document.querySelectorAll("tr")].slice(1).map(row => ["math > semantics > :first-child", "svg"].map(name => {
    const { width, height } = row.querySelector(name).getBoundingClientRect();
    return [width, height];
}))"""


def formulas(folder):
    """Return the distinct formulas of a site, as (TeX, whether it is displayed) → MathML."""
    found = {}
    for path in sorted((folder / "chapters").glob("??/*.html")):
        for formula in FORMULA.finditer(path.read_text(encoding="utf-8")):
            found.setdefault((unescape(formula[2]), formula[1] == "block"), formula[0])
    return found


def drawn_by_mathjax(chromium, keys):
    """Return what MathJax draws of some formulas, as SVG."""
    stock.site()
    page = chromium.new_page()
    with served(stock.package("mathjax@3")) as address:
        page.goto(f"{address}/package.json")
        page.add_script_tag(content="window.MathJax = { svg: { fontCache: 'none' } }")
        page.add_script_tag(url=f"{address}/es5/tex-svg-full.js")
        drawings = page.evaluate(DRAW, keys)
    page.close()
    return drawings


def measure():
    """Make the sheets, and measure the formulas on them."""
    sizes, firefox = [], []
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with browser() as chromium, site() as (folder, _), served(ROOT / "_build") as address:
        found = formulas(folder)
        drawings = drawn_by_mathjax(chromium, list(found))
        style = re.search(r"_static/(book-\w+\.css)", (folder / "chapters/en/linear-regression.html").read_text(encoding="utf-8"))[1]
        rows = [f"<tr><td>{escape(tex)}<td>a {mathml} a<td>a {drawing} a</tr>\n" if not displayed else f"<tr><td>{escape(tex)}<td>{mathml}<td>{drawing}</tr>\n"
                for ((tex, displayed), mathml), drawing in zip(found.items(), drawings)]
        page = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for number, start in enumerate(range(0, len(rows), ROWS), 1):
            name = f"{number:02d}.html"
            (FOLDER / name).write_text(SHEET.format(style=style, rows="".join(rows[start:start + ROWS])), encoding="utf-8")
            url = f"{address}/bench/formulas/{name}"
            page.goto(url)
            page.evaluate("() => document.fonts.ready.then(() => undefined)")
            sizes += page.evaluate(SIZES)
            page.screenshot(path=FOLDER / f"{number:02d}-chromium.png", full_page=True)
            firefox.append(by_firefox(url, FOLDER / f"{number:02d}-firefox.png"))
        return {"sheets": number, "chromium": chromium.version, "firefox": firefox[0],
                "sizes": [{"tex": tex, "ours": ours, "mathjax": theirs} for (tex, _), (ours, theirs) in zip(found, sizes)]}


def by_firefox(url, target):
    """Take a picture of a page in Firefox, if there is one; return its version."""
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    if firefox is None:
        return None
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run([firefox, "--headless", "--profile", profile, f"--window-size={WIDTH},{HEIGHT}", "--screenshot", str(target), url],
                       capture_output=True, timeout=120, check=True)
    told = subprocess.run([firefox, "--version"], capture_output=True, text=True, check=True).stdout
    return told.strip().removeprefix("Mozilla Firefox ")


def table(found):
    """Return how the sizes of our formulas spread around those of MathJax, and where the sheets are."""
    rows = [["ours by MathJax's", "least", "5 of 100 below", "median", "5 of 100 above", "most"]]
    for k, side in enumerate(("width", "height")):
        ratios = [formula["ours"][k] / formula["mathjax"][k] for formula in found["sizes"]]
        cuts = statistics.quantiles(ratios, n=20, method="inclusive")
        rows.append([side, *(f"{ratio:.2f}" for ratio in (min(ratios), cuts[0], statistics.median(ratios), cuts[-1], max(ratios)))])
    firefox = f"Firefox {found['firefox']}" if found["firefox"] else "not in Firefox, which is not on this machine"
    return [f"{len(found['sizes'])} formulas beside MathJax's, to be looked at in Chromium {found['chromium']} and {firefox}", "",
            *aligned(rows), "", f"{found['sheets']} sheets: {FOLDER}"]
