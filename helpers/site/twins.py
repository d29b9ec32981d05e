"""Two languages, one click apart, and each at home in its own.

A page and its twin have the same name in the two folders and the same anchors.  So a link leads from each page, and
from each heading, to the same place in the other language; it needs no script.  Sidebar and the links to the next and
the previous page stay within the language.
"""

import posixpath
import re

from bs4 import BeautifulSoup

from helpers import LANGUAGES
from helpers.site.languages import has_language, language_of, twin_of

NAMES = {"en": "English", "ko": "한국어"}
# What a link to the other language says, in that language, where there is room for more than its name.
READ = {"en": "Read this page in English", "ko": "이 페이지를 한국어로 읽기"}
READ_SECTION = {"en": "Read this section in English", "ko": "이 절을 한국어로 읽기"}
BOTH = {"en": "Both languages side by side", "ko": "두 언어를 나란히 보기"}
HEADING = re.compile(r'(<a class="headerlink" href="#([\w-]+)"[^>]*>[^<]*</a>)(?=</h[1-6]>)')


def other_language(docname):
    return next(code for code in LANGUAGES if code != language_of(docname))


def twin(env, docname):
    """Return the code of the other language and the name of a page's twin, or ``None`` if it has none."""
    code = other_language(docname)
    name = twin_of(docname, code)
    made = name.endswith("/search")  # (helpers/site/search.py)
    return (code, name) if has_language(docname) and (made or name in env.all_docs) else None


def both_of(env, docname):
    """Return the name of the page that has a page and its twin side by side, or ``None`` if there is none."""
    found, name = twin(env, docname), docname.split("/")[-1]
    if not found or name in ("references", "glossary", "notation", "search"):
        return None
    return docname.replace(f"/{language_of(docname)}/", "/both/")


def target_of(pagename, href):
    """Return the name of the page to which a link of another page leads, or ``None`` if it is elsewhere."""
    path = href.split("#")[0]
    if "//" in href:
        return None
    if not path:
        return pagename
    return posixpath.normpath(posixpath.join(posixpath.dirname(pagename), path)).removesuffix(".html")


def page_twin(app, pagename, templatename, context, doctree):
    """Give the template ``language-switch.html`` its link, and each heading one of its own."""
    context["twin"] = None
    found = twin(app.env, pagename)
    if not found:
        return
    code, name = found
    address = context["pathto"](name)
    context["twin"] = {"code": code, "name": NAMES[code], "title": READ[code], "href": address}
    if both_of(app.env, pagename):
        context["both"] = {"href": context["pathto"](both_of(app.env, pagename)), "title": BOTH[language_of(pagename)]}

    def with_link(heading):
        link = (f'<a class="book-twin" href="{address}#{heading[2]}" hreflang="{code}" lang="{code}" '
                f'title="{READ_SECTION[code]}">{NAMES[code]}</a>')
        return heading[1] + link

    if "body" in context:
        context["body"] = HEADING.sub(with_link, context["body"])


def one_language(toctree, pagename):
    """Return the HTML of the sidebar without the parts of other languages, and without the names of languages."""
    soup = BeautifulSoup(str(toctree), "html.parser")
    for part in soup.find_all("ul", class_="bd-sidenav"):
        if part.find_parent("ul"):
            continue
        pages = [target_of(pagename, link["href"]) for link in part.find_all("a", href=True)]
        if any(page and has_language(page) and language_of(page) != language_of(pagename) for page in pages):
            part.decompose()
    for caption in soup.find_all("p", class_="caption"):
        caption.decompose()
    return str(soup)


def page_navigation(app, pagename, templatename, context, doctree):
    """Keep the sidebar and the ways on within the page's language."""
    if not has_language(pagename):
        context.update(prev=None, next=None)
        return
    for way in ("prev", "next"):
        page = context.get(way) and target_of(pagename, context[way]["link"])
        if page and (not has_language(page) or language_of(page) != language_of(pagename)):
            context[way] = None
    generate = context.get("generate_toctree_html")
    if generate:
        context["generate_toctree_html"] = lambda *args, **options: one_language(generate(*args, **options), pagename)


def page_script(app, pagename, templatename, context, doctree):
    """Load the script of the links; before anything is shown, if the order of the page depends on it."""
    kind = "both" if "twins" in context else "chapter" if has_language(pagename) else "front"
    if doctree is not None or kind == "both":
        early = {"data-early": ""} if kind == "front" else {}
        app.add_js_file("languages.js", priority=100, **{"data-page": kind}, **early)


def prepare(app, config):
    """Put the switch into the header of each page."""
    config.html_theme_options["article_header_end"] = ["language-switch", "article-header-buttons"]


def setup(app):
    app.connect("config-inited", prepare)
    # Before the theme leaves out what would be empty.
    app.connect("html-page-context", page_twin, priority=400)
    app.connect("html-page-context", page_script)
    app.connect("html-page-context", page_navigation, priority=900)
