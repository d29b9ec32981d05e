"""Barriers on the pages, as axe-core finds them."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.notebooks import LANGUAGES, pages
from tests.test_browser import open_page  # noqa: F401 (a fixture)

NAMES = ["index", "404", *(f"chapters/both/{page.stem}" for page in pages("en")),
         *(f"chapters/{code}/{name}" for code in LANGUAGES
           for name in (*(page.stem for page in pages(code)), "notation", "glossary", "teaching", "references", "search"))]


@pytest.mark.parametrize("view, scheme", [("desktop", "light"), ("phone", "dark")])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_on_a_page(open_page, name, view, scheme):  # noqa: F811
    page = open_page(name, view, scheme)
    if name.endswith("/search"):
        page.locator(".book-search input").fill("ReLU")
        page.wait_for_selector(".book-search-found li")
    else:
        page.wait_for_timeout(1000)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_wide_formula_is_moved_by_keys(open_page, code):  # noqa: F811
    page = open_page(f"chapters/{code}/linear-regression", "phone")
    wide = page.locator('math[display="block"][tabindex="0"]').first
    wide.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert wide.evaluate("e => e.scrollLeft") > 20
