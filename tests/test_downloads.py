"""What can be taken along: executed notebooks, and the site as one file."""

import re
import zipfile

import nbformat
import pytest

from helpers.site.downloads import ARCHIVE, FOLDER
from tests.notebooks import LANGUAGES, assemble, code_cells, is_timed, pages
from tests.test_browser import ALIVE, open_page  # noqa: F401 (a fixture)

NOTEBOOKS = [page for language in LANGUAGES for page in pages(language)]
NAMES = [f"{page.parent.name}/{page.stem}" for page in NOTEBOOKS]


@pytest.fixture(scope="module")
def unpacked(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(site / ARCHIVE) as packed:
        assert packed.testzip() is None
        packed.extractall(folder)
    return folder / FOLDER


@pytest.mark.parametrize("page", NOTEBOOKS, ids=NAMES)
def test_a_page_offers_its_executed_notebook_and_its_source(site, page):
    name = f"chapters/{page.parent.name}/{page.stem}"
    html = (site / f"{name}.html").read_text(encoding="utf-8")
    assert f'href="../../_sources/{name}.ipynb"' in html and f'href="../../_sources/{name}.md"' in html
    assert (site / f"_sources/{name}.md").read_text(encoding="utf-8") == page.read_text(encoding="utf-8")
    offered = nbformat.read(site / f"_sources/{name}.ipynb", as_version=4)
    nbformat.validate(offered)
    for cell, expected in zip(code_cells(offered), code_cells(assemble(page)), strict=True):
        assert cell.source == expected.source and cell.execution_count
        said, wanted = ("".join(output.text for output in one.outputs if output.output_type == "stream") for one in (cell, expected))
        assert is_timed(cell) and said or said == wanted


def test_the_archive_holds_the_site(site, unpacked):
    there = {path.relative_to(unpacked) for path in unpacked.rglob("*") if path.is_file()}
    wanted = {path.relative_to(site) for path in site.rglob("*") if path.is_file()}
    assert wanted - there == {path for path in wanted if path.name == ARCHIVE}
    for path in there:
        kept, packed = (folder.joinpath(path).read_bytes() for folder in (site, unpacked))
        assert path.suffix == ".html" or kept == packed
        assert not (path.suffix == ".html" and ARCHIVE.encode() in packed)  # no link to what is not there


@pytest.mark.parametrize("name", ["index", *(f"chapters/{name}" for name in NAMES)])
def test_every_page_offers_the_archive(site, name):
    html = (site / f"{name}.html").read_text(encoding="utf-8")
    href = re.search(r'class="book-archive" href="([^"]+)"', html)[1]
    assert (site / f"{name}.html").parent.joinpath(href).resolve() == (site / ARCHIVE).resolve()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_unpacked_site_works(browser, unpacked, language):
    page = browser.new_page()
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((unpacked / "index.html").as_uri())
    page.locator(f"article div[lang={language}] a[href*=linear-regression]").click()
    page.wait_for_function(ALIVE)
    page.locator("section.book-widget [data-control=step]").click()
    assert re.search(r"\d", page.locator("section.bw-sgd_steps [role=status]").text_content())
    page.close()
    assert errors == [] and all(url.startswith(("file:", "data:")) for url in asked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_paper_nothing_is_cut_off(open_page, language):  # noqa: F811
    page = open_page(f"chapters/{language}/linear-regression", "desktop")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})  # about the width of a page of A4
    cut = page.evaluate("""[...document.querySelectorAll("article pre, article figure, article div.math, article table, article .book-widget")]
        .filter(e => e.getBoundingClientRect().height && (e.getBoundingClientRect().right > innerWidth + 1
            || e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).overflowX !== "visible"))
        .map(e => e.outerHTML.slice(0, 150))""")
    assert cut == []
