"""The glossary: each term has a place of its own, and its first use on a page leads there.

A glossary is a plain page, ``chapters/<language>/glossary.md``, with an entry for each term in Markdown:

    bias (편향)
    : The constant … → {ref}`en-sec-weights-bias`

So it reads well in JupyterLab too.  The English word names the term, ``term-bias``, in every language.
"""

import re
from functools import lru_cache
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform

from helpers import LANGUAGES
from helpers.site.languages import has_language, language_of
from helpers.site.twins import other_language

PAGE = "chapters/{}/glossary"
ENTRY = re.compile(r"(?P<own>.+?)(?: \((?P<other>[^()]+)\))?")
PARTICLE = "이|가|은|는|을|를|의|과|와|도|로|으로|에|만|까지|부터|나|보다|처럼|마다|라|들|입니다|하"
# Where a term is mentioned and no link belongs.
UNLINKED = (nodes.title, nodes.reference, nodes.literal, nodes.literal_block, nodes.math, nodes.caption, nodes.raw, nodes.citation,
            nodes.definition_list, nodes.Admonition)


def is_glossary(docname):
    return docname in [PAGE.format(code) for code in LANGUAGES]


def identifier(english):
    return "term-" + re.sub(r"\W+", "-", english.lower())


class Entries(SphinxTransform):
    """Give each entry its id, and say in which language the other word is."""

    default_priority = 500

    def apply(self, **kwargs):
        docname = self.env.docname
        if not is_glossary(docname):
            return
        code = language_of(docname)
        other = other_language(docname)
        for term in self.document.findall(nodes.term):
            words = ENTRY.fullmatch(term.astext())
            english = words["own"] if code == "en" else words["other"] or words["own"]
            term["ids"] = [identifier(english)]
            term["names"] = [words["own"]]
            term.children.clear()
            term += nodes.Text(words["own"])
            if words["other"]:
                term += nodes.Text(" ")
                term += nodes.inline("", words["other"], classes=[f"lang-{other}", "book-other-word"])


def terms(env, code):
    """Return ``{term: id}`` of a language's glossary."""
    doctree = env.get_doctree(PAGE.format(code))
    return {term["names"][0]: term["ids"][0] for term in doctree.findall(nodes.term)}


@lru_cache(maxsize=2)  # the terms that are left are the same in most texts, one after another
def pattern(words):
    """Return what finds the first of several terms; of two that begin alike the longer one."""
    longest = sorted(words, key=len, reverse=True)
    one = [re.escape(word).replace(r"\ ", r"\s+") for word in longest]
    # An English term may be in the plural; a Korean one may carry a particle. Neither is a part of a longer word.
    return re.compile(rf"(?<![\w-])(?<!for )(?:{'|'.join(one)})(?:(?:e?s)?(?![\w-])|(?={PARTICLE}))", re.IGNORECASE)


def key_of(found, words):
    """Return the term that was found as it stands in the glossary."""
    plain = " ".join(found.lower().split())
    return next(word for word in sorted(words, key=len, reverse=True) if plain.startswith(word.lower()))


def is_plain(text):
    """Tell whether a text stands in a paragraph where a link to the glossary belongs."""
    parent, in_paragraph = text.parent, False
    while parent is not None:
        if isinstance(parent, UNLINKED) or "cell_output" in parent.get("classes", []):
            return False
        in_paragraph = in_paragraph or isinstance(parent, nodes.paragraph)
        parent = parent.parent
    return in_paragraph


def link_first_uses(app, doctree, docname):
    """Lead from the first use of each term to its entry."""
    code = language_of(docname)
    if app.builder.format != "html" or not has_language(docname) or is_glossary(docname) or PAGE.format(code) not in app.env.all_docs:
        return
    left, address = terms(app.env, code), app.builder.get_relative_uri(docname, PAGE.format(code))
    for text in list(doctree.findall(nodes.Text)):
        if left and is_plain(text):
            text.parent.replace(text, linked(text.astext(), left, address))


def linked(words, left, address):
    """Return the nodes of a text with links at the terms that are left, and take those away."""
    found, at = [], 0
    while left and (match := pattern(tuple(left)).search(words, at)):
        term = key_of(match[0], left)
        found.append(nodes.Text(words[at:match.start()]))
        found.append(nodes.reference("", match[0], refuri=f"{address}#{left.pop(term)}", internal=True, classes=["book-term"]))
        at = match.end()
    return [*found, nodes.Text(words[at:])]


def depend(app, docname, source):
    """Read a page again when its glossary has changed."""
    glossary = Path(app.srcdir) / f"{PAGE.format(language_of(docname))}.md"
    if has_language(docname) and not is_glossary(docname) and glossary.exists():
        app.env.note_dependency(str(glossary))


def setup(app):
    app.add_transform(Entries)
    app.connect("source-read", depend)
    app.connect("doctree-resolved", link_first_uses, priority=800)
