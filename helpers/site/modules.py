"""A widget's ES module as a classic function.

A page that was opened from a file (``file://``) can neither import modules nor fetch, and a strict
content security policy forbids to evaluate text.  So the build turns the module of every widget
into a function whose one parameter is an object that it fills with the module's exports.

Only a parser tells code from text that looks like it; the parser here is tree-sitter.
"""

import json
from dataclasses import dataclass

import tree_sitter_javascript
from tree_sitter import Language, Parser, Query, QueryCursor

# What stands above this line is the same in all of our widgets, and stands on a page once.
MARK = "// ---- end of the shared part ----"

LANGUAGE = Language(tree_sitter_javascript.language())
LOADING = Query(LANGUAGE, "[(import) (import_statement) (meta_property) (html_comment)] @found")
NOT = Query(LANGUAGE, '(unary_expression operator: "!") @found')
FUNCTIONS = {"function_declaration", "function_expression", "generator_function", "generator_function_declaration",
             "arrow_function", "method_definition", "class_static_block"}
REASONS = {
    "import": "it imports another module",
    "import_statement": "it imports another module",
    "meta_property": "it asks for its own address (import.meta)",
    "html_comment": "it has a comment as in HTML (<!-- or -->), which no module may",
    "return_statement": "it returns outside of a function, which no module may",
}


class Refused(ValueError):
    """A module that cannot live on a page without a kernel; the text says why."""


class Broken(Refused):
    """A module that is no JavaScript, and would run nowhere."""


@dataclass(frozen=True)
class Module:
    """A module in classic JavaScript: ``function`` is an expression, to be read below ``shared``."""

    shared: str
    function: str


def transform(text):
    """Return an ES module as a :class:`Module`.

    Raises
    ------
    Refused
        If the module loads anything, or does not parse.
    """
    if text.lstrip().startswith(("http://", "https://")):
        raise Refused("it is loaded from another site")
    lines = text.removeprefix("\ufeff").split("\n")
    marks = [i for i, line in enumerate(lines) if line.strip() == MARK]
    if len(marks) > 1:
        raise Refused(f"the line {MARK!r} stands in it more than once")
    if not marks:
        return Module("", _function("\n".join(lines)))
    shared, exports, waits = _classic("\n".join(lines[: marks[0]]))
    if exports or waits:
        raise Refused("its shared part exports or waits for something")
    return Module(shared, _function("\n".join(lines[marks[0] + 1:])))


def _function(text):
    parameter = _unused("book_exports", text)
    body, exports, waits = _classic(text)
    # Getters, since what a module exports may change while it runs, and functions are there before it does.
    getters = "".join(
        f"Object.defineProperty({parameter}, {json.dumps(name)}, {{ enumerable: true, get: () => {local} }});\n"
        for name, local in exports.items())
    return f'{"async " if waits else ""}function ({parameter}) {{\n"use strict";\n{getters}{body}\n}}'


def _classic(text):
    """Return a module's text without its export statements, what it exports, and whether it waits."""
    source = text.encode("utf-8", "surrogatepass")
    root = Parser(LANGUAGE).parse(source).root_node
    if root.has_error:
        raise Broken(f"it does not parse (near its line {_first_error(root).start_point[0] + 1})")
    for node in _found(LOADING, root):
        if node.type != "meta_property" or node.children[0].type == "import":  # the other one is new.target
            raise Refused(f"{REASONS[node.type]}, in its line {node.start_point[0] + 1}")
    # In a module, a<!--b compares a with !--b; anywhere else <!-- begins a comment.
    edits = [(node.start_byte, node.start_byte, b" ") for node in _found(NOT, root)
             if source[node.start_byte - 1: node.start_byte + 3] == b"<!--"]
    exports = {}
    for statement in root.children:
        if statement.type == "hash_bang_line":
            edits.append((statement.start_byte, statement.end_byte, b""))
        elif statement.type == "export_statement":
            edits += _export(statement, exports, _unused("book_default", text))
    for start, end, new in sorted(edits, reverse=True):
        source = source[:start] + new + source[end:]
    return source.decode("utf-8", "surrogatepass"), exports, _waits(root)


def _export(statement, exports, name):
    """Note what an export statement exports, and return the edits that leave only what it declares."""
    line = statement.start_point[0] + 1
    if statement.child_by_field_name("source"):
        raise Refused(f"it exports what another module has, in its line {line}")
    words = {child.type: child for child in statement.children}
    declaration, value = (statement.child_by_field_name(field) for field in ("declaration", "value"))
    edits = [(words["export"].start_byte, words["export"].end_byte, b"")]
    if "export_clause" in words:
        for specifier in words["export_clause"].named_children:
            if specifier.type == "export_specifier":
                local = specifier.child_by_field_name("name")
                alias = specifier.child_by_field_name("alias") or local
                exports[_name(alias)] = local.text.decode()
        return [(statement.start_byte, statement.end_byte, b";")]
    if value:
        exports["default"] = name
        edits.append((words["default"].start_byte, words["default"].end_byte, f"const {name} =".encode()))
        # `export default function () {}` ends with its brace, `const x = function () {}` does not: what
        # stands in the next line might go on with it.
        first = value
        while first.children and first.type not in ("function_expression", "generator_function", "class"):
            first = first.children[0]
        if first.children:
            edits.append((first.end_byte, first.end_byte, b";"))
    elif "default" in words:
        exports["default"] = declaration.child_by_field_name("name").text.decode()
        edits.append((words["default"].start_byte, words["default"].end_byte, b""))
    else:
        single = declaration.child_by_field_name("name")
        for local in [single] if single else _bound(declaration):
            exports[local.text.decode()] = local.text.decode()
    return edits


def _bound(node):
    """Yield the names that a declaration binds, also within patterns, but not those it only reads."""
    if node.type in ("identifier", "shorthand_property_identifier_pattern"):
        yield node
    read = {"variable_declarator": "value", "assignment_pattern": "right", "object_assignment_pattern": "right",
            "pair_pattern": "key"}.get(node.type)
    for i, child in enumerate(node.children):
        if child.is_named and (read is None or node.field_name_for_child(i) != read):
            yield from _bound(child)


def _waits(root):
    """Tell whether a module waits at its top level."""
    todo, waits = [root], False
    while todo:
        node = todo.pop()
        if node.type == "return_statement":
            raise Refused(f"{REASONS[node.type]} (its line {node.start_point[0] + 1})")
        waits = waits or node.type == "await_expression" or node.type == "for_in_statement" and any(
            child.type == "await" for child in node.children)
        todo += [child for child in node.children if child.type not in FUNCTIONS]
    return waits


def _found(query, root):
    return QueryCursor(query).captures(root).get("found", [])


def _first_error(node):
    while not (node.is_error or node.is_missing):
        node = next(child for child in node.children if child.has_error)
    return node


def _name(node):
    """Return the name of an export, which may be written as a string."""
    children = node.named_children
    return "".join(child.text.decode() for child in children) if node.type == "string" else node.text.decode()


def _unused(name, text):
    while name in text:
        name += "_"
    return name
