"""Formulas are set when the book is built: TeX in, MathML out, no script on the page.

pandoc's converter does the work, one call for all formulas of a page.  What it leaves to be
wished for is mended in :func:`tidy`, and each mending says why.
"""

import json
import re
from html import escape
from xml.etree import ElementTree

import pypandoc
from docutils import nodes
from sphinx.util import logging

from helpers.site.finish import load_script

logger = logging.getLogger(__name__)

_cache = {}

BOLD_ITALIC, BOLD = 0x1D468, 0x1D400  # code points of the bold italic A and the bold A
LETTERS = 52
APPLY = "\u2061"  # the invisible sign between a function and its operand
THIN = "0.1667em"
SCRIPTED = ("msub", "msup", "msubsup", "munder", "mover", "munderover")
# What pandoc sets as combining or stretched accents, and the signs that are as wide as their letter.
ACCENTS = {"\u0302": "\u02c6", "\u0303": "\u02dc", "\u203e": "\u00af"}  # hat, tilde, bar
PRIMES = "\u2032\u2033\u2034"
CLOSING = {")": "(", "]": "[", "}": "{"}
SUMS = "∑∏"


class TeXError(ValueError):
    """pandoc could not read a formula."""


def convert(formulas):
    """Return the MathML of ``formulas``, a list of pairs (TeX, whether it is displayed).

    Raises
    ------
    TeXError
        For the first formula that pandoc cannot read, with its text.
    """
    missing = [f for f in dict.fromkeys(formulas) if f not in _cache]
    if missing:
        try:
            _cache.update(zip(missing, _pandoc(missing)))
        except RuntimeError:
            _blame(missing)
            raise
    return [_cache[formula] for formula in formulas]


def _pandoc(formulas):
    kinds = {True: {"t": "DisplayMath"}, False: {"t": "InlineMath"}}
    document = {
        "pandoc-api-version": [1, 23],
        "meta": {},
        "blocks": [
            {"t": "Para", "c": [{"t": "Math", "c": [kinds[displayed], tex]}]} for tex, displayed in formulas
        ],
    }
    html = pypandoc.convert_text(
        json.dumps(document), "html", format="json", extra_args=["--mathml", "--wrap=none", "--fail-if-warnings"]
    )
    found = re.findall(r"<math.*?</math>", html, flags=re.DOTALL)
    if len(found) != len(formulas):
        raise RuntimeError(f"pandoc returned {len(found)} formulas for {len(formulas)}")
    return [tidy(mathml) for mathml in found]


def _blame(formulas):
    for formula in formulas:
        try:
            _pandoc([formula])
        except RuntimeError as error:
            raise TeXError(f"cannot be set as MathML: {formula[0]!r}") from error


