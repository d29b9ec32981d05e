"""The view with both languages side by side."""

import re

import pytest
from bs4 import BeautifulSoup

from helpers.site.side_by_side import joined
from tests.notebooks import LANGUAGES, pages
from tests.test_browser import ALIVE, open_page  # noqa: F401 (a fixture)

STEMS = [page.stem for page in pages("en")]


def article(site, folder, stem):
    return BeautifulSoup((site / f"chapters/{folder}/{stem}.html").read_text(encoding="utf-8"), "html.parser").find("article")


def paragraphs(tree):
    for link in tree.find_all("a", class_=["headerlink", "book-twin"]):
        link.decompose()
    return [text for p in tree.find_all(["p", "h1", "h2", "h3", "li"]) if (text := p.get_text(" ", strip=True))]


@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("code", LANGUAGES)
def test_every_paragraph_of_both_languages_is_there_in_order(site, stem, code):
    def own_words(tree):
        for part in tree.find_all(class_=["cell", "book-widget-place"]):
            part.decompose()  # words of widgets and of folded code stand once, in English
        return paragraphs(tree)

    there = iter(own_words(article(site, "both", stem)))
    wanted = own_words(article(site, code, stem))
    assert len(wanted) > 100
    assert [text for text in wanted if not any(text == other for other in there)] == []


@pytest.mark.parametrize("stem", STEMS)
def test_paragraphs_stand_in_pairs(site, stem):
    both = article(site, "both", stem)
    rows = both.find_all(class_="book-pair")
    assert len(rows) > 80
    for row in rows:
        columns = row.find_all("div", recursive=False)
        assert [column["lang"] for column in columns] == list(LANGUAGES)
        assert len({column.find(True).name for column in columns}) == 1
        assert not columns[0].find("section", id=True)  # no section had to be taken as a whole
    korean = " ".join(row.find_all("div", recursive=False)[1].get_text(" ") for row in rows)
    for text in article(site, "ko", stem).find_all("p", string=re.compile("[가-힣]{4}")):
        assert text.get_text() in korean or text.find_parent(class_=["book-widget", "book-widget-place", "cell"]) or text.find_parent("figcaption")


@pytest.mark.parametrize("stem", STEMS)
def test_names_are_unique_and_links_lead_somewhere(site, stem):
    folder = site / "chapters/both"
    html = (folder / f"{stem}.html").read_text(encoding="utf-8")
    names = re.findall(r'\sid="([^"]+)"', html)
    assert len(names) == len(set(names))
    for href in re.findall(r'<a [^>]*href="([^"#:]+)(?:#[^"]*)?"', html):
        assert (folder / href).resolve().exists(), href
    for place in re.findall(r'<a [^>]*href="#([^"]+)"', html):
        assert place in names, place


@pytest.mark.parametrize("code", LANGUAGES)
def test_it_is_one_click_away_and_its_widgets_live(open_page, code):  # noqa: F811
    page = open_page(f"chapters/{code}/linear-regression", scripts=True)
    page.locator("a.book-both").click()
    page.wait_for_url("**/chapters/both/linear-regression.html*")
    page.wait_for_function(ALIVE)
    left, right = (page.locator(f".book-pair > div[lang={lang}]").nth(1).bounding_box() for lang in LANGUAGES)
    assert left["y"] == right["y"] and left["x"] + left["width"] < right["x"]
    page.locator("a.book-language[lang=ko]").click()
    page.wait_for_url("**/chapters/ko/linear-regression.html*")
    assert page.errors == [] and page.elsewhere == []


@pytest.mark.parametrize("view", ["phone", "narrow"])
def test_on_a_phone_one_stands_below_the_other(open_page, view):  # noqa: F811
    page = open_page("chapters/both/multilayer-perceptron", view)
    upper, lower = (page.locator(f".book-pair > div[lang={lang}]").nth(1).bounding_box() for lang in LANGUAGES)
    assert upper["x"] == lower["x"] and upper["y"] < lower["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_blocks_that_do_not_match_are_paired_as_a_whole():
    soup = BeautifulSoup("<section id='a'><p>One.</p><p>Two.</p></section><section><p>하나.</p></section>", "html.parser")
    section = joined(soup, *soup.find_all("section"))
    assert len(section.find_all(class_="book-pair")) == 1 and "Two." in section.get_text() and "하나." in section.get_text()
