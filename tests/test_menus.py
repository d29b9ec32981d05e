"""The menus at the top of a page (helpers/site/menus.py)."""

import pytest

from helpers.site.menus import with_menus
from tests.test_browser import VIEWS, open_page  # noqa: F401

MENUS = [".dropdown-launch-buttons", ".dropdown-download-buttons"]


def test_a_page_says_nothing_to_bootstrap(site):
    for path in site.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert "data-bs-" not in page and "bootstrap" not in page, path
    assert not list(site.rglob("*bootstrap*"))


def test_another_dropdown_than_that_of_a_header_stays():
    assert with_menus('<div class="dropdown">text</div>') == '<div class="dropdown">text</div>'


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("menu", MENUS)
def test_a_menu_opens_with_and_without_scripts(open_page, menu, scripts):  # noqa: F811
    page = open_page("chapters/en/linear-regression", scripts=scripts)
    button, items = page.locator(f"{menu} > summary"), page.locator(f"{menu} .dropdown-item")
    assert not items.first.is_visible()
    button.hover()
    assert not items.first.is_visible()
    button.click()
    assert all(item.is_visible() for item in items.all())
    box, width = page.locator(f"{menu} > ul").bounding_box(), page.viewport_size["width"]
    assert box["x"] >= 0 and box["x"] + box["width"] <= width


@pytest.mark.parametrize("view", VIEWS)
def test_a_menu_is_on_the_page(open_page, view):  # noqa: F811
    page = open_page("chapters/ko/linear-regression", view)
    width = page.viewport_size["width"]
    for menu in MENUS:
        page.locator(f"{menu} > summary").click()
        box = page.locator(f"{menu} > ul").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_menu_closes(open_page):  # noqa: F811
    page = open_page("chapters/en/linear-regression")
    first, second = (page.locator(f"{menu} > summary") for menu in MENUS)
    is_open = lambda: [page.locator(menu).evaluate("menu => menu.open") for menu in MENUS]  # noqa: E731
    first.click()
    assert is_open() == [True, False]
    second.click()  # the other one
    assert is_open() == [False, True]
    page.locator("article h1").first.click()
    assert is_open() == [False, False]
    second.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert is_open() == [False, True] and page.locator(f"{MENUS[1]} a").first.evaluate("link => link === document.activeElement")
    page.keyboard.press("Escape")
    assert is_open() == [False, False] and second.evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    page.locator("article a").first.focus()
    assert is_open() == [False, False]


def test_what_a_button_does_is_told_to_pointer_and_key(open_page):  # noqa: F811
    page = open_page("chapters/ko/linear-regression")
    buttons = page.locator(".article-header-buttons > :is(a, button):visible, .article-header-buttons > details > summary")
    assert buttons.count() >= 5
    for button in buttons.all():
        name = button.get_attribute("title")
        assert name and (button.get_attribute("aria-label") or name) == name
        page.keyboard.press("Tab")  # so that the browser shows what has the focus
        button.focus()
        assert button.evaluate("button => getComputedStyle(button, '::after').content") == f'"{name}"'
