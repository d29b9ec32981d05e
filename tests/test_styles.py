"""Style sheets without the rules that no page needs."""

import pytest

from helpers.site.styles import is_needed, pruned, words_of

WORDS = {"html", "body", "root", "p", "a", "div", "here", "also-here", "id", "href", "class", "from", "to"}


@pytest.mark.parametrize("selector", [
    "p", ".here", "p.here > a", "#id", "*", ":root", "::selection", "a:hover::after", "p:nth-child(2n + 1)", 'a[href^="http://"]', "a[href*=gone]",
    ".here:not(.gone)", ":is(.gone, .here) p", ":where(.gone:not(.here))", "html[data-reader=ko] p", ".also-here:has(> .gone)"])
def test_a_rule_that_may_match_stays(selector):
    assert is_needed(selector, WORDS)
    assert pruned(f"{selector} {{ color: red }}", WORDS).startswith(f"{selector}{{color: red}}")


@pytest.mark.parametrize("selector", [".gone", "p.gone", ".here .gone", "#gone", "gone", "a[gone]", ".gone:hover", ".gone:not(.here)", ".here-not"])
def test_a_rule_that_cannot_match_goes(selector):
    assert not is_needed(selector, WORDS)
    assert pruned(f"{selector} {{ color: red }} p {{ color: blue }}", WORDS) == "p{color: blue}\n"


def test_of_several_selectors_those_stay_that_may_match():
    assert pruned(".gone, p:is(.x, .y), .gone a, a[href='a,b'] { top: 0 }", WORDS) == 'p:is(.x, .y),a[href="a,b"]{top: 0}\n'


def test_rules_for_some_screens_go_with_what_is_in_them():
    text = "@media print { .gone { top: 0 } a:hover { top: 1px } } @media (width > 3px) { .gone { top: 0 } }"
    assert pruned(text, WORDS) == "@media print {a:hover{top: 1px}\n}\n"


def test_fonts_and_movements_stay_but_for_the_icons():
    text = ("@font-face{font-family:A;src:url(a.woff2)}@font-face{font-family:B;src:url(../vendor/fontawesome/b.woff2)}"
            "@keyframes turn{from{top:0}to{top:1px}}@charset 'utf-8';")
    found = pruned(text, WORDS)
    assert "a.woff2" in found and "fontawesome" not in found and "@keyframes turn{from{top:0}to{top:1px}}" in found


def test_a_style_sheet_that_is_none_is_told():
    with pytest.raises(ValueError, match="must be CSS"):
        pruned("p { top: 0 } }", WORDS)


def test_words_are_those_of_pages_and_scripts(tmp_path):
    (tmp_path / "a.html").write_text('<p class="one two-three">', encoding="utf-8")
    (tmp_path / "b.js").write_text('e.classList.add("four")', encoding="utf-8")
    (tmp_path / "c.css").write_text(".five {}", encoding="utf-8")
    found = words_of(tmp_path)
    assert {"one", "two-three", "four"} <= found and "five" not in found


def test_the_site_has_no_rule_for_what_is_not_there(site):
    sheets = "".join(path.read_text(encoding="utf-8") for path in (site / "_static").glob("*.css"))
    assert ".bd-article" in sheets and ".fa-rocket" not in sheets
