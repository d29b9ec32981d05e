"""One build, two languages: every page speaks its own.

Sphinx knows one language for a whole project.  Here each page gets the words of its language
while it is read and again while it is written, its own ``<html lang>``, and ids that are the same
in both languages: a label ``ko-sec-loss`` becomes the id ``sec-loss``.
"""

import copy
import re

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from helpers import LANGUAGES
from helpers.site import interface

PREFIX = re.compile(rf"^(?:equation-)?(?:{'|'.join(LANGUAGES)})-(?=[a-z])")

NUMBERED = {
    "en": {
        "figure": "Fig. %s",
        "table": "Table %s",
        "code-block": "Listing %s",
        "section": "Section %s",
        "exercise": "Exercise %s",
    },
    "ko": {
        "figure": "그림 %s",
        "table": "표 %s",
        "code-block": "코드 %s",
        "section": "%s절",
        "exercise": "연습문제 %s",
    },
}

# What stands on a cell whose code is folded away.
FOLDED = {"en": ("Show the code", "Hide the code"), "ko": ("코드 보기", "코드 숨기기")}

def language_of(docname):
    """Return the language of a page: "ko" for ``chapters/ko/…``, "en" for all else."""
    folders = docname.split("/")[:-1]
    return next((code for code in LANGUAGES if code in folders), LANGUAGES[0])


def has_language(docname):
    """Tell whether a page is in one language: the front page speaks both."""
    return any(code in LANGUAGES for code in docname.split("/")[:-1])


def twin_of(docname, code):
    """Return the name of the same page in the language ``code``."""
    return docname.replace(f"/{language_of(docname)}/", f"/{code}/")


def speak(env, docname):
    """Make Sphinx and its extensions use the words of the page's language from now on."""
    code = language_of(docname)
    interface.speak(code)
    env.config.numfig_format = dict(NUMBERED[code])


def speak_while_reading(app, docname, source):
    speak(app.env, docname)


class SpeakWhileWriting(SphinxPostTransform):
    """Before anything else is resolved in a page that is about to be written."""

    default_priority = 1

    def run(self, **kwargs):
        speak(self.env, self.env.docname)


def without_prefix(identifier):
    """Return an id without its language: ``ko-sec-loss`` → ``sec-loss``."""
    return PREFIX.sub("", identifier)


class SameIds(SphinxTransform):
    """Take the language out of the ids of a page, before Sphinx notes them down.

    Equations come last (:func:`same_ids_everywhere`): Sphinx finds them by the longer id.

    A section keeps no other id than the one of its label: those made from its title differ from
    language to language, and change with every edit of it.
    """

    default_priority = 840  # just before sphinx.transforms.SphinxDomains

    def apply(self, **kwargs):
        for node in self.document.findall(nodes.Element):
            labelled = [i for i in node["ids"] if PREFIX.match(i) and not i.startswith("equation-")]
            if labelled:
                self.rename(node, labelled)

    def rename(self, node, labelled):
        plain = [without_prefix(i) for i in labelled]
        others = [i for i in node["ids"] if i not in labelled]
        node["ids"] = plain if isinstance(node, nodes.section) else plain + others
        for old, new in zip(labelled, plain):
            self.document.ids[new] = node
            for name, identifier in self.document.nameids.items():
                if identifier == old:
                    self.document.nameids[name] = new


def same_ids_everywhere(app, doctree, docname):
    """Take the language out of what is left: equations, exercises, and all that points to them."""
    for node in doctree.findall(nodes.Element):
        if node.get("ids"):
            # sphinx-exercise gives the body of every exercise the same id: none is better than two
            kept = [i for i in node["ids"] if i not in ("exercise-content", "solution-content")]
            node["ids"] = list(dict.fromkeys(map(without_prefix, kept)))
        if "refid" in node:
            node["refid"] = without_prefix(node["refid"])
        if "#" in node.get("refuri", "") and "://" not in node["refuri"]:
            page, fragment = node["refuri"].split("#", 1)
            node["refuri"] = f"{page}#{without_prefix(fragment)}"


def name_folded_cells(app, doctree, docname):
    """Say what a folded cell is in the language of the page."""
    for node in doctree.findall(HideCodeCellNode):
        node["prompt_show"], node["prompt_hide"] = FOLDED[language_of(docname)]


def number_each_language(app, env):
    """Count figures, equations and exercises for each language on its own.

    Sphinx counts them by the number of the chapter, and a chapter and its twin have the same.
    """
    env.book_counted_by_sphinx = copy.deepcopy(env.toc_fignumbers)
    count = {}
    for docname in env.toc_fignumbers:  # in the order of the table of contents
        for kind, numbers in env.toc_fignumbers[docname].items():
            for identifier, number in sorted(numbers.items(), key=lambda item: item[1]):
                key = (language_of(docname), kind, number[:-1])
                count[key] = count.get(key, 0) + 1
                numbers[identifier] = (*number[:-1], count[key])
    return []


def as_sphinx_counted(app, env):
    """Let Sphinx compare with what it counted itself the last time, or it would take all numbers for new ones."""
    env.toc_fignumbers = getattr(env, "book_counted_by_sphinx", env.toc_fignumbers)
    return []


def page_language(app, pagename, templatename, context, doctree):
    """Give the page its ``<html lang>``, and its theme the words of its language."""
    code = language_of(pagename)
    speak(app.env, pagename)
    words = interface.words()
    context.update(language=code, gettext=words.gettext, ngettext=words.ngettext)
    # On a page in two languages, a block says its own: ``{div} lang-ko``.
    if "body" in context:
        # The words on folded code are its name; the label over them is English everywhere.
        context["body"] = context["body"].replace(' aria-label="Toggle hidden content"', "")
        context["body"] = re.sub(r'(?=class="lang-(\w\w)\b)', r'lang="\1" ', context["body"])


def english_at_rest(app, *_):
    """Between pages, speak English: Sphinx keeps the words, and rebuilds all when they change."""
    app.config.numfig_format = dict(NUMBERED["en"])


def setup(app):
    app.connect("config-inited", english_at_rest, priority=900)
    app.connect("env-updated", english_at_rest)
    app.connect("source-read", speak_while_reading)
    app.add_post_transform(SpeakWhileWriting)
    app.add_transform(SameIds)
    app.connect("env-get-updated", as_sphinx_counted, priority=100)
    app.connect("env-get-updated", number_each_language, priority=900)
    app.connect("doctree-resolved", same_ids_everywhere, priority=900)
    app.connect("doctree-resolved", name_folded_cells)
    app.connect("html-page-context", page_language, priority=100)
