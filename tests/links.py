"""The links of the built site: those within it, which a test follows, and those to other sites.

``make links`` (``python -m tests.links``) asks for each address on another site and says which answer, which have
moved and which are gone.  It fails nothing: what others do with their pages is no fault of the book.
"""

import argparse
import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urldefrag, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from tests.notebooks import ROOT

# Attributes whose value is an address, ...
ADDRESSES = {"href", "src", "data", "poster", "action", "formaction", "xlink:href"}
# ... and those that name ids of the same page, with spaces between them.
IDS = {"aria-activedescendant", "aria-controls", "aria-describedby", "aria-details", "aria-errormessage",
       "aria-flowto", "aria-labelledby", "aria-owns", "for", "headers", "list", "popovertarget"}
IN_STYLES = re.compile(r"url\(\s*['\"]?([^'\")]+)")
# Other codes lead on for now, as those of https://doi.org are meant to.
FOR_GOOD = {301, 308}
SECONDS = 20
AT_ONCE = 8
# Some servers answer no program that does not call itself a browser.
ASKING_AS = {"User-Agent": "Mozilla/5.0 (compatible; the link check of a textbook)"}


class Page(HTMLParser):
    """The ids of a page, the addresses it leads to or loads, and the ids it refers to."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.addresses, self.refers, self.inside = [], [], [], None
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.inside = tag
        for name, value in attributes:
            value = value or ""
            if name == "id":
                self.ids.append(value)
            elif name in ADDRESSES:
                self.addresses.append(value)
            elif name in ("srcset", "imagesrcset"):
                self.addresses += [candidate.split()[0] for candidate in value.split(",")]
            elif name in IDS:
                self.refers += value.split()
            else:  # the style of an element, or a gradient or an arrow's head in a drawing
                self.addresses += IN_STYLES.findall(value)

    def handle_data(self, text):
        if self.inside == "style":
            self.addresses += IN_STYLES.findall(text)

    def handle_endtag(self, tag):
        self.inside = None


def pages_of(site):
    """Return ``{path: Page}`` of all pages of a site."""
    return {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}


def elsewhere(site, own=()):
    """Return ``{address: [pages]}`` of the links to other sites, without their fragments.

    Parameters
    ----------
    site : pathlib.Path
        The folder of the built site.
    own : tuple of str
        What the addresses of the site itself begin with, where it is published.
    """
    found = defaultdict(list)
    for path, page in pages_of(site).items():
        for address in dict.fromkeys(urldefrag(address).url for address in page.addresses):
            if urlsplit(address).scheme in ("http", "https") and not address.startswith(own):
                found[address].append(path.relative_to(site).as_posix())
    return dict(sorted(found.items()))


class _Following(HTTPRedirectHandler):
    """Follows an answer that names another address, and keeps the first such code."""

    code = None

    def redirect_request(self, request, answer, code, *rest):
        self.code = self.code or code
        return super().redirect_request(request, answer, code, *rest)


def ask(address):
    """Return how an address answers: "good", "moved", "gone" or "silent", and what is to be said of it."""
    following = _Following()
    try:
        request = Request(quote(address, safe=":/?#[]@!$&'()*+,;=%~"), headers=ASKING_AS)
        with build_opener(following).open(request, timeout=SECONDS) as answer:
            return ("moved", f"to {answer.url}") if following.code in FOR_GOOD else ("good", "")
    except HTTPError as error:
        return "gone", f"{error.code} {error.reason}"
    except (OSError, HTTPException, ValueError) as error:
        return "silent", str(getattr(error, "reason", error)) or type(error).__name__


def report(found):
    """Ask for each address of ``{address: [pages]}``, and return what came of it as text."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = dict(zip(found, threads.map(ask, found)))
    lines = []
    for kind, told in (("gone", "are gone or refuse"), ("silent", "did not answer"), ("moved", "have moved")):
        those = {address: text for address, (answer, text) in answers.items() if answer == kind}
        if those:
            lines.append(f"{len(those)} of {len(found)} addresses {told}:")
            lines += [f"  {address}\n    {text}\n    on {_some(found[address])}" for address, text in those.items()]
    good = sum(answer == "good" for answer, _ in answers.values())
    return "\n".join([*lines, f"{good} of {len(found)} addresses on other sites answer as they should."])


def _some(pages):
    return ", ".join(pages[:3]) + (f" and {len(pages) - 3} more" if len(pages) > 3 else "")


def published_at(site):
    """Return the address at which the site is published, from its own list of pages."""
    return re.search(r"<loc>([^<]*)</loc>", (site / "sitemap.xml").read_text(encoding="utf-8"))[1].partition("chapters/")[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site", nargs="?", default=ROOT / "_build/html", type=Path, help="the folder of the built site")
    site = parser.parse_args().site
    print(report(elsewhere(site, own=(published_at(site),))))


if __name__ == "__main__":
    main()
