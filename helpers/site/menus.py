"""The theme's menus and tooltips without Bootstrap's script, which would be a tenth of a page's weight and would look
through the whole page at each click.

A menu folds by <details>, also where no script runs; buttons.js closes it again.  What a button does is said by its
title, which browsers show by themselves under a pointer, and the style sheet at a button that is reached by key.
"""

import re

from helpers.site.finish import finish_pages_with

MENU = re.compile(r'<div class="(?P<classes>dropdown [^"]*)">\s*<button class="(?P<look>[^"]*)" type="button" data-bs-toggle="dropdown" '
                  r'aria-expanded="false" (?P<label>aria-label="[^"]*")>(?P<icon>.*?)</button>\s*(?P<items><ul.*?</ul>)\s*</div>', re.DOTALL)
SCRIPT = re.compile(r'\s*<(?:script|link)\b[^>]*/bootstrap\.js[^>]*>(?:</script>)?')
TITLE = re.compile(r'\bdata-bs-title="')
SETTING = re.compile(r'\s+data-bs-(?:toggle|placement)="[^"]*"')


def with_menus(page, context=None):
    """Return a page with <details> for each menu, and with nothing that speaks to Bootstrap's script."""
    def folded(menu):
        title = menu["label"].replace("aria-label", "title")
        return (f'<details class="{menu["classes"]}" name="menu"><summary class="{menu["look"]}" {menu["label"]} {title}>'
                f'{menu["icon"]}</summary>{menu["items"]}</details>')

    page = SCRIPT.sub("", MENU.sub(folded, page))
    return SETTING.sub("", TITLE.sub('title="', page))


def setup(app):
    app.connect("builder-inited", lambda app: finish_pages_with(app, with_menus))
