"""Every link and anchor of every page of the site leads somewhere; and the report on links to other sites."""

import http.server
import json
import re
import subprocess
import sys
import threading
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from tests.links import IN_STYLES, Page, ask, elsewhere, pages_of, published_at, report
from tests.notebooks import LANGUAGES, ROOT


def broken(site, pages, path, address, base):
    """Return what is wrong with an address on a page or in a file of the site: nothing, or a sentence."""
    if not urlsplit(address).scheme:
        address = urljoin(base + path.relative_to(site).as_posix(), address)
        if not address.startswith(base):
            return f"{path}: {address} leads out of the site"
    if not address.startswith(base):
        return "" if urlsplit(address).scheme in ("http", "https", "mailto", "data") else f"{path}: {address} is no address"
    address, anchor = urldefrag(address)
    target = site / unquote(address.removeprefix(base).partition("?")[0] or "index.html")
    if not target.is_file():
        return f"{path}: {address} leads nowhere"
    if anchor and target in pages and unquote(anchor) not in pages[target].ids:
        return f"{path}: {address} has no place #{anchor}"
    return ""


@pytest.fixture(scope="module")
def pages(site):
    return pages_of(site)


@pytest.fixture(scope="module")
def base(site):
    return published_at(site)


def test_all_kinds_of_pages_are_looked_at(site, pages):
    names = {path.relative_to(site).as_posix() for path in pages}
    assert names >= {"index.html", "404.html", "chapters/both/linear-regression.html"}
    assert names >= {f"chapters/{code}/{name}.html" for code in LANGUAGES for name in ("glossary", "search", "references")}
    assert sum(len(page.addresses) for page in pages.values()) > 1000


def test_every_address_within_the_site_leads_to_its_file_and_place(site, pages, base):
    found = [broken(site, pages, path, address, base) for path, page in pages.items() for address in page.addresses]
    assert not [problem for problem in found if problem]


def test_ids_are_unique_and_what_refers_to_one_finds_it(pages):
    for path, page in pages.items():
        assert sorted(page.ids) == sorted(set(page.ids)), path
        assert not set(page.refers) - set(page.ids), path


def test_what_style_sheets_load_is_there(site, pages, base):
    for path in site.rglob("*.css"):
        found = [broken(site, pages, path, address, base) for address in IN_STYLES.findall(path.read_text(encoding="utf-8"))]
        assert not [problem for problem in found if problem]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_search_finds_is_there(site, pages, base, language):
    text = (site / f"_static/sections-{language}.js").read_text(encoding="utf-8")
    sections = json.loads(text[text.index("{"):text.rindex("}") + 1])["sections"]
    here = site / f"chapters/{language}/search.html"
    assert sections and not [problem for section in sections if (problem := broken(site, pages, here, section["href"], base))]


def test_the_list_of_pages_names_pages_that_are_there(site, pages, base):
    listed = re.findall(r'(?:<loc>|href=")([^<"]+)', (site / "sitemap.xml").read_text(encoding="utf-8"))
    assert listed and not [address for address in listed if broken(site, pages, site / "sitemap.xml", address, base)]


@pytest.mark.parametrize("html, told", [
    ('<a href="none.html">', "leads nowhere"),
    ('<a href="#none">', "has no place #none"),
    ('<a href="there.html#none">', "has no place #none"),
    ('<img srcset="there.html 1x, none.png 2x">', "leads nowhere"),
    ('<link href="https://book.example/book/none.css">', "leads nowhere"),
    ('<path marker-end="url(#none)">', "has no place #none"),
    ('<style>p { background: url("none.png") }</style>', "leads nowhere"),
    ('<a href="javascript:go()">', "is no address"),
    ('<a href="../there.html">', "leads out of the site"),
    ('<a href="there.html#place">', ""),
    ('<a href="https://book.example/book/#here"><a href="#"><a href="?q=1#here"><a href="mailto:a@b.example">', ""),
    ('<a href="https://other.example/none.html"><img src="data:image/png;base64,">', ""),
])
def test_a_broken_address_is_found(tmp_path, html, told):
    (tmp_path / "index.html").write_text(f'<p id="here">{html}', encoding="utf-8")
    (tmp_path / "there.html").write_text('<p id="place">', encoding="utf-8")
    pages, here = pages_of(tmp_path), tmp_path / "index.html"
    found = "".join(broken(tmp_path, pages, here, address, "https://book.example/book/") for address in pages[here].addresses)
    assert told in found and bool(told) == bool(found)


def test_a_reference_to_an_id_is_found():
    page = Page('<label for="a"></label><p aria-labelledby="b c" id="b"><mo form="infix">')
    assert page.ids == ["b"] and page.refers == ["a", "b", "c"]


class Others(http.server.BaseHTTPRequestHandler):
    """Another site: some pages are there, one has moved, one leads on, and all others are gone."""

    def do_GET(self):
        code, to = {"/good": (200, ""), "/moved": (301, "/good"), "/leads-on": (302, "/good")}.get(self.path, (404, ""))
        self.send_response(code)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def others(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Others)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_other_sites_are_asked(others):
    assert ask(f"{others}/good") == ask(f"{others}/leads-on") == ("good", "")
    assert ask(f"{others}/none") == ("gone", "404 Not Found")
    assert ask(f"{others}/moved") == ("moved", f"to {others}/good")
    assert ask("http://127.0.0.1:1/")[0] == ask("http://[no")[0] == "silent"


def test_the_report_names_address_reason_and_page_and_fails_nothing(others, tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "index.html").write_text(
        f'<a href="{others}/good#part"><a href="{others}/none"><a href="here.html"><a href="https://book.example/x">')
    (tmp_path / "sub/page.html").write_text(f'<a href="{others}/none"><a href="{others}/moved"><a href="http://127.0.0.1:1/">')
    (tmp_path / "sitemap.xml").write_text("<loc>https://book.example/chapters/en/x.html</loc>")
    found = elsewhere(tmp_path, own=("https://book.example/",))
    assert found == {"http://127.0.0.1:1/": ["sub/page.html"], f"{others}/good": ["index.html"],
                     f"{others}/moved": ["sub/page.html"], f"{others}/none": ["index.html", "sub/page.html"]}
    done = subprocess.run([sys.executable, "-m", "tests.links", str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.strip() == report(found)
    assert f"1 of 4 addresses are gone or refuse:\n  {others}/none\n    404 Not Found\n    on index.html, sub/page.html" in done.stdout
    assert f"1 of 4 addresses have moved:\n  {others}/moved\n    to {others}/good\n    on sub/page.html" in done.stdout
    assert "1 of 4 addresses did not answer:\n  http://127.0.0.1:1/\n" in done.stdout
    assert done.stdout.endswith("1 of 4 addresses on other sites answer as they should.\n")
