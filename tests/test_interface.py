"""The words around the pages, and the ways between the two languages."""

import json
import re
import xml.etree.ElementTree as ET

import pytest
from bs4 import BeautifulSoup, NavigableString

from helpers.site.interface import COPIED, KOREAN, in_korean
from tests.notebooks import LANGUAGES, ROOT, pages
from tests.test_browser import open_page  # noqa: F401 (a fixture)
from tests.test_site import ADDRESS

CHAPTERS = [f"chapters/{code}/{page.stem}" for code in LANGUAGES for page in pages(code)] + [
    f"chapters/{code}/{name}" for code in LANGUAGES for name in ("notation", "glossary", "teaching", "references")]
OTHER = {"en": "ko", "ko": "en"}
# Names, which read the same in both languages.
NAMES = {"A|가", "ReLU", "tanh", "Binder", "Ctrl", ".ipynb", ".md", ".pdf", "GitHub", "JupyterLab"}
SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-bs-title")
SILENT = {"script", "style", "math", "pre", "code", "svg"}


def words_of(html):
    """What stands on a page or is read aloud, outside of what the authors wrote: pairs of language and text."""
    soup = BeautifulSoup(html, "html.parser")
    for part in soup.find_all(["article", *SILENT]):
        part.decompose()
    found = []
    for element in soup.find_all(True):
        texts = [element[name] for name in SPOKEN if element.get(name)]
        texts += [text.strip() for text in element.find_all(string=True, recursive=False) if type(text) is NavigableString]
        lang = element.get("lang") or element.find_parent(lang=True) and element.find_parent(lang=True)["lang"]
        found += [(lang, text) for text in texts if text and lang]
    return found


def wrong(words):
    """The words that are not in the language that they are said to be in."""
    for lang, text in words:
        if text in NAMES:
            continue
        hangul, latin = re.search("[가-힣]", text), re.search("[A-Za-z]{2,}", text)
        if lang == "en" and hangul or lang == "ko" and latin and not hangul:
            yield text


@pytest.mark.parametrize("name", CHAPTERS)
def test_words_around_a_page_are_in_its_language(site, name):
    html = (site / f"{name}.html").read_text(encoding="utf-8")
    found = words_of(html)
    assert len(found) > 30
    assert list(wrong(found)) == []
    # The other language is named by its switch, and in its own words.
    assert {lang for lang, _ in found} == set(LANGUAGES)


@pytest.mark.parametrize("name", [name for name in CHAPTERS if "/ko/" in name])
def test_no_words_of_the_tools_are_left_in_a_korean_article(site, name):
    html = (site / f"{name}.html").read_text(encoding="utf-8")
    article = html[html.index("<article"):html.index("</article>")]
    said = [match[2] for match in re.finditer(r'\b(title|aria-label)="([^"]+)"', article)]
    tools = [text for text in said if not re.search("[가-힣]", text) and "." not in text and re.search("[A-Za-z]{3}", text)]
    assert [text for text in tools if not text.startswith(("Read this", "w_", "x_"))] == []


def test_the_catalogue_is_translated():
    for english, korean in KOREAN.items():
        assert korean.strip() and not re.search("[가-힣]", english)
        assert re.search("[가-힣]", korean) or english.startswith("©"), english
        assert re.findall(r"%\(?\w*\)?s", english) == re.findall(r"%\(?\w*\)?s", korean)
    assert set(COPIED.values()) <= set(KOREAN)


def test_only_what_is_spoken_is_translated():
    assert in_korean('<a title="Search" href="Search">Search</a>') == '<a title="검색" href="Search">Search</a>'
    assert in_korean("let toggleHintShow = 'Click to show';") == "let toggleHintShow = '펼치기';"
    assert in_korean('<p title="A &amp; B">') == '<p title="A &amp; B">'


@pytest.mark.parametrize("language, words", [("en", ("Copy", "Search this book...")), ("ko", ("복사", "이 책에서 찾기..."))])
def test_scripts_speak_the_language_of_the_page(open_page, language, words):  # noqa: F811
    page = open_page(f"chapters/{language}/linear-regression")
    assert page.locator("button.copybtn").first.get_attribute("data-tooltip") == words[0]
    assert page.locator("input[type=search]").first.get_attribute("placeholder") == words[1]
    assert page.errors == []


# ---- from one language to the other ----

def headings(html):
    return re.findall(r"<h[1-6]>.*?</h[1-6]>", html[html.index("<article"):html.index("</article>")], re.DOTALL)


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_heading_leads_to_its_twin(site, name):
    html = (site / f"{name}.html").read_text(encoding="utf-8")
    code = name.split("/")[1]
    other = (site / f"chapters/{OTHER[code]}/{name.split('/')[2]}.html").read_text(encoding="utf-8")
    found = headings(html)
    assert found
    for heading in found:
        own = re.search(r'class="headerlink" href="#([\w-]+)"', heading)[1]
        link = re.search(r'class="book-twin" href="([^"#]+)#([\w-]+)" hreflang="(\w\w)" lang="(\w\w)"', heading)
        assert link[1] == f"../{OTHER[code]}/{name.split('/')[2]}.html" and link[2] == own
        assert link[3] == link[4] == OTHER[code]
        assert f'id="{own}"' in other


