"""Citations by author and year: Kiel & McClain (1995), or (Kiel & McClain, 1995).

An ampersand reads the same in both languages.
"""

from dataclasses import dataclass, field

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


def setup(app):
    register_plugin("sphinxcontrib.bibtex.style.referencing", "book", BookReferenceStyle)
