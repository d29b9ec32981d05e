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
# What the buttons that copy code say: their script has a table of languages, without Korean.
TABLE = re.compile(r"(?<=^const messages = )\{.*?^\}", re.MULTILINE | re.DOTALL)
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


def speak_in_script(app, error):
    """Put the languages of the book into the script of the buttons that copy code.

    Raises
    ------
    ValueError
        If the script has no such table any more.
    """
    if error or app.builder.format != "html":
        return
    script = Path(app.outdir) / "_static/copybutton.js"
    said = {"en": COPIED, "ko": {key: KOREAN[english] for key, english in COPIED.items()}}
    text, found = TABLE.subn(lambda table: json.dumps(said, ensure_ascii=False), script.read_text(encoding="utf-8"))
    if not found:
        raise ValueError(f"{script.name} must have a table of messages, got none")
    script.write_text(text, encoding="utf-8")


def page_words(app, pagename, templatename, context, doctree):
    """Put the words into the page that the theme takes from its settings."""
    context["theme_search_bar_text"] = context["gettext"]("Search this book...")


def setup(app):
    app.connect("builder-inited", finish_pages)
    app.connect("build-finished", speak_in_script)
    app.connect("html-page-context", page_words, priority=700)
