"""What other programs ask of a page: its address, its twin's, a description, a picture, and a list of all pages."""

import html
import os
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from docutils import nodes

from helpers import LANGUAGES
from helpers.site.languages import has_language, language_of, twin_of
from helpers.site.links import repository
from helpers.site.policy import with_policy

# The book's name, alone on a page of one language.
TITLES = {"en": "From Lines to Layers", "ko": "선형에서 다층으로"}
LOCALES = {"en": "en_US", "ko": "ko_KR"}
PICTURE = "_static/preview.png"
PICTURE_SIZE = (1200, 630)
PICTURES = {
    "en": "On the left, dots and a straight line through them. On the right, dots that rise and fall, and a line with bends.",
    "ko": "왼쪽에는 점들과 그 사이를 지나는 직선, 오른쪽에는 오르내리는 점들과 꺾이며 그 점들을 따라가는 선.",
}
NOT_FOUND = {
    "en": ("This page does not exist.", "To the front page"),
    "ko": ("이 페이지는 없습니다.", "첫 페이지로"),
}


def site_address(config):
    """Return where GitHub Pages publishes the book, with a slash at the end."""
    owner, name = urlsplit(repository(config)).path.strip("/").split("/")[:2]
    return f"https://{owner.lower()}.github.io/{name}/"


def prepare(app, config):
    config.html_baseurl = config.html_baseurl or site_address(config)


def address_of(app, docname):
    """Return the published address of a page."""
    return app.config.html_baseurl + ("" if docname == app.config.root_doc else app.builder.get_target_uri(docname))


def alternates(app, docname):
    """Return where a page is to be had in each language, and for all who read neither (``x-default``)."""
    if not has_language(docname):
        return {}
    found = {code: twin_of(docname, code) for code in LANGUAGES if twin_of(docname, code) in app.env.all_docs}
    found["x-default"] = found.get("en", docname)
    return {code: address_of(app, name) for code, name in found.items()}


def description_of(doctree):
    """Return the first paragraph of a page, as one line of at most 200 characters."""
    first = next((node.astext() for node in doctree.findall(nodes.paragraph)), "")
    line = " ".join(first.split())
    return line if len(line) <= 200 else f"{line[:199].rstrip()}…"


def page_addresses(app, pagename, templatename, context, doctree):
    """Put alternates and the preview into the head of a page, and the book's name in its language."""
    if has_language(pagename):
        context["docstitle"] = context["root_title"] = TITLES[language_of(pagename)]
    if doctree is None:
        return
    code, title = language_of(pagename), app.env.titles[pagename].astext()
    properties = {
        "og:type": "article" if has_language(pagename) else "website", "og:title": title, "og:site_name": context["docstitle"],
        "og:description": description_of(doctree), "og:locale": LOCALES[code], "og:url": address_of(app, pagename),
        "og:image": app.config.html_baseurl + PICTURE, "og:image:width": str(PICTURE_SIZE[0]),
        "og:image:height": str(PICTURE_SIZE[1]), "og:image:alt": PICTURES[code],
    }
    properties |= {"og:locale:alternate": LOCALES[other] for other in LANGUAGES if other != code}
    lines = [f'<link rel="alternate" hreflang="{language}" href="{html.escape(address)}" />'
             for language, address in alternates(app, pagename).items()]
    lines += [f'<meta property="{name}" content="{html.escape(content)}" />' for name, content in properties.items()]
    lines += [f'<meta name="description" content="{html.escape(properties["og:description"])}" />',
              '<meta name="twitter:card" content="summary_large_image" />']
    context["metatags"] = context.get("metatags", "") + "\n".join(lines)


def sitemap(app):
    """Return the list of all pages with their alternates, as sitemaps.org and Google describe it."""
    entries = []
    for docname in sorted(app.env.all_docs):
        links = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{escape(address)}"/>'
                        for code, address in alternates(app, docname).items())
        entries.append(f"<url><loc>{escape(address_of(app, docname))}</loc>{links}</url>")
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
            'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' + "\n".join(entries) + "\n</urlset>\n")


def not_found(app):
    """Return the page that is shown for an address that does not exist, wherever that may lie."""
    parts = "".join(f'<section lang="{code}"><h1>{said}</h1><p><a href="{app.config.html_baseurl}">{back}</a></p></section>\n'
                    for code, (said, back) in NOT_FOUND.items())
    page = ('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>404 · {TITLES["en"]} · {TITLES["ko"]}</title><meta name="robots" content="noindex">'
            "<style>:root{color-scheme:light dark;background:light-dark(#fff,#14181e);color:light-dark(#212529,#e9ecef)}body{font:1.1rem/1.6 system-ui,sans-serif;max-width:34rem;margin:15vh auto;"
            "padding:0 1rem;word-break:keep-all}h1{font-size:1.4rem}a{color:light-dark(#0b57a4,#8ec7ff)}</style></head>\n<body>\n<main>\n" + parts + "</main>\n</body></html>\n")
    return with_policy(page)


def write_files(app, error):
    if error or app.builder.format != "html":
        return
    for name, text in ("sitemap.xml", sitemap(app)), ("404.html", not_found(app)):
        with open(os.path.join(app.outdir, name), "w", encoding="utf-8") as file:
            file.write(text)


def setup(app):
    app.connect("config-inited", prepare, priority=600)  # after the repository's address is settled
    app.connect("html-page-context", page_addresses, priority=650)
    app.connect("build-finished", write_files)
