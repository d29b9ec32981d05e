"""The glossary: terms in step in both languages, each with a place, and first uses that lead there."""

import re
from functools import cache

import pytest
from bs4 import BeautifulSoup
from docutils.nodes import reference

from helpers.site.glossary import ENTRY, identifier, key_of, linked, pattern
from tests.notebooks import CHAPTERS, LANGUAGES, pages
from tests.test_browser import open_page  # noqa: F401 (a fixture)

STEMS = [page.stem for page in pages("en")]
ITEM = re.compile(r"^(?P<term>.+)\n: (?P<meaning>.+) → \{ref\}`(?:en|ko)-(?P<place>[\w-]+)`$", re.MULTILINE)
MEANT = {"en": "bias", "ko": "편향"}


def entries(code):
    """Return ``[(English word, Korean word, section that teaches it)]`` in the order of the page."""
    found = []
    for item in ITEM.finditer((CHAPTERS / code / "glossary.md").read_text(encoding="utf-8")):
        words = ENTRY.fullmatch(item["term"])
        own, other = words["own"], words["other"] or words["own"]
        found.append((own, other, item["place"]) if code == "en" else (other, own, item["place"]))
    return found


@cache
def tree(site, name):
    return BeautifulSoup((site / f"chapters/{name}.html").read_text(encoding="utf-8"), "html.parser")


def test_both_languages_have_the_same_terms():
    assert len(entries("en")) > 45
    assert sorted(entries("en")) == sorted(entries("ko"))
    assert len({english for english, _, _ in entries("en")}) == len(entries("en"))
    for code in LANGUAGES:  # nothing on the page is left out by the pattern above
        assert len(re.findall(r"^: ", (CHAPTERS / code / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)) == len(entries(code))


@pytest.mark.parametrize("code", LANGUAGES)
def test_terms_stand_in_alphabetical_order(code):
    words = [(english if code == "en" else korean).lower() for english, korean, _ in entries(code)]
    assert words == sorted(words)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_term_is_used_in_the_section_that_teaches_it(site, code):
    for english, korean, place in entries(code):
        word = english if code == "en" else korean
        found = [page.find(id=place) for stem in STEMS if (page := tree(site, f"{code}/{stem}")).find(id=place)]
        assert len(found) == 1, place
        text = " ".join(found[0].get_text(" ").split())
        assert pattern((word,)).search(text), (word, place)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_term_has_its_place_and_the_other_word(site, code):
    page = tree(site, f"{code}/glossary")
    other = next(found for found in LANGUAGES if found != code)
    for english, korean, place in entries(code):
        term = page.find("dt", id=identifier(english))
        own, theirs = (english, korean) if code == "en" else (korean, english)
        assert term.get_text(" ", strip=True).split() == (f"{own} {theirs}" if own != theirs else own).split()
        assert own == theirs or term.find(lang=other).get_text() == theirs
        meaning = term.find_next("dd")
        assert meaning.find("a", href=re.compile(rf"\.html#{place}$"))


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_first_use_of_every_term_leads_to_it(site, code):
    everywhere = set()
    for stem in STEMS:
        page, targets = tree(site, f"{code}/{stem}"), []
        for link in page.find_all("a", class_="book-term"):
            address, place = link["href"].split("#")
            assert address == "glossary.html" and not link.find_parent(["a", "h1", "h2", "h3", "code", "figcaption"])
            targets.append(place)
        assert len(targets) == len(set(targets)) > 25  # once a page
        everywhere |= set(targets)
    assert everywhere == {identifier(english) for english, _, _ in entries(code)}


@pytest.mark.parametrize("words, terms, expected", [
    ("A gradient, gradient descent, and gradients.", ["gradient", "gradient descent"], ["gradient", "gradient descent"]),
    ("Hidden layers have hidden\nunits.", ["hidden unit", "hidden layer"], ["Hidden layers", "hidden\nunits"]),
    ("For example, unbiased: one example has a bias.", ["bias", "example"], ["example", "bias"]),
    ("확률적 경사 하강법은 경사 하강법입니다.", ["경사 하강법", "확률적 경사 하강법"], ["확률적 경사 하강법", "경사 하강법"]),
    ("샘플링과 재샘플이 아니라 샘플을 셉니다. ReLU는", ["샘플", "ReLU"], ["샘플", "ReLU"]),
])
def test_what_is_a_use_of_a_term(words, terms, expected):
    nodes = linked(words, {term: identifier(term) for term in terms}, "glossary.html")
    assert "".join(node.astext() for node in nodes) == words
    assert [node.astext() for node in nodes if isinstance(node, reference)] == expected


def test_a_plural_is_its_singular():
    assert key_of("Hidden  Units", ["hidden unit", "hidden layer"]) == "hidden unit"


@pytest.mark.parametrize("file", [False, True], ids=["served", "file"])
@pytest.mark.parametrize("code", LANGUAGES)
def test_a_reader_looks_a_word_up_and_comes_back(open_page, code, file):  # noqa: F811
    page = open_page(f"chapters/{code}/linear-regression", file=file)
    link = page.locator('a.book-term[href$="#term-bias"]')
    assert link.text_content().strip() == MEANT[code]
    link.click()
    page.wait_for_url("**/glossary.html#term-bias")
    assert page.locator("#term-bias").is_visible()
    page.locator("dt#term-bias + dd a").click()
    page.wait_for_url("**/linear-regression.html#sec-weights-bias")
    assert page.errors == [] and page.elsewhere == []
