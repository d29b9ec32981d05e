"""While a page arrives, what is below the window is not laid out; afterwards nothing of this is left."""

from types import SimpleNamespace

import pytest
from sphinx.errors import ExtensionError

from helpers.site import theme
from tests.test_browser import PAGES, opener

open_page = pytest.fixture(opener)
SECTIONS = "article section > section"
NOT_YET = f"""() => [...document.querySelectorAll("{SECTIONS}")].filter(e => getComputedStyle(e).contentVisibility === "auto").length"""
# Before any script of the page runs: looks when the page has been read.
LOOK = "addEventListener('DOMContentLoaded', () => { window.bookNotYet = (%s)(); }, true);" % NOT_YET
PLACES = """contained => {
    for (const place of document.querySelectorAll("article section > section, article section > section > :is(.cell, figure)")) place.style.contain = contained ? "layout style paint" : "";
    return [...document.querySelectorAll("article section > *")].map(e => Math.round(e.getBoundingClientRect().top + scrollY));
}"""


@pytest.fixture
def arrive(browser, address):
    """A function that opens a page, and returns it with how many sections were not laid out when it had been read."""
    contexts = []

    def open_it(name, **options):
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}, **options))
        page = contexts[-1].new_page()
        page.add_init_script(LOOK)
        page.goto(f"{address}/{name}")
        return page

    yield open_it
    for context in contexts:
        context.close()


@pytest.mark.parametrize("name", PAGES[1:])
def test_sections_wait_until_the_page_has_arrived_and_then_no_more(arrive, name):
    page = arrive(f"{name}.html")
    count = page.locator(SECTIONS).count()
    assert page.evaluate("window.bookNotYet") == count > 0
    page.wait_for_function(f"() => !({NOT_YET})()")
    assert page.locator(f"{SECTIONS}.book-laid-out").count() == count
    page.wait_for_function("() => !document.documentElement.hasAttribute('data-arriving')")  # nothing is asked any more


def test_a_link_into_a_page_leads_to_its_place(arrive):
    page = arrive("chapters/en/multilayer-perceptron.html#sec-mlp-exercises")
    assert page.evaluate(NOT_YET) == 0
    top = page.locator("#sec-mlp-exercises").evaluate("e => e.getBoundingClientRect().top")
    assert 0 <= top < 200


def test_so_does_a_link_on_it_that_is_followed_at_once(arrive):
    page = arrive("chapters/en/multilayer-perceptron.html", reduced_motion="reduce")
    page.evaluate("""document.querySelector('article a[href="#sec-mlp-exercises"], nav a[href="#sec-mlp-exercises"]').click()""")
    page.wait_for_function(f"() => !({NOT_YET})()")
    page.wait_for_timeout(300)
    top = page.locator("#sec-mlp-exercises").evaluate("e => e.getBoundingClientRect().top")
    assert 0 <= top < 200


def test_a_reader_who_comes_back_finds_the_place_again(arrive):
    page = arrive("chapters/ko/multilayer-perceptron.html")
    page.wait_for_function(f"() => !({NOT_YET})()")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight * 0.7)")
    place = page.evaluate("scrollY")
    assert place > 5000
    page.reload()
    page.wait_for_function("place => scrollY === place", arg=place)
    page.goto(page.url.replace("/multilayer-perceptron", "/linear-regression"))
    page.go_back()
    page.wait_for_function("place => scrollY === place", arg=place)


def test_without_scripts_nothing_waits(arrive):
    page = arrive("chapters/en/linear-regression.html", java_script_enabled=False)
    # (Chromium cannot be asked for styles from outside; what is not laid out has no place.)
    assert page.locator("#sec-linear-regression-summary p").first.bounding_box()["height"] > 20


@pytest.mark.parametrize("view", ["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES[1:])
def test_what_is_seen_does_not_move_when_all_is_laid_out(open_page, name, view):
    page = open_page(name, view)
    assert page.evaluate(PLACES, True) == page.evaluate(PLACES, False)


def test_the_theme_does_not_take_the_focus_from_code(open_page):
    page = open_page("chapters/en/linear-regression", "phone")
    page.wait_for_timeout(500)
    assert page.locator('pre[tabindex="-1"]').count() == 0
    wide = page.locator("article div.highlight pre").evaluate_all(
        "es => es.filter(e => e.checkVisibility()).map(e => [e.scrollWidth > e.clientWidth, e.tabIndex])")
    assert {(True, 0), (False, -1)} == set(map(tuple, wide))


@pytest.mark.parametrize("script", ["", "(function(){other()})();"])
def test_another_script_of_the_theme_fails_the_build(tmp_path, script):
    (tmp_path / "_static/scripts").mkdir(parents=True)
    (tmp_path / "_static" / theme.PROGRAM).write_text(script)
    app = SimpleNamespace(outdir=tmp_path, builder=SimpleNamespace(format="html"))
    with pytest.raises(ExtensionError, match="asks for sizes in another way"):
        theme.without_questions(app, None)
