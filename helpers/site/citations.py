"""Citations by author and year: Kiel & McClain (1995), or (Kiel & McClain, 1995).

An ampersand reads the same in both languages.
"""

from dataclasses import dataclass, field

import pybtex.plugin
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle


def _brackets():
    return BracketStyle(left="(", right=")", sep="; ")


@dataclass
class BookReferenceStyle(AuthorYearReferenceStyle):
    """The style ``book`` of ``bibtex_reference_style``."""

    bracket_textual: BracketStyle = field(default_factory=_brackets)
    bracket_parenthetical: BracketStyle = field(default_factory=_brackets)
    person: PersonStyle = field(
        default_factory=lambda: PersonStyle(sep=", ", sep2=" & ", last_sep=" & ", other=" et al.")
    )


# Pybtex would look for each of these among all packages that are installed, whenever it formats an entry or a page.
FOUND_ONCE = (("pybtex.backends", "docutils"), ("pybtex.backends", "plaintext"), ("pybtex.style.formatting", "plain"),
              ("pybtex.style.names", "plain"), ("pybtex.style.labels", "number"), ("pybtex.style.sorting", "author_year_title"))


def setup(app):
    for group, name in FOUND_ONCE:
        pybtex.plugin.register_plugin(group, name, pybtex.plugin.find_plugin(group, name), force=True)
    register_plugin("sphinxcontrib.bibtex.style.referencing", "book", BookReferenceStyle)
