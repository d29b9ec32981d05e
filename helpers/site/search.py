"""Search: each language has a page of its own that finds the sections of its own pages.

Sphinx's own search knows no Korean, splits words at spaces, and fetches pages to quote from them, which a page opened
from a folder may not.  A book's text is small, so here its sections are put into one script a language, and
``static/search.js`` looks through all of them.
"""

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.search.en import SearchEnglish
from sphinx_exercise.nodes import is_exercise_node, is_solution_node

from helpers import LANGUAGES
from helpers.site.exercises import numbers_of
from helpers.site.finish import finish_pages_with
from helpers.site.languages import has_language, language_of, without_prefix

# Words that readers search for and the book does not use, and what it says instead.
SYNONYMS = json.loads((Path(__file__).parent / "synonyms.json").read_text(encoding="utf-8"))
OF_SPHINX = re.compile(r'\s*<script src="[^"]*(?:searchtools|language_data|searchindex)\.js[^"]*"></script>')
PAGE = "chapters/{}/search"
WORDS = {
    "en": {"title": "Search", "label": "Search this book", "none": "Nothing found. Try another word, or a part of it.",
           "found": "Sections found: {count}", "other": "The same search in Korean", "ask": "Type a word to search for.",
           "noscript": "The search needs JavaScript. The contents on the left lead to every page without it."},
    "ko": {"title": "검색", "label": "이 책에서 찾기", "none": "찾은 것이 없습니다. 다른 낱말이나 낱말의 일부로 찾아보세요.",
           "found": "찾은 절: {count}개", "other": "영어판에서 같은 말 찾기", "ask": "찾을 말을 입력하세요.",
           "noscript": "검색하려면 자바스크립트가 필요합니다. 자바스크립트 없이도 왼쪽 차례로 모든 페이지를 볼 수 있습니다."},
}
UNREAD = (nodes.literal_block, nodes.raw, nodes.math_block, nodes.comment, nodes.target, addnodes.toctree, nodes.system_message)


def plain(formula):
    """Return a short formula as text, and a longer one as an ellipsis: "\\mathbf{w}" → "w"."""
    text = re.sub(r"\\(?:mathbf|mathrm|operatorname\*?|text|hat|bar|lvert|rvert|left|right)\b|[{}$]", "", formula)
    text = text.replace(r"\eta", "η").replace(r"\alpha", "α").replace(r"\sigma", "σ").replace(r"\lambda", "λ").strip()
    return text if re.fullmatch(r"[\w =+−\-.,()|]{1,24}", text) else "…"


def text_of(node):
    """Return the text of a section without that of its subsections, its code and its larger formulas."""
    if isinstance(node, nodes.math):
        return plain(node.astext())
    if isinstance(node, nodes.Text):
        return re.sub(r"\$([^$]*)\$", lambda match: plain(match[1]), node.astext())  # (in a bibliography)
    if is_place(node) or isinstance(node, (nodes.title, *UNREAD)) or "cell_output" in node.get("classes", []):
        return ""
    inner = "".join(text_of(child) for child in node.children)
    return f"{inner} " if isinstance(node, (nodes.TextElement, nodes.list_item)) and not isinstance(node, nodes.Inline) else inner


def is_section(node):
    """Tell whether a node is a section with a heading.  (An exercise keeps its text in a section without one.)"""
    return isinstance(node, nodes.section) and bool(node["ids"])


def is_entry(node):
    """Tell whether a node is a term of the glossary with what it means."""
    return isinstance(node, nodes.definition_list_item) and bool(node.next_node(nodes.term)["ids"])


def is_place(node):
    """Tell whether a node is found on its own: a section, an exercise, its solution, or a term of the glossary."""
    return is_section(node) or is_exercise_node(node) or is_solution_node(node) or is_entry(node)


