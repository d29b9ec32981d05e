"""Search: what a reader types, in either language, and what is found first."""

import json
import re

import pytest
import yaml
from py_mini_racer import MiniRacer
from sphinx.search.en import SearchEnglish

from helpers.site.search import SYNONYMS, plain
from tests.notebooks import LANGUAGES, ROOT
from tests.test_browser import open_page  # noqa: F401 (a fixture)

WANTED = yaml.safe_load((ROOT / "tests/search.yml").read_text(encoding="utf-8"))
CASES = [(code, query, section) for code in LANGUAGES for query, section in WANTED[code].items()]


@pytest.fixture(scope="module")
def engines(site):
    found = {}
    for code in LANGUAGES:
        found[code] = MiniRacer()
        for text in (SearchEnglish.js_stemmer_code, (site / f"_static/sections-{code}.js").read_text(encoding="utf-8"),
                     (ROOT / "helpers/site/static/search.js").read_text(encoding="utf-8")):
            found[code].eval(text)
    return found


def found(engines, code, query):
    """The ids of the sections that are found, the best first."""
    return json.loads(engines[code].eval(
        f"JSON.stringify(search({json.dumps(query)}, bookSections).map(({{ section }}) => section.href.split('#')[1]))"))


def test_there_are_enough_queries():
    assert all(len(WANTED[code]) >= 60 for code in LANGUAGES)


@pytest.mark.parametrize("code, query, section", CASES, ids=[f"{code}-{query}" for code, query, _ in CASES])
def test_the_section_is_found_first(engines, code, query, section):
    assert found(engines, code, query)[:1] == [section]


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_section_is_found_by_its_title(engines, code):
    titles = json.loads(engines[code].eval("JSON.stringify(bookSections.sections.map(s => [s.title, s.href.split('#')[1]]))"))
    assert len(titles) > 50
    unique = [(title, name) for title, name in titles if [other for other, _ in titles].count(title) == 1]
    missed = [title for title, name in unique if name not in found(engines, code, title)[:3]]
    assert missed == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_is_nowhere_is_not_found(engines, code):
    assert found(engines, code, "xylophone") == found(engines, code, "북극곰") == found(engines, code, "   ") == []


@pytest.mark.parametrize("word", ["편향", "잔차", "손실", "층", "학습률"])
@pytest.mark.parametrize("particle", ["은", "을", "의", "에서", "으로", "까지", "처럼"])
def test_a_particle_changes_nothing_of_what_is_first(engines, word, particle):
    if len(word) == 1:
        word = "은닉층"
    assert found(engines, "ko", word + particle)[:1] == found(engines, "ko", word)[:1] != []


@pytest.mark.parametrize("code", LANGUAGES)
def test_synonyms_lead_to_words_of_the_book(engines, code):
    for word, meant in SYNONYMS[code].items():
        assert any(found(engines, code, other) for other in meant), word


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_formula_is_left_as_debris(engines, code):
    text = engines[code].eval("bookSections.sections.map(s => s.text + s.title).join(' ')")
    assert not re.search(r"\\[a-z]{2,}|\$|mathbf|\{", text)


def test_formulas_are_short_words_or_left_out():
    assert plain(r"\mathbf{w}") == "w" and plain(r"\eta") == "η" and plain("n = 257") == "n = 257"
    assert plain(r"\frac{1}{n} \sum_i l^{(i)}") == "…"


QUERY = {"en": ("bias", "sec-weights-bias"), "ko": ("편향은", "sec-weights-bias")}


@pytest.mark.parametrize("file", [False, True], ids=["served", "file"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_reader_searches_from_a_page(open_page, code, file):  # noqa: F811
    page = open_page(f"chapters/{code}/multilayer-perceptron", file=file)
    page.keyboard.press("Control+k")
    query, section = QUERY[code]
    page.keyboard.type(query)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/chapters/{code}/search.html?q=*")
    first = page.locator(".book-search-found li").first
    assert first.locator("a").get_attribute("href") == f"linear-regression.html#{section}"
    assert first.locator("mark").count() >= 1 and len(first.inner_text()) < 600
    assert re.search(r"\d", page.locator(".book-search-said").text_content())
    assert page.locator("html").get_attribute("lang") == code
    # One link to the same search in the other language.
    other = page.locator(".book-search-other")
    assert other.count() == 1 and "?q=" in other.get_attribute("href")
    first.locator("a").click()
    page.wait_for_url(f"**/linear-regression.html#{section}")
    assert page.elsewhere == [] and page.errors == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_results_follow_what_is_typed_and_nothing_typed_is_executed(open_page, code):  # noqa: F811
    page = open_page(f"chapters/{code}/search")
    field = page.locator(".book-search input")
    field.fill("<img src=x onerror=document.title='broken'>")
    page.wait_for_timeout(400)
    assert page.locator(".book-search-found li").count() == 0 or "broken" not in page.title()
    field.fill("ReLU")
    page.wait_for_timeout(400)
    assert page.locator(".book-search-found li a").first.get_attribute("href").endswith("#sec-relu")
    assert page.title() != "broken" and page.errors == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_without_scripts_the_page_says_what_to_do(open_page, code):  # noqa: F811
    page = open_page(f"chapters/{code}/search", scripts=False)
    assert page.locator(".book-search noscript p").is_visible()
