"""The theme's few icons as drawings in the page, in place of the script and the fonts that hold two thousand.

The script would be most of a page's weight, and looks at every change that a widget makes to its drawing.
The drawings themselves are taken from it: Font Awesome Free, CC BY 4.0, https://fontawesome.com/license/free
"""

import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pydata_sphinx_theme

from helpers.site.finish import finish_pages_with

SCRIPT = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static/scripts/fontawesome.js"
PACKS = {"fas": "fas", "fa": "fas", "fa-solid": "fas", "fab": "fab", "fa-brands": "fab", "far": "far", "fa-regular": "far"}
PLACE = re.compile(r'<(i|span) class="([^"]*\bfa[srb]?[ -][^"]*)"([^>]*)></\1>')
LOADED = re.compile(r'\s*<!--[^>]*-->\s*<script defer src="[^"]*/fontawesome\.js[^"]*"></script>')
# The signs before the titles of boxes, which are not in the page but in style sheets.
SIGNS = {"div.admonition > p.admonition-title::after": "circle-info", "div.exercise > p.admonition-title.admonition-title::after": "pencil"}


@cache
def _script():
    return SCRIPT.read_text(encoding="utf-8")


@cache
def icon(pack, name):
    """Return an icon as (width, height, path).

    Parameters
    ----------
    pack : str
        ``"fas"``, ``"fab"`` or ``"far"``.
    name : str
        As Font Awesome calls it, such as ``"magnifying-glass"``.

    Raises
    ------
    LookupError
        If the theme's Font Awesome has no such icon.
    """
    # A pack is a list of its icons, and then a call that takes it in under its name.
    start, end = 0, 0
    for taken_in in re.finditer(r'\("(fa[srb])",\w+\)', _script()):
        start, end = end, taken_in.end()
        if taken_in[1] == pack:
            break
    else:
        raise LookupError(f"pack must be 'fas', 'fab' or 'far', got {pack!r}")
    own = re.compile(rf'[{{,]"?{re.escape(name)}"?:\[(\d+),(\d+),\[[^\]]*\],"\w+","([^"]+)"\]')
    found = own.search(_script(), start, end)
    if not found:
        raise LookupError(f"name must be one of the icons in {pack}, got {name!r}")
    return found.groups()


def drawn(place):
    """Return the drawing for a match of :data:`PLACE`."""
    _, classes, rest = place.groups()
    names = classes.split()
    pack = next(PACKS[name] for name in names if name in PACKS)
    name = next(name for name in names if name.startswith("fa-") and name not in PACKS and name != "fa-lg")
    width, height, path = icon(pack, name.removeprefix("fa-"))
    kept = " ".join(["book-icon", *(name for name in names if name in {"fa-lg", "theme-switch"})])
    mode = re.search(r'\bdata-mode="\w+"', rest)
    return (f'<svg class="{kept}"{" " + mode[0] if mode else ""} viewBox="0 0 {width} {height}" aria-hidden="true">'
            f'<path fill="currentColor" d="{path}"/></svg>')


def with_icons(page, context):
    return PLACE.sub(drawn, LOADED.sub("", page))


def signs():
    """Return the style sheet of the signs."""
    rules = []
    for place, name in SIGNS.items():
        width, height, path = icon("fas", name)
        drawing = quote(f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'><path d='{path}'/></svg>")
        rules.append(f'{place} {{\n  content: "";\n  background: currentColor;\n  mask: url("data:image/svg+xml,{drawing}") center / contain no-repeat;\n}}\n')
    return "\n".join(rules)


def write_signs(app):
    if app.builder.format == "html":
        folder = Path(app.outdir) / "_static"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "icons.css").write_text(signs(), encoding="utf-8")
        app.add_css_file("icons.css")


def setup(app):
    app.connect("builder-inited", lambda app: finish_pages_with(app, with_icons))
    app.connect("builder-inited", write_signs)
