"""Scripts in fewer letters (helpers/site/terse.py)."""

import json
import re

import pytest
from py_mini_racer import MiniRacer

from helpers.site.quickly import ASKED
from helpers.site.terse import for_readers, terse
from tests.notebooks import ROOT

TRICKY = r"""
// a comment
const a = 1; /* another */ const b = 2; // the end
const url = "http://x.y/* no comment */"; const re = /\/\/ [/*"`]  +/g;
const text = `  // no comment
   /* nor this */  ${a + /* but this */ b}  ${`in  ${ "a  //  b" }  it`}
  end  `;
function f() {
  return /* a line
  ends here */ 5;
}
let i = 1, j = 1;
const sum = i + +j, difference = i - -j, less = i < !--j;
const chosen = i ? .5 : 1, power = 2 ** 3, maybe = null ?? [i]?.[0];
const late = a
  + b
const label = { in: "x  y", "of  it": 1 };
JSON.stringify([a, b, url, String(re), text, f() ?? "nothing", sum, difference, less, chosen, power, maybe, late, label]);
"""


def test_it_does_the_same():
    short = terse(TRICKY)
    with MiniRacer() as one, MiniRacer() as other:
        assert other.eval(short) == one.eval(TRICKY)
    assert "comment\n" not in re.sub("`.*`", "", short, flags=re.DOTALL) and "another" not in short and "ends here" not in short
    assert "but this" not in short.replace("${", "") or "/* but this */" in short  # a template stays as it is
    assert len(short) < len(TRICKY)


@pytest.mark.parametrize("path", sorted((ROOT / "helpers").rglob("*.js")), ids=lambda path: path.name)
def test_of_our_scripts_the_tokens_stay(path):
    script = path.read_text(encoding="utf-8")
    short = terse(script)
    assert tokens(short) == tokens(script) and len(short) < len(script) and terse(short) == short


def tokens(script):
    """Return what a script is to the language: its tokens, as the parser sees them."""
    from tree_sitter import Parser

    from helpers.site.terse import LANGUAGE

    found, todo = [], [Parser(LANGUAGE).parse(script.encode()).root_node]
    while todo:
        node = todo.pop()
        if node.type in ("string", "template_string", "regex") or not node.children:
            found += [node.text] if node.type not in ("comment", "\n") else []
        else:
            todo += node.children
    return found


def test_what_does_not_parse_is_refused():
    with pytest.raises(ValueError, match="script must be JavaScript that parses"):
        terse("const = 1;")


def test_json_of_any_text_survives():
    said = json.dumps("  // </script> /* */ `${x}`  ")
    assert terse(f"const  words  =  {{ a: {said} }};") == f"const  words={{a:{said}}};"


def test_make_live_does_not_wait_for_it(monkeypatch):
    monkeypatch.delenv(ASKED, raising=False)
    assert for_readers(TRICKY) == terse(TRICKY)
    monkeypatch.setenv(ASKED, "1")
    assert for_readers(TRICKY) == TRICKY
