"""JavaScript without what only its readers need: comments, and most of the white space.

Everyone who opens a page loads its script; who wants to read it finds it in the book's repository.
"""

import functools
import re

import tree_sitter_javascript
from tree_sitter import Language, Parser, Query, QueryCursor

from helpers.site.quickly import is_asked

LANGUAGE = Language(tree_sitter_javascript.language())
FOUND = Query(LANGUAGE, "(comment) @comment [(template_string) (string) (regex)] @text")
SPACES = re.compile(rb"[ \t]*\n\s*")
# (Not "<" and "!", which could come together as an HTML comment, and not what may be doubled, as + is.)
PUNCTUATION = re.compile(rb"[ \t]*([{}()\[\];,=>?:|&*%^~])[ \t]*")


@functools.lru_cache(maxsize=64)  # (most pages have the same scripts)
def terse(script):
    """Return a script that does the same in fewer letters.

    Raises
    ------
    ValueError
        If it does not parse.
    """
    source = script.encode("utf-8", "surrogatepass")
    root = Parser(LANGUAGE).parse(source).root_node
    if root.has_error:
        raise ValueError("script must be JavaScript that parses")
    found = QueryCursor(FOUND).captures(root)
    parts, code, at = [], b"", 0
    for node in sorted(found.get("comment", []) + found.get("text", []), key=lambda node: node.start_byte):
        if node.start_byte < at:
            continue  # within a template
        code += source[at:node.start_byte]
        if node.type == "comment":
            code += b"\n" if b"\n" in node.text else b" "  # as the language reads it: the end of a line, or a space
        else:
            parts += [_without_spaces(code), node.text]
            code = b""
        at = node.end_byte
    parts.append(_without_spaces(code + source[at:]))
    return b"".join(parts).decode("utf-8", "surrogatepass")


def for_readers(script):
    """Return a script as pages load it; for ``make live`` as it is, since its writer waits longer for this than for letters."""
    return script if is_asked() else terse(script)


def _without_spaces(code):
    return PUNCTUATION.sub(rb"\1", SPACES.sub(b"\n", code))