@pytest.mark.parametrize("name", CHAPTERS)
def test_links_around_a_page_stay_in_its_language(site, name):
    html = (site / f"{name}.html").read_text(encoding="utf-8")
    code = name.split("/")[1]
    around = html[:html.index("<article")] + html[html.index("</article>"):]
    links = re.findall(r'<a\b[^>]*href="([^"]+)"[^>]*>', around)
    crossing = [link for link in re.findall(r"<a\b[^>]*>", around) if f"../{OTHER[code]}/" in link]
    assert len(crossing) == 1 and "book-language" in crossing[0]
    assert sum(link.endswith(".html") and "//" not in link for link in links) >= 4  # the sidebar is not empty


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_switch_works_without_scripts(open_page, language):  # noqa: F811
    page = open_page(f"chapters/{language}/linear-regression", scripts=False)
    switch = page.locator("a.book-language[hreflang]")
    assert switch.is_visible()
    switch.click()
    page.wait_for_url(f"**/chapters/{OTHER[language]}/linear-regression.html")
    assert page.locator("html").get_attribute("lang") == OTHER[language]


@pytest.mark.parametrize("view", ["desktop", "narrow"])
def test_the_switch_keeps_the_place(open_page, view):  # noqa: F811
    page = open_page("chapters/en/linear-regression", view)
    page.evaluate("document.getElementById('sec-closed-form').scrollIntoView()")
    page.wait_for_timeout(200)
    link = page.locator("a.book-language[hreflang]").bounding_box()
    page.mouse.click(link["x"] + link["width"] / 2, link["y"] + link["height"] / 2)  # (Locator.click scrolls the page first)
    page.wait_for_url("**/chapters/ko/linear-regression.html#*")
    page.wait_for_timeout(300)
    place = page.url.split("#")[1]
    top = page.evaluate("place => document.getElementById(place).getBoundingClientRect().top", place)
    assert -50 < top < 400
    near = page.evaluate("document.getElementById('sec-closed-form').getBoundingClientRect().top")
    assert -50 < near < 400


def first_part(page):
    return page.locator("article div[lang]").evaluate_all(
        "parts => parts.map(part => [part.getBoundingClientRect().top, part.lang]).sort((a, b) => a[0] - b[0])[0][1]")


@pytest.mark.parametrize("locale, first", [("en-US", "en"), ("ko-KR", "ko"), ("fr-FR", "en")])
def test_the_front_page_offers_the_readers_own_language_first(browser, address, locale, first):
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(f"{address}/index.html")
    assert first_part(page) == first
    # What was read last counts more than what the browser asks for, and nobody is sent anywhere.
    other = OTHER[first]
    page.goto(f"{address}/chapters/{other}/linear-regression.html")
    page.goto(f"{address}/index.html")
    assert first_part(page) == other and page.url == f"{address}/index.html"
    assert page.locator("article div[lang]").first.get_attribute("lang") == other
    assert page.locator("figure svg").first.bounding_box()["height"] > 100
    context.close()


# ---- for other programs ----

def base():
    owner, name = ADDRESS.removeprefix("https://github.com/").split("/")
    return f"https://{owner.lower()}.github.io/{name}/"


@pytest.mark.parametrize("name", CHAPTERS)
def test_alternates_point_to_each_other(site, name):
    html = (site / f"{name}.html").read_text(encoding="utf-8")
    found = dict(re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="([^"]+)"', html))
    page = name.split("/")[2]
    assert found == {code: f"{base()}chapters/{target}/{page}.html" for code, target in
                     {"en": "en", "ko": "ko", "x-default": "en"}.items()}
    assert re.search(r'<link rel="canonical" href="([^"]+)"', html)[1] == f"{base()}{name}.html"


@pytest.mark.parametrize("name", ["index", *CHAPTERS])
def test_a_preview_has_a_picture_and_speaks_the_pages_language(site, name):
    html = (site / f"{name}.html").read_text(encoding="utf-8")
    said = dict(re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)"', html))
    assert said["image"] == f"{base()}_static/preview.png" and (site / "_static/preview.png").stat().st_size > 10_000
    assert said["title"] and len(said["description"]) <= 200
    if "/ko/" in name:
        assert said["locale"] == "ko_KR" and all(re.search("[가-힣]", said[key]) for key in ("title", "site_name", "image:alt"))
    if "/en/" in name:
        assert said["locale"] == "en_US" and not any(re.search("[가-힣]", said[key]) for key in ("title", "site_name", "image:alt"))


def test_the_sitemap_lists_every_page(site):
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    listed = {found.text for found in ET.parse(site / "sitemap.xml").getroot().findall("s:url/s:loc", space)}
    assert listed == {base(), *(f"{base()}{name}.html" for name in CHAPTERS)}


def test_a_missing_page_speaks_both_languages_from_any_address(site):
    html = (site / "404.html").read_text(encoding="utf-8")
    assert re.findall(r'<section lang="(\w\w)">', html) == list(LANGUAGES)
    assert set(re.findall(r'(?:href|src)="([^"]+)"', html)) == {base()}  # nothing relative, nothing to be loaded


def test_the_catalogue_is_in_the_package():
    assert json.loads((ROOT / "helpers/site/words.json").read_text(encoding="utf-8")) == KOREAN
