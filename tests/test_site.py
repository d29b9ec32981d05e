"""The built site, read as files: what each page promises without a browser."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from tests.notebooks import LANGUAGES, ROOT, pages

CHAPTERS = [f"chapters/{language}/{page.stem}" for language in LANGUAGES for page in pages(language)]
REPOSITORY = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]
FORK = os.environ.get("GITHUB_REPOSITORY", "")
ADDRESS = f"https://github.com/{FORK}" if FORK else REPOSITORY["url"]
PARTS = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
NUMBERED = [[chapter["file"] for chapter in part["chapters"]] for part in PARTS if "numbered" in part]
# What the theme may load is on the site; links that a reader may click are another matter.
LOADING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "audio": "src", "video": "src", "object": "data"}


class Elements(HTMLParser):
    """All elements of a page, as (tag, attributes), and the text of the article."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def __getitem__(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture(scope="module")
def html(site):
    return {name: (site / f"{name}.html").read_text(encoding="utf-8") for name in ["index", *CHAPTERS]}


@pytest.fixture(scope="module")
def elements(html):
    return {name: Elements(text) for name, text in html.items()}


@pytest.mark.parametrize("name", ["index", *CHAPTERS])
def test_nothing_is_loaded_from_another_site(elements, name):
    page = elements[name]
    loaded = [attributes.get(key, "") for tag, key in LOADING.items() for attributes in page[tag]]
    loaded += [link.get("href", "") for link in page["link"] if link.get("rel") not in ("author", "next", "prev", "alternate", "canonical")]
    assert not [address for address in loaded if "//" in address and not address.startswith("data:")]


def test_style_sheets_and_scripts_load_nothing_from_another_site(site):
    for path in [*site.rglob("*.css"), *site.rglob("*.js")]:
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not re.findall(r"(?:url\(|@import|importScripts\(|import\()\s*['\"]?(?:https?:)?//[^'\")]*", text), path


@pytest.mark.parametrize("name", CHAPTERS)
def test_page_names_its_language(elements, name):
    assert elements[name]["html"][0]["lang"] == name.split("/")[1]


def test_front_page_marks_both_languages(elements):
    assert {block.get("lang") for block in elements["index"]["div"]} >= set(LANGUAGES)


@pytest.mark.parametrize("name", CHAPTERS)
def test_formulas_are_mathml_with_their_tex(html, elements, name):
    formulas = elements[name]["math"]
    assert formulas
    assert html[name].count('<annotation encoding="application/x-tex">') == len(formulas)
    assert "mathjax" not in re.sub(r"(?:tex2jax|mathjax)_ignore", "", html[name]).lower()


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_character_of_a_formula_is_in_the_font(site, html, name):
    from fontTools.ttLib import TTFont

    from helpers.site.fonts import TARGET, characters

    covered = TTFont(site / TARGET).getBestCmap()
    invisible = {0x2061, 0x2062, 0x2063, 0x2064, 0x0A, 0x200B}
    missing = {chr(c) for c in characters(html[name]) - covered.keys() - invisible}
    assert not missing


@pytest.mark.parametrize("name", CHAPTERS)
def test_ids_are_unique_and_speak_no_language(elements, name):
    ids = [attributes["id"] for _, attributes in elements[name].found if attributes.get("id")]
    assert sorted(ids) == sorted(set(ids))
    assert not [i for i in ids if re.match(r"(equation-)?(en|ko)-", i)]


@pytest.mark.parametrize("stem", [page.stem for page in pages("en")])
def test_twins_have_the_same_anchors_and_numbers(html, stem):
    def anchors(text):
        return re.findall(r'id="((?:sec|eq|fig|ex)-[\w-]+)"', text)

    def numbers(text):
        return [re.sub(r"[^\d.]", "", number).strip(".") for number in re.findall(
            r'class="(?:section-number|caption-number|eqno)">([^<]*\d[^<]*)<', text)]

    english, korean = (html[f"chapters/{language}/{stem}"] for language in LANGUAGES)
    assert anchors(english) == anchors(korean) and anchors(english)
    assert numbers(english) == numbers(korean) and numbers(english)


@pytest.mark.parametrize("name", CHAPTERS)
def test_figures_are_counted_from_one_in_the_words_of_the_page(html, name):
    word = {"en": "Fig.", "ko": "그림"}[name.split("/")[1]]
    chapter = next(1 + part.index(name) for part in NUMBERED if name in part)
    captions = re.findall(r'class="caption-number">([^<]*?) *</span>', html[name])
    counted = [caption for caption in captions if caption.startswith(word)]
    assert counted == [f"{word} {chapter}.{i}" for i in range(1, len(counted) + 1)] and counted


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_drawing_has_a_text_alternative_and_follows_the_theme(html, elements, name):
    drawings = re.findall(r'<div class="book-drawing"[^>]*>(<svg .*?</svg>)</div>', html[name], flags=re.DOTALL)
    assert drawings
    for drawing in drawings:
        assert len(Elements(drawing)["svg"][0]["aria-label"]) > 20
        assert "currentColor" in drawing and "#767676" not in drawing
        assert "<style" not in drawing
    assert all(image.get("alt") for image in elements[name]["img"] if "logo" not in image.get("src", ""))


@pytest.mark.parametrize("name", CHAPTERS)
def test_links_to_the_repository(elements, name):
    links = [link["href"] for link in elements[name]["a"] if link.get("href", "").startswith("http")]
    address, branch = ADDRESS, REPOSITORY["branch"]
    assert f"{address}/edit/{branch}/{name}.md" in links
    assert f"{address}/discussions" in links
    report = next(link for link in links if link.startswith(f"{address}/issues/new"))
    assert name in parse_qs(urlsplit(report).query)["title"][0]
    assert f"https://mybinder.org/v2/gh/{address.removeprefix('https://github.com/')}/{branch}?urlpath=lab/tree/{name}.md" in links


def test_the_links_of_a_fork_follow_the_fork():
    code = """
from types import SimpleNamespace
from helpers.site.links import repository
print(repository(SimpleNamespace(html_theme_options={"repository_url": "https://github.com/one/book"})))
"""
    for fork, address in (("someone/fork", "https://github.com/someone/fork"), ("", "https://github.com/one/book")):
        done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "GITHUB_REPOSITORY": fork},
                              capture_output=True, text=True, check=True)
        assert done.stdout.strip() == address


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="which files belong to the book is git's to say")
def test_the_repository_is_named_in_one_place():
    files = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                           capture_output=True, text=True, check=True).stdout.splitlines()
    owner_and_name = "/".join(REPOSITORY["url"].split("/")[-2:])
    naming = [name for name in files if (ROOT / name).is_file()
              and owner_and_name in (ROOT / name).read_text(encoding="utf-8", errors="ignore")]
    # A citation names it too, as its format asks.
    assert set(naming) - {"CITATION.cff"} == {"_config.yml"}
    assert REPOSITORY["url"] in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