def tidy(mathml):
    """Return pandoc's MathML as the book wants it."""
    # In HTML, MathML needs no namespace.
    root = ElementTree.fromstring(mathml.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', ""))
    for parent in list(root.iter()):
        _join_words(parent)
        _lower_hats(parent)
        _raise_groups(parent)
        _apply_outside(parent)
        _space_functions(parent)
        _unraise_primes(parent)
    tex = root.findtext(".//annotation")
    for element in root.iter():
        # \mathbf is upright in TeX; pandoc makes variables bold italic.  The attribute says again
        # what the character already says, and browsers have dropped it (MathML Core).
        if element.text and element.tag != "annotation":
            element.text = "".join(map(_upright, element.text))
        if element.get("mathvariant") not in (None, "normal"):
            del element.attrib["mathvariant"]
        # A minus sign that pandoc took for a name is an operator in front of something.
        if element.tag == "mi" and element.text == "−":
            element.tag = "mo"
            element.set("form", "prefix")
        # A hat is one letter wide and as large as its letter; pandoc's is stretched to an arc.
        if element.tag == "mover" and element[1].text in ACCENTS:
            element.set("accent", "true")
            element[1].text = ACCENTS[element[1].text]
            element[1].attrib = {"stretchy": "false"}
        # In TeX the bars of a norm grow by \left alone; pandoc lets them always.
        if element.text == "‖" and not re.search(r"\\left\s*\\(?:\||lVert|Vert)", tex):
            element.set("stretchy", "false")
        # TeX's star stands in the middle of its line; the one of the keyboard is raised already.
        if element.tag == "mo" and element.text == "*":
            element.text = "∗"
        # A sum has no space before it where nothing is before it.
        if element.tag in ("mrow", "mtd") and len(element) and _core(element[0]).text and _core(element[0]).text in SUMS:
            _core(element[0]).set("lspace", "0")
        # TeX sets no space around operators in sub- and superscripts.
        if element.tag in SCRIPTED:
            for script in element[1:]:
                for operator in script.iter("mo"):
                    operator.set("lspace", "0")
                    operator.set("rspace", "0")
        # pandoc aligns cells by "text-align: right", which moves inline boxes; in Chromium the parts of
        # a formula are blocks, and book.css says it in a way that all browsers follow.
        if element.tag == "mtd":
            element.attrib.pop("style", None)
        # Tables are set in text style unless told otherwise; the rows of `aligned` are displays.
        if element.tag == "mtable" and any(cell.get("columnalign") == "right" for cell in element.iter()):
            element.set("displaystyle", "true")
            element.set("class", "aligned")
    return ElementTree.tostring(root, encoding="unicode")


def _join_words(parent):
    """Join the letters of \\mathrm{price} to one word: for the reader, and for a screen reader."""
    previous = None
    for child in list(parent):
        upright = child.tag == "mi" and child.get("mathvariant") == "normal"
        if upright and previous is not None and len(child.text) == 1 and child.text.isalpha():
            previous.text += child.text
            previous.attrib.pop("mathvariant", None)  # a word is upright by itself
            parent.remove(child)
        elif upright and child.text.isalpha():
            previous = child
        else:
            previous = None


def _lower_hats(parent):
    """Keep the exponent of a letter with a hat where the letter alone would have it, as TeX does."""
    if parent.tag in ("msup", "msubsup") and parent[0].tag == "mover" and parent[0][1].text in ACCENTS:
        hat = parent[0]
        parent.remove(hat)
        low = ElementTree.Element("mpadded", height="0.6em")
        low.append(hat)
        parent.insert(0, low)


def _raise_groups(parent):
    """Let an exponent belong to all that is in large brackets, and not to the closing one alone.

    Chromium then knows how high it has to stand.  (In small ones it stands at the bracket, whatever is in it.)
    """
    for raised in [child for child in parent if child.tag in ("msup", "msub", "msubsup")
                   and child[0].text in CLOSING and child[0].get("stretchy") == "true"]:
        children, depth = list(parent), 0
        end = children.index(raised)
        for start in range(end - 1, -1, -1):
            bracket = _core(children[start]).text
            depth += (bracket == raised[0].text) - (bracket == CLOSING[raised[0].text])
            if depth < 0:
                group = ElementTree.Element("mrow")
                group.extend([*children[start:end], raised[0]])
                for child in children[start:end]:
                    parent.remove(child)
                raised[0] = group
                break


def _apply_outside(parent):
    """Take the sign between a function and its operand out of the base of an exponent: tanh² (x), not tanh ²(x)."""
    for place, scripted in enumerate(parent):
        if scripted.tag in SCRIPTED and scripted[0].tag == "mrow" and len(scripted[0]) == 2 and scripted[0][1].text == APPLY:
            name, sign = scripted[0]
            scripted[0] = name
            parent[place] = ElementTree.Element("mrow")
            parent[place].extend([scripted, sign])


def _unraise_primes(parent):
    """Set a prime behind its letter: it is raised already, and as a script it would be too small in Chromium."""
    for place, raised in enumerate(parent):
        prime = raised[-1] if raised.tag in ("msup", "msubsup") else None
        if prime is not None and prime.text and prime.text in PRIMES:
            row = ElementTree.Element("mrow")
            raised.remove(prime)
            if raised.tag == "msup":
                base = raised[0]
            else:
                raised.tag, base = "msub", raised
            prime.attrib = {"form": "postfix", "lspace": "0", "rspace": "0"}
            row.extend([base, prime])
            parent[place] = row


def _space_functions(parent):
    """Set a thin space between log and its operand, and between a factor and log, as TeX does."""
    for function in [child for child in parent if child.tag == "mrow" and len(child) and child[-1].text == APPLY]:
        place = list(parent).index(function)
        before, after = parent[place - 1] if place else None, parent[place + 1] if place + 1 < len(parent) else None
        if after is not None and _first(after).get("form") != "prefix":
            function[-1].set("rspace", THIN)
        if before is not None and before.tag != "mo" and before.text != "−":
            parent.insert(place, ElementTree.Element("mspace", width=THIN))


def _first(element):
    return _first(element[0]) if len(element) and element.tag in ("mrow", *SCRIPTED) else element


def _core(element):
    """Return an element without its scripts."""
    return _core(element[0]) if element.tag in SCRIPTED else element


def _upright(character):
    place = ord(character) - BOLD_ITALIC
    return chr(BOLD + place) if 0 <= place < LETTERS else character


def set_page(app, doctree, docname):
    """Set all formulas of a page at once; one that cannot be set is a warning at its place."""
    if app.builder.format != "html":
        return
    formulas = list(doctree.findall(lambda n: isinstance(n, (nodes.math, nodes.math_block))))
    try:
        convert([_formula(node) for node in formulas])
    except TeXError:
        pass  # told with its place when it is written


def _formula(node):
    return node.astext().strip(), isinstance(node, nodes.math_block)


def _mathml(node):
    try:
        return convert([_formula(node)])[0]
    except TeXError as error:
        logger.warning(str(error), location=node)
        return f"<code>{escape(node.astext())}</code>"


def visit_inline(translator, node):
    translator.body.append(_mathml(node))
    raise nodes.SkipNode


def visit_block(translator, node):
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    translator.body.append(_mathml(node))
    if node["number"]:
        number = ".".join(map(str, _number(translator, node)))
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "#")
        translator.body.append("</span>")
    translator.body.append("</div>\n")
    raise nodes.SkipNode


def _number(translator, node):
    numbers = translator.builder.env.toc_fignumbers.get(node["docname"], {}).get("displaymath", {})
    return numbers.get(f"equation-{node['label']}", (node["number"],))


def setup(app):
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.connect("doctree-resolved", set_page)
    load_script(app, "formulas.js", lambda _, context: "<math" in context.get("body", ""))  # (copies them as TeX)
