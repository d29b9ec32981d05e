"""Every formula of the book beside MathJax's, in Chromium and in Firefox: ``python -m benchmarks.formulas``.

Makes sheets to look at, in ``_build/bench/formulas``: each row has the TeX of a formula, the MathML of our pages and the
drawing that MathJax makes of the same TeX, both at the size of the text.  Each sheet is there as a page and as pictures.
(Firefox, on Debian: apt-get install firefox-esr.  Without it there are those of Chromium alone.)
"""

import re
import shutil
import subprocess
import sys
import tempfile
from html import escape, unescape

from benchmarks import ROOT, stock
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


def main():
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
            page.screenshot(path=FOLDER / f"{number:02d}-chromium.png", full_page=True)
            by_firefox(url, FOLDER / f"{number:02d}-firefox.png")
    print(f"{len(found)} formulas: {FOLDER}")


def by_firefox(url, target):
    """Take a picture of a page in Firefox, if there is one."""
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    if firefox is None:
        return
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run([firefox, "--headless", "--profile", profile, f"--window-size={WIDTH},{HEIGHT}", "--screenshot", str(target), url],
                       capture_output=True, timeout=120, check=True)


if __name__ == "__main__":
    sys.exit(main())
