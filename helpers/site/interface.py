"""The words around a page: those of Sphinx, of its extensions and of the theme, in the page's language.

English is what they all speak by themselves.  Korean comes from ``words.json``, our one catalogue, and what it does
not have from theirs.
"""

import gettext
import html
import json
import re
from pathlib import Path

import sphinx.locale
import sphinx_book_theme
import sphinx_exercise
import sphinx_togglebutton

from helpers.site.finish import finish_pages_with

HERE = Path(__file__).parent
KOREAN = json.loads((HERE / "words.json").read_text(encoding="utf-8"))
# Where the catalogues of others lie: by the name under which Sphinx keeps them.
CATALOGUES = {
    "sphinx": Path(sphinx.locale.__file__).parent,
    "exercise": Path(sphinx_exercise.__file__).parent / "translations/locales",
    "togglebutton": Path(sphinx_togglebutton.__file__).parent / "translations/locales",
    "booktheme": Path(sphinx_book_theme.__file__).parent / "theme/sphinx_book_theme/static/locales",
}
# Attributes whose text a reader sees or hears.
SPOKEN = re.compile(r'\b(title|aria-label|data-bs-title|placeholder|alt)="([^"<>]+)"')
HINTS = re.compile(r"(?<=toggleHint(?:Show|Hide) = ')[^']*(?=')")
# What scripts say.  They have their words from variables that other classic scripts may change.
SCRIPT = """// The words of other scripts in Korean (made from helpers/site/words.json).
messages.ko = %s;
locale = "ko";
"""
COPIED = {"copy": "Copy", "copy_to_clipboard": "Copy to clipboard", "copy_success": "Copied!", "copy_failure": "Failed to copy"}


class Korean(gettext.NullTranslations):
    """Our catalogue, then another one."""

    def gettext(self, message):
        return KOREAN[message] if message in KOREAN else super().gettext(message)

    def ngettext(self, singular, plural, number):
        return KOREAN[singular] if singular in KOREAN else super().ngettext(singular, plural, number)


def speak(code):
    """Make Sphinx, its extensions and the theme use the words of a language from now on."""
    for name, folder in CATALOGUES.items():
        words = gettext.translation(name, folder, [code], fallback=True)
        if code == "ko":
            theirs, words = words, Korean()
            words.add_fallback(theirs)
        sphinx.locale.translators["general", name] = words


def words():
    """Return all catalogues of the language spoken now, as one."""
    found = gettext.NullTranslations()
    for name in CATALOGUES:
        found.add_fallback(sphinx.locale.translators["general", name])
    return found


def in_korean(page):
    """Return a Korean page, with what templates say in English without asking for a translation in Korean too."""
    page = HINTS.sub(lambda match: KOREAN.get(match[0], match[0]), page)

    def translated(match):
        text = html.unescape(match[2])
        return f'{match[1]}="{html.escape(KOREAN[text])}"' if text in KOREAN else match[0]

    return SPOKEN.sub(translated, page)


def finish_pages(app):
    """Let Korean pages go through ``in_korean`` when their template has been filled in."""
    finish_pages_with(app, lambda page, context: in_korean(page) if context.get("language") == "ko" else page)


def write_script(app):
    """Write what scripts say in Korean into the folder of static files."""
    if app.builder.format == "html":
        folder = Path(app.outdir) / "_static"
        folder.mkdir(parents=True, exist_ok=True)
        said = json.dumps({key: KOREAN[english] for key, english in COPIED.items()}, ensure_ascii=False)
        (folder / "words-ko.js").write_text(SCRIPT % said, encoding="utf-8")


def page_words(app, pagename, templatename, context, doctree):
    """Load the words of scripts, and put those into the page that the theme takes from its settings."""
    context["theme_search_bar_text"] = context["gettext"]("Search this book...")
    if context["language"] == "ko":
        app.add_js_file("words-ko.js", priority=800)


def setup(app):
    app.connect("builder-inited", finish_pages)
    app.connect("builder-inited", write_script)
    app.connect("html-page-context", page_words, priority=700)
