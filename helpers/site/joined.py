"""The style sheets of a page as one file, and its scripts as another, which waits until the page has been read.

Each file costs a reader a way to the server and back, and until the style sheets have come nothing is shown at all.  Pages
that ask for the same files share what they are joined to.  By themselves stay what is large and not for all pages, and a
script that has to run before the page is shown.
"""

import hashlib
import posixpath
import re
from pathlib import Path

from helpers.site.terse import for_readers

SHEET = re.compile(r'\s*<link\b(?=[^>]*\brel="stylesheet")[^>]*\bhref="((?:\.\./)*_static/)([^"?]+)[^"]*"[^>]*>')
SCRIPT = re.compile(r'\s*<script\b(?=[^>]*\bdefer\b)([^>]*)\bsrc="((?:\.\./)*_static/)([^"?]+)[^"]*"([^>]*)></script>')
PRELOAD = re.compile(r'(?:\s*<!--[^>]*-->)?\s*<link rel="preload" as="script"[^>]*>')
ALONE = ("book-widgets-", "sections-")
EARLY = "data-early"  # says of a script that it does not wait
JOINED = re.compile(r'<link rel="stylesheet" href="[./]*_static/book-\w{12}\.css" />')
ASKED = re.compile(r'<(?:link|script)\b[^>]*_static/([^"?]+)')
IMPORT = re.compile(r'@import\s+(?:url\()?"([^":]+)"\)?;')
CHARSET = re.compile(r'@charset "UTF-8";\s*', re.IGNORECASE)
ADDRESS = re.compile(r"""(?<=url\()(['"]?)(?![#/]|[a-z]+:)([^'")]+)""")


def style(static, name):
    """Return a style sheet of the folder ``static`` with those it imports, and with addresses from that folder."""
    text = CHARSET.sub("", (static / name).read_text(encoding="utf-8"))
    folder = posixpath.dirname(name)
    text = ADDRESS.sub(lambda found: found[1] + posixpath.normpath(posixpath.join(folder, found[2])), text)
    return IMPORT.sub(lambda found: style(static, posixpath.normpath(posixpath.join(folder, found[1]))), text)


def script(static, name):
    """Return a script of the folder ``static`` as pages load it, and with an end."""
    text = for_readers((static / name).read_text(encoding="utf-8"))
    return text.strip().removesuffix(";").rstrip() + "\n;"  # (a comment may be last)


def joined(page, static):
    """Return a page that asks for one style sheet and one script, and the files that were joined to these.

    The new files are named by what is in them.
    """
    head, end, body = page.partition("</head>")
    head = PRELOAD.sub("", head)
    page, sheets = head + end + body, list(SHEET.finditer(head))
    if sheets:
        # (An @charset would not come first any more; a file like the page that asks for it is in UTF-8.)
        name = _written(static, "\n".join(style(static, found[2]) for found in sheets), "css")
        page = _without(page, sheets[1:])
        page = page.replace(sheets[0][0], f'\n    <link rel="stylesheet" href="{sheets[0][1]}{name}" />', 1)
    scripts = [found for found in SCRIPT.finditer(page) if not found[3].startswith(ALONE)]
    if scripts:
        name = _written(static, "\n".join(script(static, found[3]) for found in scripts), "js")
        said = "".join(data for found in scripts for data in re.findall(r' data-[\w-]+="[^"]*"', found[1] + found[4]))
        page = _without(page, scripts)
        # In the head, where a browser comes upon it early; after all others, which it may need or which matter more.
        page = page.replace("</head>", f'  <script defer{said} src="{scripts[0][2]}{name}"></script>\n  </head>', 1)
    return page, {found[2] for found in sheets} | {found[3] for found in scripts}


def _written(static, text, kind):
    name = f"book-{hashlib.sha256(text.encode()).hexdigest()[:12]}.{kind}"
    (static / name).write_text(text, encoding="utf-8")
    return name


def _without(page, places):
    for place in reversed(places):
        page = page[:place.start()] + page[place.end():]
    return page


def deferred(app, pagename, templatename, context, doctree):
    """Let all scripts wait but those that say they must not."""
    for file in context["script_files"]:
        attributes = getattr(file, "attributes", {})
        if getattr(file, "filename", None) and EARLY not in attributes and "async" not in attributes:
            attributes["defer"] = "defer"


def join(app, error):
    if error or app.builder.format != "html":
        return
    static, parts, alone = Path(app.outdir) / "_static", set(), set()
    for path in Path(app.outdir).rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        if not JOINED.search(page):  # or it has not been written again
            page, found = joined(page, static)
            path.write_text(page, encoding="utf-8")
            parts |= found
        alone |= set(ASKED.findall(page))
    for name in parts - alone:
        (static / name).unlink()


def setup(app):
    app.connect("html-page-context", deferred, priority=950)
    app.connect("build-finished", join, priority=850)  # when the style sheets are without unused rules