def sections_of(doctree, address, numbers):
    """Yield what is to be found in each section of a page, in each exercise and solution, and of each term.

    ``numbers`` tells how exercises and solutions are called (:func:`helpers.site.exercises.numbers_of`).
    """
    page = next(iter(doctree.findall(nodes.title))).astext()
    for place in doctree.findall(is_place):
        level, parent = 1, place.parent
        while parent is not None:
            level, parent = level + is_place(parent), parent.parent
        own = [child for child in place.children if not is_place(child)]
        terms = [term.astext() for child in own for term in child.findall(lambda node: isinstance(node, nodes.emphasis))]
        text = " ".join("".join(inside_of(child) for child in own).split())
        heading, weight = place.next_node(nodes.title), 1
        if address in ("references.html", "notation.html"):
            weight = 0.5  # titles of others, or words in a table
        elif is_solution_node(place):
            weight = 0.5  # after the section that teaches it
        elif is_entry(place):
            heading, weight = place.next_node(nodes.term), 0.4  # after the section that explains it
        yield {"href": f"{address}#{name_of(place, heading)}", "title": heading_of(place, heading, numbers), "page": page, "weight": weight,
               "level": level, "terms": terms, "text": text, "entry": is_entry(place)}


def inside_of(node):
    """Return the text of a part of a place; an exercise keeps its text in a section without a heading."""
    return "".join(inside_of(child) for child in node.children) if isinstance(node, nodes.section) else text_of(node)


def name_of(place, heading):
    """Return the id of a place."""
    if is_solution_node(place):
        return without_prefix(place["label"])
    return (heading if is_entry(place) else place)["ids"][0]


def heading_of(place, heading, numbers):
    """Return the words by which a place is called."""
    if is_solution_node(place):
        return numbers[name_of(place, heading)]
    words = (heading.children[0] if is_entry(place) else heading).astext().strip()
    return f"{numbers[place['ids'][0]]} {words}" if is_exercise_node(place) else words


def collect(app, doctree, docname):
    if has_language(docname) and app.builder.format == "html":
        app.book_sections[docname] = list(
            sections_of(doctree, docname.split("/")[-1] + ".html", numbers_of(app.env, docname)))


def begin(app):
    app.book_sections = {}  # by page
    app.builder.search = False  # no index of Sphinx's, and none of its scripts, which the theme loads on each page
    finish_pages_with(app, lambda page, context: OF_SPHINX.sub("", page))


def search_pages(app):
    """Make the search page of each language."""
    for code in LANGUAGES:
        yield PAGE.format(code), {"search_words": WORDS[code], "search_other": other(code), "title": WORDS[code]["title"]}, "book-search.html"


def other(code):
    return f"../{next(found for found in LANGUAGES if found != code)}/search.html"


def page_search(app, pagename, templatename, context, doctree):
    """Lead each search field to the page of its language, and load there what it needs."""
    code, pathto = language_of(pagename), context["pathto"]
    context["pathto"] = lambda name, *args, **options: pathto(PAGE.format(code) if name == "search" else name, *args, **options)
    if templatename == "book-search.html":
        for name in ("stemmer.js", f"sections-{code}.js", "search.js"):
            app.add_js_file(name, loading_method="defer", priority=900)


def write_index(app, error):
    if error or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static"
    (folder / "stemmer.js").write_text(SearchEnglish.js_stemmer_code, encoding="utf-8")
    for code in LANGUAGES:
        for docname in app.env.all_docs:
            if docname not in app.book_sections:  # it has not changed, and was not written again
                collect(app, app.env.get_doctree(docname), docname)
        order = list(app.env.toctree_includes[app.config.root_doc])
        sections = [section for docname in order if language_of(docname) == code for section in app.book_sections[docname]]
        data = {"language": code, "sections": sections, "synonyms": SYNONYMS[code]}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        (folder / f"sections-{code}.js").write_text(f"const bookSections = {text};\n", encoding="utf-8")


def setup(app):
    app.connect("builder-inited", begin)
    app.connect("doctree-resolved", collect, priority=950)
    app.connect("html-collect-pages", search_pages)
    app.connect("html-page-context", page_search, priority=300)
    app.connect("build-finished", write_index)
