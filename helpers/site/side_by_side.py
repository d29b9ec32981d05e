"""A view with both languages side by side, paragraph by paragraph, made from the twins as they are written.

Twins have the same blocks in the same order.  What reads the same in both languages stands once, between the columns.
"""

import hashlib
import html
import re
import zlib

from bs4 import BeautifulSoup, Tag

from helpers import LANGUAGES
from helpers.site.languages import language_of, twin_of
from helpers.site.quickly import is_asked
from helpers.site.twins import NAMES, both_of

# Four fifths of a page's tags stand in these, and nothing in them is changed here.  (Names are, and what is said of a picture.)
SET_ASIDE = re.compile(r"<(math|pre|svg)\b(?:(?! id=| aria-label=|<svg\b).)*?</\1>", re.DOTALL)
MARK = re.compile("\ue000(\\w+)\ue000")
ROBOTS = '<meta name="robots" content="noindex" />'  # it says nothing that the two pages do not say


def collect(app, pagename, templatename, context, doctree):
    """Keep what a page and its twin say."""
    if doctree is not None and both_of(app.env, pagename):
        body = zlib.compress(context["body"].encode(), level=1)  # (those of all pages are kept to the end)
        app.book_bodies[pagename] = (context["title"], body, doctree.get("book_widgets", {}))


def blocks(element):
    return [child for child in element.children if isinstance(child, Tag)]


def same(one, other):
    """Tell whether two blocks read the same in both languages."""
    return one.get_text(" ", strip=True) == other.get_text(" ", strip=True) and not one.find(attrs={"aria-label": True})


def pair(soup, one, other):
    """Return a row with a block in each language."""
    row = soup.new_tag("div", attrs={"class": "book-pair"})
    for code, block in zip(LANGUAGES, (one, other), strict=True):
        column = soup.new_tag("div", attrs={"lang": code})
        column.append(block.extract())
        row.append(column)
    return row


def joined(soup, one, other):
    """Return a section with the blocks of both languages; a block that differs in its kind ends the pairing."""
    section = soup.new_tag("section", attrs={"id": one["id"]} if one.get("id") else {})
    mine, theirs = blocks(one), blocks(other)
    if [block.name for block in mine] != [block.name for block in theirs]:
        section.append(pair(soup, one, other))
        return section
    for a, b in zip(mine, theirs, strict=True):
        section.append(block_of(soup, a, b))
    return section


def block_of(soup, one, other):
    if one.name == "section":
        return joined(soup, one, other)
    if "cell" in one.get("class", []):
        return cell_of(soup, one, other)
    if one.name == "figure":
        return figure_of(one, other)
    return one if same(one, other) else pair(soup, one, other)


def cell_of(soup, one, other):
    """The code once, or twice if its comments differ; what it puts out once."""
    code, twin = (cell.find(class_="cell_input") for cell in (one, other))
    if code and twin and code.get_text() != twin.get_text():
        twin["lang"] = LANGUAGES[1]
        code.insert_after(twin)
    return one


def figure_of(one, other):
    """The picture once, with both captions."""
    caption, twin = (figure.find("figcaption") for figure in (one, other))
    if caption and twin:
        twin["lang"] = LANGUAGES[1]
        caption.insert_after(twin)
    return one


def prepared(text, code, names, aside):
    """Return a page as a tree that can stand in the folder of this view: its links lead where they led.

    What takes no part in this is left in ``aside``, by a mark that stands for it.
    """
    def mark(found):
        name = hashlib.sha256(found[0].encode()).hexdigest()
        aside[name] = found[0]
        return f"\ue000{name}\ue000"

    soup = BeautifulSoup(SET_ASIDE.sub(mark, text), "html.parser")
    for link in soup.find_all("a", class_="book-twin"):
        link.decompose()
    for link in soup.find_all("a", href=True):
        address, mark, place = link["href"].partition("#")
        if address and "//" not in address and "/" not in address:
            name = address.removesuffix(".html")
            link["href"] = f"{address}{mark}{place}" if name in names else f"../{code}/{address}{mark}{place}"
    if code != LANGUAGES[0]:  # one place has each name
        for element in soup.find_all(id=True):
            del element["id"]
        for link in soup.find_all("a", class_="headerlink"):
            link.decompose()
    return soup


def pages(app):
    """Make a page for each pair of twins."""
    names = {pagename.split("/")[-1] for pagename in app.book_bodies}
    for pagename, (title, body, files) in sorted(app.book_bodies.items()):
        twin = twin_of(pagename, LANGUAGES[1])
        if language_of(pagename) != LANGUAGES[0] or twin not in app.book_bodies:
            continue
        twin_title, twin_body, _ = app.book_bodies[twin]
        key = (tuple(sorted(names)), body, twin_body)
        text = app.book_joined.get(key)
        if text is None:
            aside = {}
            one, other = (prepared(zlib.decompress(packed).decode(), code, names, aside)
                          for code, packed in zip(LANGUAGES, (body, twin_body), strict=True))
            text = MARK.sub(lambda found: aside[found[1]], str(joined(one, one.find("section"), other.find("section"))))
            if is_asked():
                app.book_joined = {known: made for known, made in app.book_joined.items() if known[1] != body and known[2] != twin_body}
                app.book_joined[key] = text
        yield both_of(app.env, pagename), {
            "title": f"{title} · {twin_title}", "body": text,
            "book_widget_files": files, "metatags": ROBOTS,
            "twins": [{"code": code, "name": name, "href": f"../{code}/{pagename.split('/')[-1]}.html"}
                      for code, name in NAMES.items()],
        }, "page.html"


def page_files(app, pagename, templatename, context, doctree):
    """Load what the widgets of the view need."""
    files = context.get("book_widget_files", {})
    if "js" in files:
        app.add_js_file(files["js"], loading_method="defer")
    if "css" in files:
        app.add_css_file(files["css"])
    if "twins" in context:
        context["title"] = html.unescape(context["title"])


def begin(app):
    app.book_bodies = {}
    app.book_joined = {}  # by what it was made from (for helpers.site.quickly)


def setup(app):
    app.connect("builder-inited", begin)
    # Before helpers.site.widgets, which replaces the lists of files.
    app.connect("html-page-context", page_files, priority=700)
    app.connect("html-page-context", collect, priority=990)
    app.connect("html-collect-pages", pages)
