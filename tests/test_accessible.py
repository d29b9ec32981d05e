"""Barriers on the pages, as axe-core finds them: every page in four looks, light and dark, on a desktop and a phone."""

import json

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.notebooks import LANGUAGES, pages
from tests.test_browser import VIEWS, open_page  # noqa: F401 (a fixture)

NAMES = ["index", "404", *(f"chapters/both/{page.stem}" for page in pages("en")),
         *(f"chapters/{code}/{name}" for code in LANGUAGES
           for name in (*(page.stem for page in pages(code)), "notation", "glossary", "teaching", "references", "search"))]
MENUS = ["launch-buttons", "download-buttons"]
# What a page holds, and how wide it is, changes what nearly every rule sees.  Light or dark changes colours alone.
COLOURS = ["color-contrast", "link-in-text-block"]
LOOKS = [("desktop", "light", None), ("phone", "dark", None), ("desktop", "dark", COLOURS), ("phone", "light", COLOURS)]

# Contrast takes axe four fifths of its time: it asks of each of ten thousand elements what lies under it.  Most are
# alike, such as the numbers in code.  So it is asked of three, the first, one amid and the last, of those with the
# same colour and size of letters, on the same grounds, in parts of the page that move alike, and in a second look of
# a page only of those that were not so in a look before (make test-long: of all, each time).
ALIKE = """() => {
    const tried = window.tried ??= new Set();
    const grounds = new Map([[null, ""]]), groups = new Map(), style = element => getComputedStyle(element);
    const ground = element => {
        if (!grounds.has(element)) {
            const { backgroundColor, backgroundImage, opacity, filter, position, display } = style(element);
            const own = [backgroundColor, backgroundImage, opacity, filter].join() + (position === "static" ? "" : position + element.className);
            const below = ground(element.parentElement);
            grounds.set(element, own === "rgba(0, 0, 0, 0),none,1,none" ? below : `${below}|${own}`);
        }
        return grounds.get(element);
    };
    document.querySelectorAll("[data-tried]").forEach(element => element.removeAttribute("data-tried"));
    for (const element of document.body.querySelectorAll("*")) {
        const says = element.matches("input, select, textarea") || [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (!says || !element.checkVisibility({ visibilityProperty: true })) continue;
        const { color, fill, fontSize, fontWeight, textShadow, textDecorationLine } = style(element);
        const key = [color, fill, fontSize, fontWeight, textShadow, textDecorationLine, ground(element)].join();
        groups.set(key, [...(groups.get(key) ?? []), element]);
    }
    for (const key of tried) groups.delete(key);
    for (const key of groups.keys()) tried.add(key);
    for (const alike of groups.values()) for (const at of [0, 0.5, 1]) alike[Math.floor(at * (alike.length - 1))].setAttribute("data-tried", "");
}"""


def barriers(page, rules=None, within=None, whole=False):
    """What axe finds on a page, or in a part of it: names of rules and the first element each."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    if not whole:
        page.evaluate(ALIKE)
        page.evaluate("() => axe.configure({rules: [{id: 'color-contrast', selector: '[data-tried]'}]})")
    options = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    return page.evaluate("""async ([within, options]) => (await axe.run(within ?? document, options)).violations
        .map(({ id, nodes }) => [id, nodes.length, nodes[0].html.slice(0, 200)])""", [within, options])


def open_ready(open_page, name):  # noqa: F811
    """Open a page, let its widgets come alive, and unfold what is folded: axe passes over what is not shown."""
    page = open_page(name)
    if name.endswith("/search"):
        page.locator(".book-search input").fill("ReLU")
        page.wait_for_selector(".book-search-found li")
    page.wait_for_function("""() => [...document.querySelectorAll(".book-widget-place")].every(
        place => place.querySelector(".book-widget-alive:not(.book-widget-unseen)"))""")
    page.evaluate("() => document.querySelectorAll('article details').forEach(fold => fold.open = true)")
    return page


def found_in_looks(page, looks=LOOKS, **options):
    found = {}
    for view, scheme, rules in looks:
        width, height = VIEWS[view]
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function("scheme => (document.documentElement.dataset.theme ?? scheme) === scheme", arg=scheme)
        page.wait_for_timeout(500)  # the theme's colours fade, and what has become too wide is noticed
        found[view, scheme] = barriers(page, rules, **options)
    return {look: them for look, them in found.items() if them}


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_on_a_page(open_page, name):  # noqa: F811
    # (Side by side stands what the pages of both languages have, which are looked at in all looks.)
    assert found_in_looks(open_ready(open_page, name), LOOKS[:2] if "/both/" in name else LOOKS) == {}


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_no_text_without_contrast(open_page, name):  # noqa: F811
    assert found_in_looks(open_ready(open_page, name), whole=True) == {}


@pytest.mark.parametrize("menu", MENUS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_axe_finds_nothing_in_a_menu(open_page, code, menu):  # noqa: F811
    page = open_page(f"chapters/{code}/linear-regression")
    page.locator(f".dropdown-{menu} > summary").click()
    page.locator("article").evaluate("article => article.remove()")  # it has been looked at
    assert found_in_looks(page, within=f".dropdown-{menu}") == {}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_wide_formula_is_moved_by_keys(open_page, code):  # noqa: F811
    page = open_page(f"chapters/{code}/linear-regression", "phone")
    wide = page.locator('math[display="block"][tabindex="0"]').first
    wide.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert wide.evaluate("e => e.scrollLeft") > 20
