"""What a page may load and run, said to the browser: nothing from elsewhere, and no script but those of the book.

https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP
"""

import base64
import hashlib
import html
import re

from helpers.site.finish import finish_pages_with

# Buttons of the theme that carry their script in an attribute, which no policy worth its name lets run: they are
# named instead, and buttons.js does what they say.
HANDLERS = {"window.print()": "print", "toggleFullScreen()": "fullscreen"}
INLINE = re.compile(r"<script(?P<attributes>(?:(?!\bsrc=)[^>])*)>(?P<text>.*?)</script>", re.DOTALL)
DATA = re.compile(r'type="[^"]*json[^"]*"')


def policy(page):
    """Return the policy for a page: its own inline scripts are known by their fingerprints."""
    texts = [found["text"] for found in INLINE.finditer(page) if found["text"].strip() and not DATA.search(found["attributes"])]
    digests = sorted({base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts})
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)])
    # Styles in attributes are harmless, and drawings are full of them.
    return (f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
            "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'")


def with_policy(page, context=None):
    """Put the policy into the head of a page, before anything that it speaks of."""
    for handler, name in HANDLERS.items():
        page = page.replace(f'onclick="{handler}"', f'data-book-does="{name}"')
    meta = f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy(page), quote=True)}" />'
    return re.sub(r"<meta charset=[^>]*>", lambda found: f"{found[0]}\n    {meta}", page, count=1)


def setup(app):
    app.connect("builder-inited", lambda app: finish_pages_with(app, with_policy), priority=900)  # after all other changes
    app.connect("html-page-context", lambda app, *page: app.add_js_file("buttons.js", loading_method="defer"))
