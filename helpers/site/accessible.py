"""What keyboards and screen readers need and the theme does not give: a name for the sidebar, roles that fit each
other in a bibliography, and a way for keys to formulas and code that are wider than a phone."""

import re

from helpers.site.finish import finish_pages_with, is_read, load_script

SIDEBAR = {"en": "Contents of the book", "ko": "책의 차례"}
MENDED = [
    # The logo and the search field would stand outside of all landmarks.
    (re.compile(r'(<div id="pst-primary-sidebar")(?= class)'), r'\1 role="complementary" aria-label="{sidebar}"'),
    # "doc-biblioentry" is deprecated, and no part of a list.
    (re.compile(r'role="doc-biblioentry"'), 'role="listitem"'),
]
# A table's heading that is a formula alone has no text for those who look for it.
HEAD = re.compile(r'(?<=<th class="head"><p>)<math(.*?</math>)(?=</p></th>)')


def spoken(formula):
    """Return a short formula in words apart: x with a low 1 is "x 1"."""
    return " ".join(re.sub(r"<annotation.*?</annotation>|<[^>]+>", " ", formula).split())


def mended(page, context):
    sidebar = SIDEBAR[context.get("language", "en")]
    for found, put in MENDED:
        page = found.sub(put.replace("{sidebar}", sidebar), page)
    return HEAD.sub(lambda found: f'<span class="visually-hidden">{spoken(found[0])}</span><math aria-hidden="true"{found[1]}', page)


def setup(app):
    app.connect("builder-inited", lambda app: finish_pages_with(app, mended))
    load_script(app, "scrolling.js", is_read)
