"""The style sheets of the theme without the rules that no page needs.

The theme's is made for all that Bootstrap and Font Awesome can do: nine in ten of its rules match nothing in a book.  A
rule stays if each name in its selector (a tag, a class, an id, an attribute) is a word of some page or script of the
site.  That keeps some rules too many, and none too few: a script can only set a class whose name is written in it.
"""

import re
from pathlib import Path

import tinycss2

from helpers.site.quickly import is_asked

NESTED = {"media", "supports", "layer", "container"}
WORD = re.compile(r"[\w-]+")
# What stands in these is no condition for the rule to match: not(…) wants it absent, is(…) and where(…) any of it.
ALTERNATIVES = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")
VALUE = re.compile(r"[~|^$*]?=[^\]]*(?=\])")  # of an attribute
# Variables: where one is used, and where one gets a value, which may have quotes and brackets in it.
USED = re.compile(r"var\(\s*(--[\w-]+)")
GIVEN = re.compile(r"""(?<=[{;\s])(--[\w-]+)\s*:(?:"[^"]*"|'[^']*'|\((?:[^()]|\([^()]*\))*\)|[^;}"'()])*;?""")
PSEUDO = re.compile(r"::?[\w-]+(?:\([^()]*\))?")
EVERYWHERE = {"html", "body", "root", "from", "to"}


def words_of(folder):
    """Return all words in the pages and scripts of a site."""
    found = set(EVERYWHERE)
    for path in [*folder.rglob("*.html"), *folder.rglob("*.js")]:
        found.update(WORD.findall(path.read_text(encoding="utf-8")))
    return found


def is_needed(selector, words):
    """Tell whether a selector can match on a site with these words."""
    bare = PSEUDO.sub("", VALUE.sub("", ALTERNATIVES.sub("", selector)))
    # (Scripts write data-reader as dataset.reader.)
    return all(name in words or name.startswith("data-") for name in WORD.findall(bare.replace("\\", "")))


def pruned(text, words):
    """Return a style sheet without the rules that cannot match."""
    return "".join(_kept(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), words))


def _kept(rules, words):
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [one for one in _separated(tinycss2.serialize(rule.prelude)) if is_needed(one, words)]
            if selectors:
                yield f"{','.join(selectors)}{{{tinycss2.serialize(rule.content).strip()}}}\n"
        elif rule.type == "at-rule" and rule.lower_at_keyword in NESTED and rule.content is not None:
            inner = "".join(_kept(tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), words))
            if inner:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}\n"
        elif rule.type == "at-rule" and not (rule.lower_at_keyword == "font-face" and "fontawesome" in tinycss2.serialize(rule.content)):
            yield f"{rule.serialize()}\n"
        elif rule.type == "error":
            raise ValueError(f"a style sheet must be CSS, got {rule.message}")


def _separated(prelude):
    """Split a list of selectors at its commas, but not within brackets."""
    return [part.strip() for part in re.findall(r"(?:[^,()\[\]]|\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\])+", prelude)]


def without_unused_variables(sheets, words):
    """Return style sheets without the variables that no rule, page or script uses; sheets are texts by name."""
    while True:
        used = words | {name for text in sheets.values() for name in USED.findall(text)}
        fewer = {name: GIVEN.sub(lambda given: given[0] if given[1] in used else "", text) for name, text in sheets.items()}
        if fewer == sheets:
            return sheets
        sheets = fewer  # a variable may have been used for another one alone


def prune(app, error):
    if error or app.builder.format != "html" or is_asked():  # (a second of four, and no page looks different)
        return
    words = words_of(Path(app.outdir))
    sheets = {path: pruned(path.read_text(encoding="utf-8"), words) for path in (Path(app.outdir) / "_static").rglob("*.css")}
    for path, text in without_unused_variables(sheets, words).items():
        path.write_text(text, encoding="utf-8")


def setup(app):
    app.connect("build-finished", prune, priority=800)  # when all pages are written
