"""What all helpers have in common: they can be imported anywhere, and say what they do."""

import ast
import doctest
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import helpers

FOLDER = Path(helpers.__file__).parent
NAMES = sorted(module.name for module in pkgutil.walk_packages([str(FOLDER)], "helpers.")
               if not module.ispkg and not module.name.startswith("helpers.site"))
# Those that a page imports; the others serve them.
PAGES = "\n".join(page.read_text(encoding="utf-8") for page in sorted(FOLDER.parent.glob("chapters/en/*.md")))
# Functions and classes (constants are in capitals) that a page imports
USED = sorted({(module, name.strip())
               for module, names in re.findall(r"^from (helpers[\w.]*) import (.+)$", PAGES, re.MULTILINE)
               for name in names.split(",") if not name.strip().isupper() or name.strip() == "SGD"})


def source(name):
    return (FOLDER / f"{name.removeprefix('helpers.').replace('.', '/')}.py").read_text(encoding="utf-8")


def documented():
    """Yield a name and the syntax tree of every public function, class and method."""
    for name in NAMES:
        for node in ast.parse(source(name)).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
                yield f"{name}.{node.name}", node
                for method in getattr(node, "body", []) if isinstance(node, ast.ClassDef) else []:
                    if isinstance(method, ast.FunctionDef) and not method.name.startswith("_"):
                        yield f"{name}.{node.name}.{method.name}", method


DOCUMENTED = list(documented())


def raised(node):
    """The names of the errors that a function raises, itself or through the checks."""
    if isinstance(node, ast.ClassDef):  # a class speaks for its __init__
        node = next((part for part in node.body if getattr(part, "name", "") == "__init__"), ast.Pass())
    inner = list(ast.walk(node))
    errors = {part.exc.func.id for part in inner if isinstance(part, ast.Raise)}
    if {"checks", "rows_of"} & {part.id for part in inner if isinstance(part, ast.Name)}:
        errors |= {"TypeError", "ValueError"}
    return errors


def test_there_are_helpers():
    assert NAMES and DOCUMENTED  # or what follows would test nothing


@pytest.mark.parametrize("node", [node for _, node in DOCUMENTED], ids=[name for name, _ in DOCUMENTED])
def test_docstring_says_what_is_raised(node):
    text = ast.get_docstring(node)
    assert text, "no docstring"
    assert {error for error in raised(node) if error not in text} == set()


@pytest.mark.parametrize("module, name", USED)
def test_what_a_page_uses_names_the_section_that_explains_it(module, name):
    node = next(node for node in ast.parse(source(module)).body if getattr(node, "name", None) == name)
    section = re.search(r"Explained in `(sec-[\w-]+)` of the chapter", ast.get_docstring(node))
    assert section, f"the docstring of {name} names no section"
    explained = re.search(rf"^\(en-{section[1]}\)=$(.*?)(?=^\(en-sec|\Z)", PAGES, re.DOTALL | re.MULTILINE)
    assert explained, f"no page has {section[1]}"
    assert re.search(rf"\b{name}\b", explained[1]), f"{section[1]} does not speak of {name}"


@pytest.mark.parametrize("name", [name for name in NAMES if ">>>" in source(name)])
def test_examples_in_docstrings_run(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0 and result.failed == 0


def python(code, folder):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_helpers_are_found_from_any_folder(tmp_path):
    where = python(f"import helpers, {', '.join(NAMES)}; print(helpers.__file__)", tmp_path)
    assert Path(where.strip()).parent == FOLDER


@pytest.mark.parametrize("module", ["helpers", "helpers.site.build"])
def test_the_site_is_made_without_pytorch(module, tmp_path):
    assert python(f"import sys, {module}; print('torch' in sys.modules)", tmp_path) == "False\n"


def test_the_data_sets_are_loaded_only_when_asked_for(tmp_path):
    """pandas and scikit-learn take seconds, and most pages need one of them at most."""
    code = "import sys, helpers.houses, helpers.digits; print(*{'pandas', 'sklearn'} & set(sys.modules))"
    assert python(code, tmp_path).split() == []
