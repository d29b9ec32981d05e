"""A page asks for one style sheet and one script, and nothing of them is lost (helpers/site/joined.py)."""

import re

import pytest

from helpers.site.joined import JOINED, joined, style

PAGE = """<head>
    <link rel="preload" as="script" href="../_static/b.js" />
    <link href="../_static/themes/one.css?digest=1" rel="stylesheet" />
    <link rel="stylesheet" type="text/css" href="../_static/two.css?v=2" />
    <link rel="canonical" href="https://example.org/" />
    <script data-page="early" src="../_static/early.js"></script>
    <script defer="defer" data-page="chapter" src="../_static/a.js?v=1"></script>
    <script defer="defer" src="../_static/book-widgets-1.js"></script>
</head><body><script defer src="../_static/b.js"></script></body>"""


@pytest.fixture
def static(tmp_path):
    (tmp_path / "themes").mkdir()
    for name, text in {
        "themes/one.css": '@charset "UTF-8";\n@import "../base.css";\np { background: url(picture.png) }',
        "base.css": 'b { mask: url("data:image/svg+xml,x"); cursor: url("hand.png") }',
        "two.css": "@font-face { src: url('font.woff2') }",
        "a.js": "const a = 1 // one", "b.js": "(() => { /* two */ window.b = a })();",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_style_sheets_are_one_in_their_order(static):
    page, parts = joined(PAGE, static)
    name, = re.findall(r'<link rel="stylesheet" href="\.\./_static/(book-\w{12}\.css)"', page)
    text = (static / name).read_text(encoding="utf-8")
    assert text.index("b {") < text.index("p {") < text.index("@font-face") and "@import" not in text and "@charset" not in text
    assert {"themes/one.css", "two.css"} <= parts and not page.count("one.css") + page.count("two.css")


def test_addresses_lead_to_where_they_led(static):
    assert "url(themes/picture.png)" in style(static, "themes/one.css")
    assert 'url("hand.png")' in style(static, "themes/one.css") and 'url("data:image/svg+xml,x")' in style(static, "themes/one.css")
    assert "url('font.woff2')" in style(static, "two.css")


def test_scripts_that_wait_are_one_in_the_head(static):
    page, parts = joined(PAGE, static)
    head = page.partition("</head>")[0]
    name, = re.findall(r'<script defer data-page="chapter" src="\.\./_static/(book-\w{12}\.js)"></script>', head)
    assert (static / name).read_text(encoding="utf-8") == "const a=1\n;\n(()=>{window.b=a})()\n;"
    assert "early.js" in page and "book-widgets-1.js" in page and "preload" not in page and "b.js" in parts


def test_a_page_is_known_to_have_been_joined(static):
    assert not JOINED.search(PAGE) and JOINED.search(joined(PAGE, static)[0])


def test_pages_that_ask_for_the_same_share_it_and_others_do_not(static):
    assert joined(PAGE, static)[0] == joined(PAGE, static)[0]
    before = joined(PAGE, static)[0]
    (static / "two.css").write_text("i { top: 0 }", encoding="utf-8")
    assert joined(PAGE, static)[0] != before


def test_all_pages_of_the_site_wait_for_one_style_sheet(site):
    for path in site.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert len(re.findall(r'<link\b[^>]*rel="stylesheet"', page)) <= 1, path
        blocking = [tag for tag in re.findall(r"<script\b[^>]*\bsrc=[^>]*>", page) if "defer" not in tag]
        assert all("data-early" in tag for tag in blocking) and (not blocking or path == site / "index.html"), path
